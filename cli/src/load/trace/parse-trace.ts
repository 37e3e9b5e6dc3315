/** One recorded mover: where it was when, in order of time. */
export interface TraceTrack {
  readonly id: string;
  readonly tS: Float64Array;
  readonly xM: Float64Array;
  readonly yM: Float64Array;
}

export interface Trace {
  /** In the order in which their ids first appear; at least one, none of them empty. */
  readonly tracks: readonly TraceTrack[];
}

/** A trace that cannot be used; the message names the line. */
export class TraceProblem extends Error {
  override readonly name = 'TraceProblem';
  constructor(line: number, what: string) {
    super(`line ${line}: ${what}`);
  }
}

const HEADER = 't_s,id,x_m,y_m';
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const LARGEST = 1e9;
const LONGEST_ID = 128;
const SHOWN_CHARS = 40;

interface Point {
  readonly t: number;
  readonly x: number;
  readonly y: number;
}

/**
 * Reads recorded movement: CSV behind the header `t_s,id,x_m,y_m`. Lines may come in any order, at any rate and with
 * gaps; blank ones are left out, and of two for the same id and time the later one counts. Throws a TraceProblem.
 */
export function parseTrace(text: string): Trace {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const header = lines[0] as string;
  if (header.replaceAll(/\s/g, '') !== HEADER)
    throw new TraceProblem(1, `the header is ${HEADER}, not ${JSON.stringify(shortened(header))}`);
  const points = new Map<string, Point[]>();
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] as string;
    if (line.trim() === '') continue;
    const { id, point } = parseLine(line, i + 1);
    const known = points.get(id);
    if (known === undefined) points.set(id, [point]);
    else known.push(point);
  }
  if (points.size === 0) throw new TraceProblem(2, 'there is nothing behind the header');
  return { tracks: [...points].map(([id, list]) => trackOf(id, list)) };
}

function parseLine(line: string, number: number): { readonly id: string; readonly point: Point } {
  const fields = line.split(',');
  if (fields.length !== 4) throw new TraceProblem(number, `${fields.length} fields instead of 4`);
  const [t, id, x, y] = fields.map((field) => field.trim()) as [string, string, string, string];
  if (id === '') throw new TraceProblem(number, 'id is empty');
  if (id.length > LONGEST_ID) throw new TraceProblem(number, `id is longer than ${LONGEST_ID} characters`);
  const point = {
    t: parseNumber(t, 't_s', number),
    x: parseNumber(x, 'x_m', number),
    y: parseNumber(y, 'y_m', number),
  };
  return { id, point };
}

function parseNumber(text: string, name: string, line: number): number {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw new TraceProblem(line, `${name} is no number: ${JSON.stringify(shortened(text))}`);
  if (Math.abs(value) > LARGEST) throw new TraceProblem(line, `${name} is beyond ${LARGEST.toLocaleString('en')}`);
  return value;
}

function shortened(text: string): string {
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}...` : text;
}

function trackOf(id: string, points: readonly Point[]): TraceTrack {
  const last = new Map(points.map((point) => [point.t, point]));
  const sorted = [...last.values()].sort((a, b) => a.t - b.t);
  return {
    id,
    tS: Float64Array.from(sorted, (point) => point.t),
    xM: Float64Array.from(sorted, (point) => point.x),
    yM: Float64Array.from(sorted, (point) => point.y),
  };
}
