import type { Building } from '@lifeverse/town/decor';
import { type Brush, box, line, polygon, rounded } from './canvas.ts';
import { darker, lighter, palette, roofs, trims, walls } from './palette.ts';
import type { Patterns } from './patterns.ts';

/** How far roofs reach over the front and over the northern edge of the footprint, metres. */
const EAVE_M = 0.35;
export const ROOF_BEHIND_M = 0.7;

/** Light comes from the upper left: western and southern slopes are bright, eastern and northern ones dark. */
export function paintRoof(brush: Brush, it: Building, patterns: Patterns): void {
  const colour = roofs[it.roof] as string;
  const slope: Slope = (shade, ...corners) => {
    polygon(brush, shade, ...corners);
    polygon(brush, patterns.tiles, ...corners);
  };
  const left = it.x - EAVE_M;
  const right = it.x + it.w + EAVE_M;
  const eave = it.y + it.frontM - EAVE_M;
  const back = it.y + it.h + ROOF_BEHIND_M;
  if (it.roofShape === 'gable') gable(brush, it, slope, colour, { left, right, eave, back });
  else if (it.roofShape === 'hip') hip(brush, slope, colour, { left, right, eave, back });
  else across(brush, slope, colour, { left, right, eave, back });
  if (it.dormer) dormer(brush, it, patterns, colour, eave);
  if (it.chimneyM !== null) chimney(brush, it.x + it.chimneyM, back - 1.3);
}

interface Extent {
  readonly left: number;
  readonly right: number;
  readonly eave: number;
  readonly back: number;
}
/** Fills a slope with a shade of the roof's colour, and tiles on it. */
type Slope = (shade: string, ...corners: number[]) => void;

function ridgeLine(brush: Brush, colour: string, ...points: number[]): void {
  brush.lineCap = 'round';
  line(brush, 0.24, darker(colour, 0.22), ...points);
  line(brush, 0.14, lighter(colour, 0.3), ...points);
}

function eaveLine(brush: Brush, left: number, right: number, y: number, colour: string): void {
  box(brush, left, y - 0.1, right - left, 0.14, darker(colour, 0.38));
}

function across(brush: Brush, slope: Slope, colour: string, { left, right, eave, back }: Extent): void {
  const ridge = eave + (back - eave) * 0.66;
  slope(colour, left, eave, right, eave, right, ridge, left, ridge);
  slope(darker(colour, 0.2), left, ridge, right, ridge, right, back, left, back);
  box(brush, left, eave, 0.3, ridge - eave, 'rgba(255,246,221,0.2)');
  box(brush, right - 0.3, eave, 0.3, back - eave, 'rgba(58,42,74,0.16)');
  eaveLine(brush, left, right, eave, colour);
  ridgeLine(brush, colour, left + 0.1, ridge, right - 0.1, ridge);
}

function hip(brush: Brush, slope: Slope, colour: string, { left, right, eave, back }: Extent): void {
  const ridge = eave + (back - eave) * 0.62;
  const inset = Math.min((right - left) / 2 - 0.2, (back - eave) * 0.42);
  const west = left + inset;
  const east = right - inset;
  slope(darker(colour, 0.24), left, back, right, back, east, ridge, west, ridge);
  slope(lighter(colour, 0.14), left, eave, west, ridge, left, back);
  slope(darker(colour, 0.16), right, eave, east, ridge, right, back);
  slope(colour, left, eave, right, eave, east, ridge, west, ridge);
  eaveLine(brush, left, right, eave, colour);
  for (const [x, top] of [
    [left, west],
    [right, east],
  ] as const) {
    line(brush, 0.12, lighter(colour, 0.22), x, eave, top, ridge, x, back);
  }
  ridgeLine(brush, colour, west, ridge, east, ridge);
}

function gable(brush: Brush, it: Building, slope: Slope, colour: string, { left, right, eave, back }: Extent): void {
  const rise = Math.min(1.9, it.w * 0.24);
  const middle = it.x + it.w / 2;
  const front = it.y + it.frontM;
  const peak = front + rise;
  const end = back - 0.1;
  polygon(brush, walls[it.wall] as string, it.x, front - 0.05, it.x + it.w, front - 0.05, middle, peak);
  if (it.timber) {
    line(brush, 0.14, palette.woodDark, middle, front, middle, peak - 0.2);
    line(brush, 0.12, palette.woodDark, it.x + it.w * 0.25, front + rise * 0.4, it.x + it.w * 0.75, front + rise * 0.4);
  }
  // The back of the roof reaches the northern edge at full width, so that no ground shows between eave and edge.
  slope(lighter(colour, 0.08), left, eave, middle, peak, middle, end, left, end);
  slope(darker(colour, 0.15), right, eave, middle, peak, middle, end, right, end);
  polygon(
    brush,
    walls[it.wall] as string,
    it.x + 0.25,
    front - 0.2,
    it.x + it.w - 0.25,
    front - 0.2,
    middle,
    peak - 0.45,
  );
  if (it.kind === 'house') {
    rounded(brush, middle - 0.32, front + 0.1, 0.64, 0.66, 0.3, '#fffaf0');
    rounded(brush, middle - 0.24, front + 0.17, 0.48, 0.52, 0.24, '#7fa6b8');
  }
  for (const [from, to] of [
    [left, lighter(colour, 0.3)],
    [right, darker(colour, 0.1)],
  ] as const) {
    line(brush, 0.26, darker(trims[it.trim] as string, 0.25), from, eave + 0.05, middle, peak + 0.05);
    line(brush, 0.13, to, from, eave + 0.1, middle, peak + 0.1);
  }
  ridgeLine(brush, colour, middle, peak, middle, end - 0.1);
}

function dormer(brush: Brush, it: Building, patterns: Patterns, colour: string, eave: number): void {
  const spread = it.w > 9 ? [0.25, 0.75] : [0.5];
  for (const at of spread) {
    const x = it.x + it.w * at;
    const y = eave + 0.7;
    box(brush, x + 0.5, y - 0.15, 0.5, 1.3, 'rgba(58,42,74,0.22)');
    box(brush, x - 0.6, y, 1.2, 0.95, walls[it.wall] as string);
    rounded(brush, x - 0.38, y + 0.1, 0.76, 0.72, 0.08, '#fffaf0');
    rounded(brush, x - 0.3, y + 0.17, 0.6, 0.58, 0.06, '#7fa6b8');
    line(brush, 0.05, '#fffaf0', x, y + 0.17, x, y + 0.75);
    for (const [half, shade] of [
      [-0.85, lighter(colour, 0.1)],
      [0.85, darker(colour, 0.14)],
    ] as const) {
      polygon(brush, shade, x + half, y + 0.75, x, y + 1.5, x, y + 2, x + half, y + 1.35);
      polygon(brush, patterns.tiles, x + half, y + 0.75, x, y + 1.5, x, y + 2, x + half, y + 1.35);
    }
    line(brush, 0.1, darker(colour, 0.35), x - 0.85, y + 0.78, x, y + 1.52, x + 0.85, y + 0.78);
  }
}

function chimney(brush: Brush, x: number, y: number): void {
  polygon(brush, 'rgba(58,42,74,0.22)', x + 0.4, y, x + 1.1, y - 0.35, x + 1.1, y + 0.5, x + 0.4, y + 0.9);
  box(brush, x - 0.4, y, 0.8, 1.15, '#a8604a');
  box(brush, x + 0.12, y, 0.28, 1.15, '#8c4e41');
  for (let i = 1; i < 4; i++) line(brush, 0.03, 'rgba(255,240,220,0.35)', x - 0.4, y + i * 0.28, x + 0.4, y + i * 0.28);
  rounded(brush, x - 0.5, y + 1.05, 1, 0.24, 0.05, palette.stoneDark);
  rounded(brush, x - 0.28, y + 1.18, 0.56, 0.16, 0.05, palette.ink);
}
