import type { Vec2, WorldMap } from '@lifeverse/definition';

/** Half the width of a body and some more: who cuts a corner a little must not stick to it. A metre's gap is still one. */
const BODY_MM = 470;
/** How far around one looks for a way, metres; what is farther is gone towards. */
const REACH_M = 48;
const SIDE = 2 * REACH_M + 1;

/**
 * Where to walk to get from one point to another around what stands between: the corners of a shortest way over square
 * metres, the last of them as near to the goal as one can stand. Null when there is none within reach.
 */
export function findWay(map: WorldMap, from: Vec2, to: Vec2): Vec2[] | null {
  if (clear(map, from, to)) return [to];
  const left = Math.floor(from.x) - REACH_M;
  const low = Math.floor(from.y) - REACH_M;
  const tiles = flood(map, left, low);
  const goal = nearestReached(tiles, to.x - left, to.y - low);
  if (goal === tiles.start) return null;
  const middles: Vec2[] = [];
  for (let at = goal; at !== tiles.start; at = tiles.cameFrom[at] as number) {
    middles.unshift({ x: left + (at % SIDE) + 0.5, y: low + Math.floor(at / SIDE) + 0.5 });
  }
  const last = middles.at(-1) as Vec2;
  if (clear(map, last, to)) middles.push(to);
  return straightened(map, from, middles);
}

interface Flood {
  readonly start: number;
  /** The tile before each that was reached; -1 for those that were not. */
  readonly cameFrom: Int32Array;
}

/** Every tile that can be walked to, over sides and over corners with nothing at either side. */
function flood(map: WorldMap, left: number, low: number): Flood {
  const open = new Int8Array(SIDE * SIDE).fill(-1);
  const isOpen = (tile: number): boolean => {
    if (open[tile] === -1) {
      const x = left + (tile % SIDE) + 0.5;
      const y = low + Math.floor(tile / SIDE) + 0.5;
      open[tile] = map.fits(x * 1_000, y * 1_000, BODY_MM) ? 1 : 0;
    }
    return open[tile] === 1;
  };
  const cameFrom = new Int32Array(SIDE * SIDE).fill(-1);
  const start = REACH_M * SIDE + REACH_M;
  const queue = [start];
  cameFrom[start] = start;
  for (let head = 0; head < queue.length; head++) {
    const at = queue[head] as number;
    const x = at % SIDE;
    const visit = (next: number): void => {
      if (cameFrom[next] !== -1 || !isOpen(next)) return;
      cameFrom[next] = at;
      queue.push(next);
    };
    const [west, east, south, north] = [x > 0, x < SIDE - 1, at >= SIDE, at < SIDE * (SIDE - 1)];
    if (west) visit(at - 1);
    if (east) visit(at + 1);
    if (south) visit(at - SIDE);
    if (north) visit(at + SIDE);
    for (const [dx, okX] of [
      [-1, west],
      [1, east],
    ] as const) {
      for (const [dy, okY] of [
        [-SIDE, south],
        [SIDE, north],
      ] as const) {
        if (okX && okY && isOpen(at + dx) && isOpen(at + dy)) visit(at + dx + dy);
      }
    }
  }
  return { start, cameFrom };
}

function nearestReached({ start, cameFrom }: Flood, x: number, y: number): number {
  let best = start;
  let bestDistance = Number.POSITIVE_INFINITY;
  cameFrom.forEach((before, tile) => {
    if (before === -1) return;
    const dx = (tile % SIDE) + 0.5 - x;
    const dy = Math.floor(tile / SIDE) + 0.5 - y;
    if (dx * dx + dy * dy < bestDistance) [best, bestDistance] = [tile, dx * dx + dy * dy];
  });
  return best;
}

/** Leaves out every corner that can be cut. */
function straightened(map: WorldMap, from: Vec2, points: readonly Vec2[]): Vec2[] {
  const kept: Vec2[] = [];
  let at = from;
  for (let i = 0; i < points.length; ) {
    let reach = i;
    while (reach + 1 < points.length && clear(map, at, points[reach + 1] as Vec2)) reach++;
    at = points[reach] as Vec2;
    kept.push(at);
    i = reach + 1;
  }
  return kept;
}

function clear(map: WorldMap, from: Vec2, to: Vec2): boolean {
  const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 0.25);
  for (let i = 1; i <= steps; i++) {
    const x = from.x + ((to.x - from.x) * i) / steps;
    const y = from.y + ((to.y - from.y) * i) / steps;
    if (!map.fits(Math.round(x * 1_000), Math.round(y * 1_000), i === steps ? 300 : BODY_MM)) return false;
  }
  return true;
}
