import { type Wait, waits } from './bins.ts';
import { type Frame, faultBands, plot } from './chart-frame.ts';
import type { Course } from './course.ts';
import { duration, rounded, WIDTH } from './time-axis.ts';

const HEIGHT = 170;
const LEAST_MS = 10;
const DECADE = 10;

/** How long players had waited, on a scale in which each line is ten times the one below. */
export function waitChart(course: Course, frame: Frame, mostMs: number | null): string {
  const all = waits(course, frame.bins);
  const known = all.filter((wait) => wait !== null);
  const highest = Math.max(mostMs ?? 0, 1_000, ...known.map(({ maxMs }) => maxMs));
  const decades = Math.ceil(Math.log10(highest / LEAST_MS));
  const y = (ms: number): number =>
    rounded(HEIGHT * (1 - Math.max(0, Math.log10(Math.max(LEAST_MS, ms) / LEAST_MS)) / decades));
  const grid = Array.from({ length: decades }, (_, at) => LEAST_MS * DECADE ** at);
  const gridLines = grid.map((ms) => `<path class="grid" d="M0 ${y(ms)}H${WIDTH}"/>`).join('');
  const drawn = pieces(all).map((piece) => drawnPiece(piece, all.length, y));
  const bound = mostMs === null ? '' : `<path class="bound" d="M0 ${y(mostMs)}H${WIDTH}"/>`;
  const labels = grid.map((ms) => scaleLabel(duration(ms), y(ms)));
  if (mostMs !== null) labels.push(boundLabel(`target of the longest: ${duration(mostMs)}`, y(mostMs)));
  const label = `waits for an acknowledgement, at most ${duration(Math.max(0, ...known.map(({ maxMs }) => maxMs)))}`;
  return plot(
    { height: HEIGHT, label },
    faultBands(frame, HEIGHT) + gridLines + drawn.join('') + bound,
    labels.join(''),
  );
}

interface At {
  readonly at: number;
  readonly wait: Wait;
}

/** Runs without a hole. */
function pieces(all: readonly (Wait | null)[]): At[][] {
  const found: At[][] = [];
  all.forEach((wait, at) => {
    if (wait === null) return;
    if (at === 0 || all[at - 1] === null) found.push([]);
    found.at(-1)?.push({ at, wait });
  });
  return found;
}

function drawnPiece(piece: readonly At[], count: number, y: (ms: number) => number): string {
  const x = (at: number): number => rounded(((at + 0.5) * WIDTH) / count);
  const along = (of: keyof Wait) => piece.map(({ at, wait }) => `${x(at)} ${y(wait[of])}`);
  const area = [...along('maxMs'), ...along('p50Ms').reverse()].join('L');
  return [
    `<path class="spread" d="M${area}z"/>`,
    `<path class="p50" d="M${along('p50Ms').join('L')}"/>`,
    `<path class="p99" d="M${along('p99Ms').join('L')}"/>`,
  ].join('');
}

function scaleLabel(label: string, y: number): string {
  return `<span class="scale" style="top:${y}px">${label}</span>`;
}

function boundLabel(label: string, y: number): string {
  return `<span class="scale right" style="top:${y}px">${label}</span>`;
}
