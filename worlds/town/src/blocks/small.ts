import { ground, type Rect, type Site } from '../site.ts';
import { plant } from './park.ts';
import { ringOfPlaces } from './ring.ts';

/** A small square: houses at the north, in front of them a statue or a small fountain, café tables and trees. */
export function buildPlaza(site: Site, block: Rect): void {
  const { random } = site;
  site.pave(block, ground.slabs);
  const rowH = Math.min(9, block.h - 14);
  if (rowH >= 6) {
    for (let x = block.x; x + 6 <= block.x + block.w; ) {
      const left = block.x + block.w - x;
      const w = left < 13 ? left : 7 + random.below(3);
      site.put('house', { x, y: block.y + block.h - rowH, w, h: rowH }, random.below(4_096));
      x += w;
    }
  }
  const open: Rect = { ...block, h: block.h - Math.max(0, rowH) };
  const fountain = random.chance(0.5);
  const size = fountain ? 5 : 3;
  const centre = { x: open.x + ((open.w - size) >> 1), y: open.y + ((open.h - size) >> 1), w: size, h: size };
  site.put(fountain ? 'fountain' : 'statue', centre, 1);
  const middle = { x: centre.x + size / 2, y: centre.y + size / 2 };
  ringOfPlaces(site, middle, size / 2 + 1.6, 5, 'view', 1);
  ringOfPlaces(site, middle, size / 2 + 5, 5, 'gather', 4);
  for (let x = open.x + 4; x < open.x + open.w - 4; x += 5) {
    const y = open.y + open.h - 3;
    if (!site.tryPut('table', { x, y, w: 1, h: 1 }, random.below(8))) continue;
    site.places.push({ kind: 'gather', x: x + 0.5, y: y - 1.7, facing: 256, seats: 2 });
  }
  for (const x of [open.x + 2, open.x + open.w - 3]) {
    for (const y of [open.y + 2, open.y + 8]) site.tryPut('tree', { x, y, w: 1, h: 1 }, 512 + random.below(256));
    site.tryPut('lamp', { x, y: open.y + 5, w: 1, h: 1 }, 0);
  }
  const bench = { x: open.x + 4, y: open.y + 2, w: 2, h: 1 };
  if (site.tryPut('bench', bench, 0))
    site.places.push({ kind: 'bench', x: bench.x + 1, y: bench.y - 0.6, facing: 768, seats: 1 });
}

/** Fruit trees in rows behind a hedge, open at two sides. */
export function buildOrchard(site: Site, block: Rect): void {
  const { random } = site;
  site.pave(block, ground.grass);
  const midX = block.x + (block.w >> 1);
  const midY = block.y + (block.h >> 1);
  site.pave({ x: midX - 1, y: block.y, w: 3, h: block.h }, ground.gravel);
  site.pave({ x: block.x, y: midY - 1, w: block.w, h: 3 }, ground.gravel);
  for (const y of [block.y, block.y + block.h - 1]) {
    site.put('hedge', { x: block.x, y, w: midX - 1 - block.x, h: 1 }, 0);
    site.put('hedge', { x: midX + 2, y, w: block.x + block.w - midX - 2, h: 1 }, 0);
  }
  for (const x of [block.x, block.x + block.w - 1]) {
    site.put('hedge', { x, y: block.y + 1, w: 1, h: midY - 2 - block.y }, 0);
    site.put('hedge', { x, y: midY + 2, w: 1, h: block.y + block.h - 3 - midY }, 0);
  }
  for (let y = block.y + 3; y < block.y + block.h - 2; y += 4) {
    for (let x = block.x + 3; x < block.x + block.w - 2; x += 4) {
      site.tryPutOn('tree', { x, y, w: 1, h: 1 }, ground.grass, 1, 768 + random.below(256));
    }
  }
  site.ways.push({ x: midX + 0.5, y: midY + 0.5 });
  ringOfPlaces(site, { x: midX + 0.5, y: midY + 0.5 }, 2, 3, 'gather', 3);
  for (const y of [block.y + 4, block.y + block.h - 4]) {
    site.places.push({ kind: 'view', x: midX + 0.5, y, facing: random.below(1_024), seats: 1 });
  }
}

/** A chapel in a green yard. */
export function buildChapel(site: Site, block: Rect): void {
  site.pave(block, ground.grass);
  const w = Math.min(11, block.w - 8);
  const h = Math.min(15, block.h - 9);
  const chapel = { x: block.x + ((block.w - w) >> 1), y: block.y + block.h - h - 3, w, h };
  site.put('chapel', chapel, 0);
  const midX = chapel.x + (w >> 1);
  site.pave({ x: midX - 1, y: block.y, w: 3, h: chapel.y - block.y }, ground.gravel);
  site.pave({ x: block.x, y: chapel.y - 4, w: block.w, h: 3 }, ground.gravel);
  site.ways.push({ x: midX + 0.5, y: chapel.y - 2.5 }, { x: midX + 0.5, y: block.y + 1 });
  site.places.push({ kind: 'door', x: midX + 0.5, y: chapel.y - 1, facing: 768, seats: 1 });
  site.places.push({ kind: 'gather', x: midX - 4.5, y: chapel.y - 2.5, facing: 0, seats: 4 });
  site.places.push({ kind: 'gather', x: midX + 5.5, y: chapel.y - 2.5, facing: 0, seats: 3 });
  for (const x of [midX - 4, midX + 4]) {
    if (site.tryPutOn('bench', { x, y: block.y + 2, w: 2, h: 1 }, ground.grass, 0, 0)) {
      site.places.push({ kind: 'bench', x: x + 1, y: block.y + 1.4, facing: 768, seats: 1 });
    }
  }
  plant(site, block, Math.floor((block.w * block.h) / 20));
}
