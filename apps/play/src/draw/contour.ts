/**
 * The outline of a set of unit tiles as smooth closed curves: through the middles of the tiles' sides, corners
 * rounded; stairs become slopes, straight edges stay straight.
 */
export function contourOf(
  inside: (x: number, y: number) => boolean,
  area: { x: number; y: number; w: number; h: number },
  winding = false,
): Path2D {
  const path = new Path2D();
  for (const loop of loopsOf(inside, area)) smooth(path, winding ? relaxed(loop) : loop);
  return path;
}

/** How far, in tiles, a relaxed outline looks to either side: the area must reach that much beyond what is shown. */
export const RELAX = 3;

/** Every corner drawn towards the mean of its neighbours: for paths and ponds, which have no straight edges. */
function relaxed(loop: readonly Point[]): Point[] {
  const count = loop.length;
  return loop.map((_, i) => {
    let x = 0;
    let y = 0;
    let weights = 0;
    for (let d = -RELAX; d <= RELAX; d++) {
      const weight = RELAX + 1 - Math.abs(d);
      const point = loop[(((i + d) % count) + count) % count] as Point;
      x += point[0] * weight;
      y += point[1] * weight;
      weights += weight;
    }
    return [x / weights, y / weights];
  });
}

type Point = readonly [number, number];

/** Follows the sides of the tiles, inside to the left; tiles beyond the area count as outside. */
export function loopsOf(
  inside: (x: number, y: number) => boolean,
  area: { x: number; y: number; w: number; h: number },
): Point[][] {
  const within = (x: number, y: number): boolean =>
    x >= area.x && y >= area.y && x < area.x + area.w && y < area.y + area.h && inside(x, y);
  const width = area.w + 2;
  const key = (x: number, y: number): number => (y - area.y + 1) * width + (x - area.x + 1);
  // A side leaves each of its corners at most once in a direction: 0 east, 1 north, 2 west, 3 south.
  const sides = new Map<number, number>();
  const add = (x: number, y: number, direction: number): void => {
    const at = key(x, y);
    sides.set(at, (sides.get(at) ?? 0) | (1 << direction));
  };
  for (let y = area.y; y < area.y + area.h; y++) {
    for (let x = area.x; x < area.x + area.w; x++) {
      if (!within(x, y)) continue;
      if (!within(x, y - 1)) add(x, y, 0);
      if (!within(x + 1, y)) add(x + 1, y, 1);
      if (!within(x, y + 1)) add(x + 1, y + 1, 2);
      if (!within(x - 1, y)) add(x, y + 1, 3);
    }
  }
  const loops: Point[][] = [];
  for (const [start, first] of sides) {
    if (first === 0) continue;
    const loop: Point[] = [];
    let at = start;
    let from = -1;
    for (;;) {
      const left = sides.get(at) ?? 0;
      if (left === 0) break;
      const direction = nextDirection(left, from);
      sides.set(at, left & ~(1 << direction));
      const x = (at % width) + area.x - 1;
      const y = Math.floor(at / width) + area.y - 1;
      loop.push([x, y]);
      at += direction === 0 ? 1 : direction === 1 ? width : direction === 2 ? -1 : -width;
      from = direction;
    }
    loops.push(loop);
  }
  return loops;
}

/** Where two tiles touch at a corner only, turning left keeps their outlines apart. */
function nextDirection(left: number, from: number): number {
  if (from >= 0) for (const turn of [1, 0, 3]) if ((left & (1 << ((from + turn) & 3))) !== 0) return (from + turn) & 3;
  return left & 1 ? 0 : left & 2 ? 1 : left & 4 ? 2 : 3;
}

function smooth(path: Path2D, loop: readonly Point[]): void {
  const count = loop.length;
  for (let i = 0; i <= count; i++) {
    const corner = loop[i % count] as Point;
    const next = loop[(i + 1) % count] as Point;
    const x = (corner[0] + next[0]) / 2;
    const y = (corner[1] + next[1]) / 2;
    if (i === 0) path.moveTo(x, y);
    else path.quadraticCurveTo(corner[0], corner[1], x, y);
  }
  path.closePath();
}
