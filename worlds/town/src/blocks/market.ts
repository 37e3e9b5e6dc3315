import { ground, type Rect, type Site } from '../site.ts';

/** The market: rows of stalls under striped awnings, barrels between them, a well in the corner. */
export function buildMarket(site: Site, block: Rect): void {
  const { random } = site;
  site.pave(block, ground.slabs);
  for (const [x, y] of [
    [block.x + 1, block.y + 1],
    [block.x + block.w - 2, block.y + 1],
    [block.x + 1, block.y + block.h - 2],
    [block.x + block.w - 2, block.y + block.h - 2],
  ] as const) {
    site.put('lamp', { x, y, w: 1, h: 1 }, 0);
  }
  for (let y = block.y + 4; y + 4 <= block.y + block.h; y += 6) {
    for (let x = block.x + 3; x + 5 <= block.x + block.w; x += 6) {
      if (random.chance(0.12)) {
        site.put('table', { x: x + 1, y, w: 1, h: 1 }, random.below(8));
        site.places.push({ kind: 'gather', x: x + 1.5, y: y - 1.6, facing: 256, seats: 3 });
        continue;
      }
      site.put('stall', { x, y, w: 3, h: 2 }, random.below(256));
      if (random.chance(0.6)) site.put('barrels', { x: x + 3, y: y + 1, w: 1, h: 1 }, random.below(8));
      site.places.push({ kind: 'stall', x: x + 1, y: y - 0.7, facing: 256, seats: 1 });
      site.places.push({ kind: 'stall', x: x + 2.1, y: y - 0.8, facing: 256, seats: 1 });
      if (random.chance(0.4)) site.places.push({ kind: 'gather', x: x + 4.5, y: y - 2, facing: 0, seats: 3 });
    }
  }
  for (let x = block.x + 5.5; x < block.x + block.w - 3; x += 6) site.ways.push({ x: x + 2, y: block.y + 2 });
}
