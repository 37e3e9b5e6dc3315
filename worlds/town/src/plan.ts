import { assert, Random } from '@lifeverse/base';
import { TileMap, type WorldMap } from '@lifeverse/definition';
import { buildHouses } from './blocks/houses.ts';
import { buildMarket } from './blocks/market.ts';
import { buildPark } from './blocks/park.ts';
import { buildChapel, buildOrchard, buildPlaza } from './blocks/small.ts';
import { buildSquare } from './blocks/square.ts';
import { type Block, type BlockKind, type Layout, layoutTown, WALL_M } from './layout.ts';
import { closePockets, reachableFrom } from './reach.ts';
import { ground, type Place, type Rect, Site, type Thing } from './site.ts';

/** A finished town: what collides, where one may go, what stands where. The same in every engine. */
export interface TownPlan {
  readonly side: number;
  readonly map: WorldMap;
  /** One number a tile, row by row from the south-west corner. */
  readonly ground: Uint8Array;
  readonly solid: Uint8Array;
  readonly things: readonly Thing[];
  readonly places: readonly Place[];
  /** Points in the open that streets, alleys and paths lead through, metres. */
  readonly ways: readonly { readonly x: number; readonly y: number }[];
}

/** Area of a town of which nothing was said, square metres. */
export const USUAL_AREA_M2 = 48_400;
const SMALLEST_SIDE_M = 96;
const LARGEST_SIDE_M = 2_000;
/** Another number, another town; the map's fingerprint changes with it. */
const SEED = 1_877;

const builders: Record<BlockKind, (site: Site, block: Block) => void> = {
  houses: buildHouses,
  square: buildSquare,
  market: buildMarket,
  park: buildPark,
  plaza: buildPlaza,
  orchard: buildOrchard,
  chapel: buildChapel,
};

let latest: { side: number; plan: TownPlan } | undefined;

/** The town of about that area; built once and kept, for it takes some tens of milliseconds. */
export function planTown(areaM2: number): TownPlan {
  assert(areaM2 > 0 && Number.isFinite(areaM2), 'town: areaM2 above 0');
  const side = Math.min(LARGEST_SIDE_M, Math.max(SMALLEST_SIDE_M, Math.round(Math.sqrt(areaM2))));
  if (latest?.side !== side) latest = { side, plan: build(side) };
  return latest.plan;
}

function build(side: number): TownPlan {
  const site = new Site(side, new Random(SEED));
  const layout = layoutTown(side, site.random.fork());
  paveStreets(site, layout);
  for (const block of layout.blocks) builders[block.kind](site, block);
  furnishStreets(site, layout);
  encircle(site);
  // Lamps, benches and hedges came after the places for newcomers were chosen.
  const start = site.spawns.find((tile) => hasElbowRoom(site, tile));
  assert(start !== undefined, 'town: the square has room for newcomers');
  closePockets(site, start);
  const spawns = site.spawns.filter((tile) => hasElbowRoom(site, tile));
  const map = new TileMap({ tileM: 1, columns: side, rows: side, solid: solidTiles(site), spawns });
  const reached = reachableFrom(site, start);
  const open = (x: number, y: number): boolean =>
    map.fits(Math.round(x * 1_000), Math.round(y * 1_000), 500) && reached[Math.floor(y) * side + Math.floor(x)] === 1;
  return {
    side,
    map,
    ground: site.ground,
    solid: site.solid,
    things: site.things,
    places: site.places.filter((place) => open(place.x, place.y)),
    ways: site.ways.filter((way) => open(way.x, way.y)),
  };
}

function hasElbowRoom(site: Site, tile: number): boolean {
  const x = tile % site.side;
  return site.free({ x: x - 1, y: (tile - x) / site.side - 1, w: 3, h: 3 });
}

function* solidTiles(site: Site): Generator<number> {
  for (let tile = 0; tile < site.solid.length; tile++) if (site.solid[tile] === 1) yield tile;
}

function paveStreets(site: Site, layout: Layout): void {
  for (const row of layout.rows) site.pave(row, row === layout.avenue ? ground.slabs : ground.cobble);
  for (const lane of layout.lanes) site.pave(lane, ground.cobble);
  for (const row of layout.rows) {
    for (const lane of layout.lanes) {
      const touches = lane.y <= row.y + row.h && lane.y + lane.h >= row.y;
      if (touches) site.ways.push({ x: lane.x + lane.w / 2, y: row.y + row.h / 2 });
    }
  }
  if (layout.canal === null) return;
  site.flood(layout.canal);
  for (const row of layout.rows) {
    const stone = row === layout.avenue;
    site.bridge({ x: layout.canal.x, y: row.y + 1, w: layout.canal.w, h: row.h - 2 }, stone ? 1 : 0);
    site.ways.push({ x: layout.canal.x + layout.canal.w / 2, y: row.y + row.h / 2 });
  }
}

/** Lamps at the edges of the streets, trees along the avenue and the quays; the middle stays clear. */
function furnishStreets(site: Site, layout: Layout): void {
  const { random } = site;
  for (const row of layout.rows) {
    if (row === layout.avenue) continue;
    for (let x = row.x + 9; x < row.x + row.w - 4; x += 15 + random.below(5)) {
      const lamp = { x, y: row.y + row.h - 1, w: 1, h: 1 };
      if (isKerb(site, lamp)) site.put('lamp', lamp, 0);
    }
  }
  for (let x = layout.avenue.x + 6; x < layout.avenue.x + layout.avenue.w - 4; x += 8) {
    for (const y of [layout.avenue.y + 1, layout.avenue.y + layout.avenue.h - 2]) {
      const lamp = (x - layout.avenue.x) % 16 === 14;
      if (isKerb(site, { x, y, w: 1, h: 1 }))
        site.put(lamp ? 'lamp' : 'tree', { x, y, w: 1, h: 1 }, 512 + random.below(256));
    }
  }
  if (layout.canal === null) return;
  for (let y = WALL_M + 10; y < site.side - 10; y += 9) {
    for (const x of [layout.canal.x - 2, layout.canal.x + layout.canal.w + 1]) {
      if (isKerb(site, { x, y, w: 1, h: 1 }) && site.free({ x: x - 3, y: y - 3, w: 3, h: 7 }))
        site.put('tree', { x, y, w: 1, h: 1 }, random.below(512));
    }
    const view = { x: layout.canal.x - 0.7, y: y + 4.5 };
    site.places.push({ kind: 'view', ...view, facing: 0, seats: 1 });
    site.places.push({ kind: 'view', x: layout.canal.x + layout.canal.w + 0.7, y: y + 2.5, facing: 512, seats: 1 });
  }
}

/** Free, paved, and not in anyone's way: no waypoint within two metres. */
function isKerb(site: Site, rect: Rect): boolean {
  if (!site.free(rect)) return false;
  const kind = site.groundAt(rect.x, rect.y);
  if (kind !== ground.cobble && kind !== ground.slabs) return false;
  return site.ways.every((way) => Math.abs(way.x - rect.x - 0.5) > 2 || Math.abs(way.y - rect.y - 0.5) > 2);
}

/** The town wall with towers; where the canal passes it, the wall is a grating above the water. */
function encircle(site: Site): void {
  const { side } = site;
  const walls: readonly Rect[] = [
    { x: 0, y: 0, w: side, h: WALL_M },
    { x: 0, y: side - WALL_M, w: side, h: WALL_M },
    { x: 0, y: WALL_M, w: WALL_M, h: side - 2 * WALL_M },
    { x: side - WALL_M, y: WALL_M, w: WALL_M, h: side - 2 * WALL_M },
  ];
  for (const wall of walls) site.put('rampart', wall, wall.w > wall.h ? 0 : 1);
  const towers = Math.max(2, Math.round(side / 44));
  for (let i = 0; i <= towers; i++) {
    const at = Math.round(((side - 5) * i) / towers);
    for (const [x, y] of [
      [at, 0],
      [at, side - 5],
      [0, at],
      [side - 5, at],
    ] as const) {
      const corner = (x === 0 || x === side - 5) && (y === 0 || y === side - 5);
      if (corner && (i === 0 ? x !== 0 : true) && i !== 0) continue;
      const inner = {
        x: Math.min(Math.max(x, 0), side - 5),
        y: Math.min(Math.max(y, 0), side - 5),
        w: corner ? 5 : x === at ? 4 : 3,
        h: corner ? 5 : x === at ? 3 : 4,
      };
      site.put('tower', inner, 0);
    }
  }
}
