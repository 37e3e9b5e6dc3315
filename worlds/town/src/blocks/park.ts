import { ground, type Rect, type Site } from '../site.ts';
import { ringOfPlaces } from './ring.ts';

/** A park: winding paths, a pond, a gazebo, flower beds and many trees. */
export function buildPark(site: Site, block: Rect): void {
  const { random } = site;
  site.pave(block, ground.grass);
  const midX = block.x + (block.w >> 1);
  const midY = block.y + (block.h >> 1);
  const bend = 4 + random.below(4);
  path(site, [block.x - 1, midY - 4], [midX, midY + bend], [block.x + block.w, midY + 3]);
  path(site, [midX - 8, block.y - 1], [midX + bend, midY], [midX + 5, block.y + block.h]);
  pond(site, block);
  const gazebo = { x: block.x + 5, y: block.y + block.h - 10, w: 4, h: 4 };
  if (site.tryPutOn('gazebo', gazebo, ground.grass, 0, 0)) {
    ringOfPlaces(site, { x: gazebo.x + 2, y: gazebo.y + 2 }, 4.2, 4, 'gather', 3);
  }
  for (let i = 0; i < 14; i++) {
    const rect = { x: block.x + 2 + random.below(block.w - 6), y: block.y + 2 + random.below(block.h - 4), w: 3, h: 2 };
    site.tryPutOn('beds', rect, ground.grass, 0, 64 + random.below(64));
  }
  plant(site, block, Math.floor((block.w * block.h) / 22));
}

/** Walks a curve with a brush of three tiles: a gravel path, with waypoints and benches along it. */
function path(
  site: Site,
  from: readonly [number, number],
  bend: readonly [number, number],
  to: readonly [number, number],
): void {
  const steps = 64;
  for (let i = 0; i <= steps; i++) {
    const t = i / steps;
    const u = 1 - t;
    const x = u * u * from[0] + 2 * u * t * bend[0] + t * t * to[0];
    const y = u * u * from[1] + 2 * u * t * bend[1] + t * t * to[1];
    const brush = { x: Math.round(x) - 1, y: Math.round(y) - 1, w: 3, h: 3 };
    site.paveOver(brush, ground.grass, ground.gravel);
    if (i % 8 === 4) site.ways.push({ x: Math.round(x) + 0.5, y: Math.round(y) + 0.5 });
  }
}

function pond(site: Site, block: Rect): void {
  const { random } = site;
  const w = Math.min(17, Math.floor(block.w / 3));
  const h = Math.min(11, Math.floor(block.h / 3));
  const x = block.x + block.w - w - 5;
  const y = block.y + 4;
  site.floodEllipse({ x, y, w, h });
  site.floodEllipse({ x: x - 4, y: y + 3 + random.below(3), w: Math.floor(w / 2) + 3, h: h - 4 });
  ringOfPlaces(site, { x: x + w / 2, y: y + h / 2 }, w / 2 + 1.6, 9, 'view', 1);
  for (const [bx, by] of [
    [x + 2, y - 3],
    [x + w - 4, y - 3],
    [x + 3, y + h + 1],
  ] as const) {
    if (site.tryPutOn('bench', { x: bx, y: by, w: 2, h: 1 }, ground.grass, 0, 0)) {
      site.places.push({ kind: 'bench', x: bx + 1, y: by - 0.6, facing: 768, seats: 1 });
    }
  }
}

/** Trees on the grass, not closer to each other or to a path than two metres. */
export function plant(site: Site, block: Rect, tries: number): void {
  const { random } = site;
  for (let i = 0; i < tries; i++) {
    const rect = { x: block.x + 1 + random.below(block.w - 2), y: block.y + 1 + random.below(block.h - 2), w: 1, h: 1 };
    site.tryPutOn('tree', rect, ground.grass, 2, random.below(1_024));
  }
}
