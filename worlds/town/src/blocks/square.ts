import { ground, type Rect, type Site } from '../site.ts';
import { ringOfPlaces } from './ring.ts';

/** The main square: town hall at its north, a fountain in the middle, trees, lamps and benches around. */
export function buildSquare(site: Site, block: Rect): void {
  site.pave(block, ground.slabs);
  const hallW = Math.min(18, block.w - 8);
  const hallH = Math.min(10, block.h - 18);
  if (hallH >= 7) {
    const hall = { x: block.x + ((block.w - hallW) >> 1), y: block.y + block.h - hallH, w: hallW, h: hallH };
    site.put('hall', hall, 0);
    site.places.push({ kind: 'door', x: hall.x + hallW / 2, y: hall.y - 1, facing: 768, seats: 1 });
  }
  const open: Rect = { ...block, h: block.h - Math.max(0, hallH) };
  const fountain = { x: open.x + ((open.w - 7) >> 1), y: open.y + ((open.h - 7) >> 1), w: 7, h: 7 };
  site.put('fountain', fountain, 0);
  const middle = { x: fountain.x + 3.5, y: fountain.y + 3.5 };
  ringOfPlaces(site, middle, 5, 8, 'view', 1);
  ringOfPlaces(site, middle, 8.5, 7, 'gather', 4);
  ringOfPlaces(site, { x: middle.x, y: middle.y }, 12, 9, 'gather', 3);
  spawnRing(site, fountain);
  corners(site, open);
}

/** Newcomers appear around the fountain, on the square that everyone crosses. */
function spawnRing(site: Site, fountain: Rect): void {
  for (let y = fountain.y - 4; y < fountain.y + fountain.h + 4; y += 2) {
    for (let x = fountain.x - 4; x < fountain.x + fountain.w + 4; x += 2) {
      const outside =
        x < fountain.x - 1 || y < fountain.y - 1 || x > fountain.x + fountain.w || y > fountain.y + fountain.h;
      if (outside && site.free({ x: x - 1, y: y - 1, w: 3, h: 3 })) site.spawns.push(y * site.side + x);
    }
  }
}

/** Trees in two corners' rows, lamps between, benches that look at the middle. */
function corners(site: Site, open: Rect): void {
  const { random } = site;
  const east = open.x + open.w - 3;
  const north = open.y + open.h - 3;
  for (const [x, y] of [
    [open.x + 2, open.y + 2],
    [open.x + 6, open.y + 2],
    [east, open.y + 2],
    [east - 4, open.y + 2],
    [open.x + 2, open.y + 7],
    [east, open.y + 7],
    [open.x + 2, north],
    [east, north],
    [open.x + 2, north - 5],
    [east, north - 5],
  ] as const) {
    site.tryPut('tree', { x, y, w: 1, h: 1 }, 512 + random.below(256));
  }
  for (const [x, y] of [
    [open.x + 4, open.y + 4],
    [east - 2, open.y + 4],
    [open.x + 4, north - 2],
    [east - 2, north - 2],
  ] as const) {
    site.tryPut('lamp', { x, y, w: 1, h: 1 }, 0);
  }
  for (const y of [open.y + 5, north - 3]) {
    for (const [x, facing] of [
      [open.x + 4, 0],
      [east - 3, 512],
    ] as const) {
      if (!site.tryPut('bench', { x, y, w: 2, h: 1 }, 0)) continue;
      site.places.push({ kind: 'bench', x: x + 1, y: y - 0.6, facing: facing === 0 ? 896 : 640, seats: 1 });
    }
  }
}
