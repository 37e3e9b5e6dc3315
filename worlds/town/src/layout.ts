import type { Random } from '@lifeverse/base';
import type { Rect } from './site.ts';

export type BlockKind = 'houses' | 'square' | 'market' | 'park' | 'plaza' | 'orchard' | 'chapel';

export interface Block extends Rect {
  kind: BlockKind;
}

/** Streets that run from east to west without a break; between two of them lies a band of blocks. */
export interface Layout {
  readonly side: number;
  readonly blocks: Block[];
  /** West-to-east streets, from south to north; the first and the last run along the wall. */
  readonly rows: readonly Rect[];
  /** South-to-north streets, each as long as its band. */
  readonly lanes: readonly Rect[];
  /** The canal's water, or null where the town is too small for one. */
  readonly canal: Rect | null;
  /** The broad street through the middle. */
  readonly avenue: Rect;
}

/** Thickness of the town wall, and the width of the street along it, metres. */
export const WALL_M = 2;
const RING_M = 6;
const ROW_M = 6;
const AVENUE_M = 9;
const LANE_M = 5;
const WATER_M = 6;
const QUAY_M = 5;
const MARGIN_M = WALL_M + RING_M;

/** Cuts `length` into `count` parts with gaps between, of different size but none below 20 (or an equal share). */
function split(length: number, count: number, gaps: readonly number[], random: Random): number[] {
  const free = length - gaps.reduce((sum, gap) => sum + gap, 0);
  const parts = Array.from(
    { length: count },
    (_, i) => Math.floor((free * (i + 1)) / count) - Math.floor((free * i) / count),
  );
  for (let i = 0; i + 1 < count; i++) {
    const shift = random.below(11) - 5;
    const here = (parts[i] as number) + shift;
    const next = (parts[i + 1] as number) - shift;
    if (here < 20 || next < 20) continue;
    parts[i] = here;
    parts[i + 1] = next;
  }
  return parts;
}

function bandsOf(side: number, random: Random): { rows: Rect[]; bands: Rect[]; avenue: Rect } {
  const inner = side - 2 * MARGIN_M;
  const count = Math.max(1, Math.round((inner + ROW_M) / 37));
  const middle = Math.floor((count - 1) / 2);
  const gaps = Array.from({ length: count - 1 }, (_, i) => (i === middle ? AVENUE_M : ROW_M));
  const rows: Rect[] = [{ x: WALL_M, y: WALL_M, w: side - 2 * WALL_M, h: RING_M }];
  const bands: Rect[] = [];
  let y = MARGIN_M;
  split(inner, count, gaps, random).forEach((h, i) => {
    bands.push({ x: MARGIN_M, y, w: inner, h });
    rows.push({ x: WALL_M, y: y + h, w: side - 2 * WALL_M, h: gaps[i] ?? RING_M });
    y += h + (gaps[i] ?? RING_M);
  });
  return { rows, bands, avenue: rows[Math.min(middle + 1, rows.length - 1)] as Rect };
}

/** Fills a stretch of a band with blocks, lanes between them. */
function fillStretch(stretch: Rect, random: Random, blocks: Block[], lanes: Rect[]): void {
  const count = Math.max(1, Math.round((stretch.w + LANE_M) / (31 + LANE_M)));
  const gaps = Array.from({ length: count - 1 }, () => LANE_M);
  let { x } = stretch;
  split(stretch.w, count, gaps, random).forEach((w, i) => {
    blocks.push({ x, y: stretch.y, w, h: stretch.h, kind: 'houses' });
    if (i < gaps.length) lanes.push({ x: x + w, y: stretch.y, w: LANE_M, h: stretch.h });
    x += w + LANE_M;
  });
}

/** Where in the lists a block's eastern neighbour is, if it is one of houses, and the lane between them. */
function eastOf(block: Block, blocks: readonly Block[], lanes: readonly Rect[]): { lane: number; east: number } | null {
  const lane = lanes.findIndex((it) => it.x === block.x + block.w && it.y === block.y);
  const east = blocks.findIndex(
    (it) => it.x === block.x + block.w + LANE_M && it.y === block.y && it.kind === 'houses',
  );
  return lane < 0 || east < 0 ? null : { lane, east };
}

/** Joins a block with its eastern neighbour, the lane between them included. */
function joinEast(block: Block, blocks: Block[], lanes: Rect[]): Block | null {
  const found = eastOf(block, blocks, lanes);
  if (found === null) return null;
  const joined: Block = { ...block, w: block.w + LANE_M + (blocks[found.east] as Block).w };
  lanes.splice(found.lane, 1);
  blocks.splice(found.east, 1);
  blocks[blocks.indexOf(block)] = joined;
  return joined;
}

function distance2(a: Rect, x: number, y: number): number {
  const dx = a.x + a.w / 2 - x;
  const dy = a.y + a.h / 2 - y;
  return dx * dx + dy * dy;
}

/** The block of houses farthest from everything special: so that parks, plazas and orchards spread over the town. */
function remotest(blocks: readonly Block[], suits: (block: Block) => boolean): Block | undefined {
  const special = blocks.filter((block) => block.kind !== 'houses');
  let best: Block | undefined;
  let bestDistance = -1;
  for (const block of blocks) {
    if (block.kind !== 'houses' || !suits(block)) continue;
    let nearest = Number.POSITIVE_INFINITY;
    for (const other of special)
      nearest = Math.min(nearest, distance2(block, other.x + other.w / 2, other.y + other.h / 2));
    if (nearest > bestDistance) [best, bestDistance] = [block, nearest];
  }
  return best;
}

function assignKinds(blocks: Block[], lanes: Rect[], side: number): void {
  const districts = Math.max(1, Math.round((side * side) / 48_400));
  const nearest = (x: number, y: number): Block | undefined =>
    blocks.filter((block) => block.kind === 'houses').sort((a, b) => distance2(a, x, y) - distance2(b, x, y))[0];
  const square = nearest(side / 2, side / 2 + 20);
  if (square !== undefined) square.kind = 'square';
  const market = blocks.length > 6 ? nearest(side * 0.3, side * 0.36) : undefined;
  if (market !== undefined) market.kind = 'market';
  const special: readonly BlockKind[] = ['park', 'chapel', 'plaza', 'orchard', 'plaza'];
  for (let district = 0; district < districts; district++) {
    const kinds: readonly BlockKind[] = district === 0 ? special : ['square', 'market', ...special];
    for (const kind of kinds) {
      if (blocks.filter((block) => block.kind === 'houses').length * 3 < blocks.length) return;
      const wide = (block: Block): boolean => block.h >= 26 && block.w >= 26 && eastOf(block, blocks, lanes) !== null;
      const block = (kind === 'park' ? remotest(blocks, wide) : undefined) ?? remotest(blocks, () => true);
      if (block === undefined) return;
      const place = kind === 'park' ? (joinEast(block, blocks, lanes) ?? block) : block;
      place.kind = kind;
    }
  }
}

/** Streets, blocks and what each block is for. `side` in metres. */
export function layoutTown(side: number, random: Random): Layout {
  const { rows, bands, avenue } = bandsOf(side, random);
  const blocks: Block[] = [];
  const lanes: Rect[] = [
    { x: WALL_M, y: WALL_M, w: RING_M, h: side - 2 * WALL_M },
    { x: side - MARGIN_M, y: WALL_M, w: RING_M, h: side - 2 * WALL_M },
  ];
  const waterX = Math.floor(side * 0.68) + random.below(7) - 3;
  const canal = side >= 140 ? { x: waterX, y: 0, w: WATER_M, h: side } : null;
  for (const band of bands) {
    if (canal === null) {
      fillStretch(band, random, blocks, lanes);
      continue;
    }
    const west = { ...band, w: canal.x - QUAY_M - band.x };
    const eastX = canal.x + WATER_M + QUAY_M;
    const east = { ...band, x: eastX, w: band.x + band.w - eastX };
    fillStretch(west, random, blocks, lanes);
    fillStretch(east, random, blocks, lanes);
    lanes.push(
      { x: canal.x - QUAY_M, y: band.y, w: QUAY_M, h: band.h },
      { x: canal.x + WATER_M, y: band.y, w: QUAY_M, h: band.h },
    );
  }
  assignKinds(blocks, lanes, side);
  return { side, blocks, rows, lanes, canal, avenue };
}
