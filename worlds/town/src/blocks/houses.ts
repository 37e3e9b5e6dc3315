import { ground, type Rect, type Site } from '../site.ts';

/** Two rows of houses, alleys between them, gardens behind; a gate in the hedge at either end. */
export function buildHouses(site: Site, block: Rect): void {
  site.pave(block, ground.grass);
  const depth = block.h >= 26 ? 9 : block.h >= 20 ? 7 : 6;
  buildRow(site, block, depth, 'south');
  if (block.h < 18) return;
  buildRow(site, block, depth, 'north');
  const yard: Rect = { x: block.x, y: block.y + depth + 1, w: block.w, h: block.h - 2 * depth - 2 };
  if (yard.h >= 3) buildYard(site, yard);
}

function buildRow(site: Site, block: Rect, depth: number, side: 'south' | 'north'): void {
  const { random } = site;
  const end = block.x + block.w;
  let x = block.x;
  let attached = 0;
  let run = 1 + random.below(3);
  while (end - x >= 5) {
    const left = end - x;
    let w = 6 + random.below(5);
    if (left - w < 5) w = left <= 11 ? left : left - 7;
    const d = depth - random.below(2);
    const setback = random.chance(0.3) ? 1 : 0;
    const y = side === 'south' ? block.y + setback : block.y + block.h - d - (1 - setback);
    site.put('house', { x, y, w, h: d }, random.below(4_096));
    site.pave({ x, y: y - 1, w, h: 1 }, side === 'south' && setback === 0 ? ground.cobble : ground.gravel);
    if (side === 'north') site.pave({ x, y: y + d, w, h: block.y + block.h - y - d }, ground.cobble);
    site.places.push({ kind: 'door', x: x + doorOf(w), y: y - 0.8, facing: 768, seats: 1 });
    x += w;
    attached++;
    if (attached < run || end - x < 7) continue;
    const alley: Rect = { x, y: side === 'south' ? block.y : block.y + block.h - depth - 1, w: 2, h: depth + 1 };
    site.pave(alley, ground.gravel);
    const middle = x + 1;
    site.ways.push({ x: middle, y: alley.y + 0.5 }, { x: middle, y: alley.y + alley.h - 0.5 });
    x += 2;
    attached = 0;
    run = 1 + random.below(3);
  }
}

/** Where a house of that width has its door, metres from its western edge. */
export function doorOf(width: number): number {
  return Math.floor(width / 2) + 0.5;
}

function buildYard(site: Site, yard: Rect): void {
  const { random } = site;
  const middle = yard.y + Math.floor(yard.h / 2);
  const path: Rect = { x: yard.x, y: middle - 1, w: yard.w, h: 2 };
  site.pave(path, ground.gravel);
  // Alleys reach the path, whichever row they came through.
  for (let x = yard.x; x < yard.x + yard.w; x++) {
    if (site.groundAt(x, yard.y - 1) === ground.gravel && site.free({ x, y: yard.y - 1, w: 1, h: 1 })) {
      site.pave({ x, y: yard.y, w: 1, h: middle - yard.y }, ground.gravel);
    }
  }
  for (let x = yard.x + 1; x < yard.x + yard.w; x += 9) site.ways.push({ x: x + 0.5, y: middle });
  for (const x of [yard.x, yard.x + yard.w - 1]) {
    site.tryPut('hedge', { x, y: yard.y, w: 1, h: path.y - yard.y }, 0);
    site.tryPut('hedge', { x, y: path.y + 2, w: 1, h: yard.y + yard.h - path.y - 2 }, 0);
  }
  furnish(site, yard, middle);
  if (yard.h >= 7 && yard.w >= 14) {
    const x = yard.x + 4 + random.below(yard.w - 8);
    site.places.push({ kind: 'gather', x: x + 0.5, y: middle, facing: 0, seats: 2 });
  }
}

/** Trees, a well, vegetable beds and benches, on the grass and clear of the paths. */
function furnish(site: Site, yard: Rect, middle: number): void {
  const { random } = site;
  if (random.chance(0.5)) {
    site.tryPutOn(
      'well',
      { x: yard.x + 4 + random.below(Math.max(1, yard.w - 8)), y: middle + 1, w: 2, h: 2 },
      ground.grass,
      0,
      0,
    );
  }
  for (let i = 0; i < Math.floor((yard.w * yard.h) / 90); i++) {
    const w = 3 + random.below(2);
    const rect = { x: yard.x + 1 + random.below(yard.w), y: yard.y + random.below(yard.h), w, h: 2 };
    site.tryPutOn('beds', rect, ground.grass, 0, random.below(64));
  }
  for (let i = 0; i < Math.floor((yard.w * yard.h) / 16); i++) {
    const rect = {
      x: yard.x + 2 + random.below(Math.max(1, yard.w - 4)),
      y: yard.y + random.below(yard.h),
      w: 1,
      h: 1,
    };
    site.tryPutOn('tree', rect, ground.grass, 1, random.below(1_024));
  }
}
