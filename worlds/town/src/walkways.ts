import { assert } from '@lifeverse/base';
import type { TownPlan } from './plan.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

interface Way {
  readonly to: number;
  readonly lengthM: number;
  /** How far off the middle one can walk all along without touching anything, metres. */
  readonly slackM: number;
}

/** As far as two points see each other for a way between them, metres. */
const REACH_M = 42;
/** The half width of who walks, and half widths that a way may have, narrowest first. */
const BODY_M = 0.36;
/** Who was pushed against a wall still finds away from it. */
const SQUEEZED_M = 0.3;
const HALF_WIDTHS_M = [BODY_M, 0.8, 1.3, 2] as const;
const CELL_M = 21;

/**
 * The town as points in the open and straight clear ways between them: crossings, alleys, paths and all the places
 * where one stops. Found once, from the map itself, so that whoever keeps to the ways never meets a wall.
 */
export class Walkways {
  readonly points: readonly Point[];
  readonly #ways: Way[][];
  readonly #grid = new Map<number, number[]>();
  readonly #plan: TownPlan;
  readonly #connected: Uint8Array;

  constructor(plan: TownPlan) {
    this.#plan = plan;
    this.points = distinct([...plan.places, ...plan.ways]);
    this.points.forEach((point, index) => {
      const key = cellOf(point.x, point.y);
      const cell = this.#grid.get(key);
      if (cell === undefined) this.#grid.set(key, [index]);
      else cell.push(index);
    });
    this.#ways = this.points.map(() => []);
    for (let index = 0; index < this.points.length; index++) this.#connect(index);
    this.#connected = this.#largestPart();
  }

  /** Point that stands for a place: the place itself, or one within arm's length of it; -1 when no way leads there. */
  indexOf(place: Point): number {
    let best = -1;
    let bestDistance = 1.5 * 1.5;
    for (const index of this.#near(place.x, place.y)) {
      const distance = squared(this.points[index] as Point, place);
      if (distance < bestDistance && this.#connected[index] === 1) [best, bestDistance] = [index, distance];
    }
    return best;
  }

  /** The nearest point one can walk to in a straight line; -1 where there is none. */
  nearest(from: Point): number {
    const candidates = [...this.#near(from.x, from.y)].filter((index) => this.#connected[index] === 1);
    candidates.sort((a, b) => squared(this.points[a] as Point, from) - squared(this.points[b] as Point, from));
    for (const index of candidates) if (this.#clear(from, this.points[index] as Point, SQUEEZED_M)) return index;
    return -1;
  }

  /**
   * Where to walk to come from one point to another: along the right-hand side, `lane` metres off the middle where
   * there is room. Undefined when no way leads there.
   */
  route(from: number, to: number, lane: number): Point[] | undefined {
    const steps = this.#shortest(from, to);
    if (steps === undefined) return undefined;
    return steps.map((index, i) => {
      const point = this.points[index] as Point;
      const before = steps[i - 1];
      const after = steps[i + 1];
      if (before === undefined || after === undefined) return point;
      const slack = Math.min(this.#slack(before, index), this.#slack(index, after));
      const aside = Math.min(lane, slack - BODY_M);
      if (aside <= 0) return point;
      const way = {
        x: (this.points[after] as Point).x - (this.points[before] as Point).x,
        y: (this.points[after] as Point).y - (this.points[before] as Point).y,
      };
      const length = Math.sqrt(way.x * way.x + way.y * way.y);
      return length < 0.1 ? point : { x: point.x + (way.y / length) * aside, y: point.y - (way.x / length) * aside };
    });
  }

  #slack(from: number, to: number): number {
    return (this.#ways[from] as Way[]).find((way) => way.to === to)?.slackM ?? 0;
  }

  *#near(x: number, y: number): Generator<number> {
    for (let dy = -2; dy <= 2; dy++) {
      for (let dx = -2; dx <= 2; dx++) yield* this.#grid.get(cellOf(x + dx * CELL_M, y + dy * CELL_M)) ?? [];
    }
  }

  /** Ways to the points in sight, but not behind another in nearly the same direction. */
  #connect(index: number): void {
    const from = this.points[index] as Point;
    const seen: { to: number; distance: number }[] = [];
    for (const to of this.#near(from.x, from.y)) {
      const distance = Math.sqrt(squared(from, this.points[to] as Point));
      if (to !== index && distance <= REACH_M) seen.push({ to, distance });
    }
    seen.sort((a, b) => a.distance - b.distance);
    const directions: { x: number; y: number }[] = [];
    for (const { to, distance } of seen) {
      const point = this.points[to] as Point;
      const direction = { x: (point.x - from.x) / distance, y: (point.y - from.y) / distance };
      if (directions.some((it) => it.x * direction.x + it.y * direction.y > 0.97)) continue;
      const slackM = this.#widest(from, point);
      if (slackM === 0) continue;
      directions.push(direction);
      this.#link(index, to, distance, slackM);
      this.#link(to, index, distance, slackM);
    }
  }

  #link(from: number, to: number, lengthM: number, slackM: number): void {
    const ways = this.#ways[from] as Way[];
    if (ways.every((way) => way.to !== to)) ways.push({ to, lengthM, slackM });
  }

  /** The greatest half width that is clear all along; 0 when not even a body fits. */
  #widest(from: Point, to: Point): number {
    let widest = 0;
    for (const half of HALF_WIDTHS_M) {
      if (!this.#clear(from, to, half)) break;
      widest = half;
    }
    return widest;
  }

  /** What cannot be reached from most of the town is no part of it: a gap between two wells, a walled-in doorstep. */
  #largestPart(): Uint8Array {
    let largest: number[] = [];
    const seen = new Uint8Array(this.points.length);
    for (let start = 0; start < this.points.length; start++) {
      if (seen[start] === 1) continue;
      seen[start] = 1;
      const part = [start];
      for (const at of part) {
        for (const { to } of this.#ways[at] as Way[]) {
          if (seen[to] === 0) part.push(to);
          seen[to] = 1;
        }
      }
      if (part.length > largest.length) largest = part;
    }
    const inLargest = new Uint8Array(this.points.length);
    for (const index of largest) inLargest[index] = 1;
    return inLargest;
  }

  #clear(from: Point, to: Point, halfM: number): boolean {
    const { map } = this.#plan;
    const distance = Math.sqrt(squared(from, to));
    const steps = Math.max(1, Math.ceil(distance / 0.5));
    for (let i = 0; i <= steps; i++) {
      const x = Math.round((from.x + ((to.x - from.x) * i) / steps) * 1_000);
      const y = Math.round((from.y + ((to.y - from.y) * i) / steps) * 1_000);
      if (!map.fits(x, y, Math.round(halfM * 1_000))) return false;
    }
    return true;
  }

  /** A* with a binary heap; the straight line is the estimate. */
  #shortest(from: number, to: number): number[] | undefined {
    const goal = this.points[to];
    assert(goal !== undefined && this.points[from] !== undefined, 'walkways: a point that is not there');
    const cameFrom = new Map<number, number>([[from, -1]]);
    const cost = new Map<number, number>([[from, 0]]);
    const heap = new Frontier();
    heap.push(from, 0);
    for (let at = heap.pop(); at !== undefined; at = heap.pop()) {
      if (at === to) {
        const steps: number[] = [];
        for (let step = at; step >= 0; step = cameFrom.get(step) as number) steps.push(step);
        return steps.reverse();
      }
      const base = cost.get(at) as number;
      for (const way of this.#ways[at] as Way[]) {
        const next = base + way.lengthM;
        if (next >= (cost.get(way.to) ?? Number.POSITIVE_INFINITY)) continue;
        cost.set(way.to, next);
        cameFrom.set(way.to, at);
        heap.push(way.to, next + Math.sqrt(squared(this.points[way.to] as Point, goal)));
      }
    }
    return undefined;
  }
}

/** Smallest first. */
class Frontier {
  readonly #items: { item: number; rank: number }[] = [];

  push(item: number, rank: number): void {
    const items = this.#items;
    let at = items.length;
    items.push({ item, rank });
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] as { item: number; rank: number };
      if (above.rank <= rank) break;
      items[at] = above;
      at = parent;
    }
    items[at] = { item, rank };
  }

  pop(): number | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined) return undefined;
    let at = 0;
    while (items.length > 0) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      const right = items[child + 1];
      if (right !== undefined && right.rank < (items[child] as { rank: number }).rank) child++;
      if ((items[child] as { rank: number }).rank >= last.rank) break;
      items[at] = items[child] as { item: number; rank: number };
      at = child;
    }
    if (items.length > 0) items[at] = last;
    return top.item;
  }
}

function cellOf(x: number, y: number): number {
  return Math.floor(y / CELL_M) * 65_536 + Math.floor(x / CELL_M);
}

function squared(a: Point, b: Point): number {
  return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

/** Points that are not nearly the same; the first of those that are stays. */
function distinct(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  const cells = new Map<number, Point[]>();
  for (const { x, y } of points) {
    const key = Math.floor(y) * 65_536 + Math.floor(x);
    const cell = cells.get(key) ?? [];
    cells.set(key, cell);
    if (cell.some((it) => squared(it, { x, y }) < 0.49)) continue;
    cell.push({ x, y });
    kept.push({ x, y });
  }
  return kept;
}
