import type { Thing } from '@lifeverse/town/decor';
import { type Brush, box, line, oval, polygon } from './canvas.ts';
import { darker, lighter, palette, roofs } from './palette.ts';
import type { Patterns } from './patterns.ts';

/** How far the wall reaches above its footprint where it is seen from inside, metres. */
const RISE_M = 1.1;
const FRONT_M = 1.7;

/** A stretch of the town wall. From inside, the northern one shows its front, the southern one its walk. */
export function paintRampart(brush: Brush, { x, y, w, h }: Thing, side: number, patterns: Patterns): void {
  const walk = '#d9cdb8';
  if (w >= h && y > side / 2) {
    box(brush, x, y, w, FRONT_M, patterns.stonework);
    box(brush, x, y, w, 0.4, 'rgba(58,42,74,0.18)');
    box(brush, x, y + FRONT_M, w, h - FRONT_M + RISE_M, walk);
    battlements(brush, x, x + w, y + FRONT_M - 0.05);
    battlements(brush, x, x + w, y + h + RISE_M - 0.3);
  } else if (w >= h) {
    box(brush, x, y - FRONT_M, w, FRONT_M, patterns.stonework);
    box(brush, x, y - FRONT_M, w, 0.5, 'rgba(58,42,74,0.22)');
    box(brush, x, y, w, h - 0.2, walk);
    battlements(brush, x, x + w, y - 0.05);
    battlements(brush, x, x + w, y + h - 0.5);
  } else {
    box(brush, x, y, w, h, walk);
    for (let py = y; py < y + h; py += 1.2) {
      for (const px of [x, x + w - 0.45]) {
        box(brush, px, py, 0.45, 0.8, palette.stone);
        box(brush, px, py, 0.45, 0.28, palette.stoneDark);
      }
    }
    line(brush, 0.08, palette.stoneDark, x, y, x, y + h);
    line(brush, 0.08, palette.stoneDark, x + w, y, x + w, y + h);
  }
}

function battlements(brush: Brush, from: number, to: number, y: number): void {
  for (let x = from; x < to; x += 1.2) {
    box(brush, x, y, 0.78, 0.62, palette.stone);
    box(brush, x, y + 0.4, 0.78, 0.22, palette.stoneLight);
    box(brush, x + 0.62, y, 0.16, 0.62, palette.stoneDark);
  }
  line(brush, 0.1, palette.stoneDark, from, y, to, y);
}

/** How far a tower's roof reaches above its footprint, metres. */
export const TOWER_RISE_M = 5.2;

export function paintTower(brush: Brush, { x, y, w, h }: Thing, patterns: Patterns): void {
  const cx = x + w / 2;
  const half = w / 2 + 0.25;
  const base = y + 0.1;
  const top = base + 3.6;
  oval(brush, cx, base, half, 0.7, palette.stoneDark);
  box(brush, cx - half, base, 2 * half, top - base, patterns.stonework);
  box(brush, cx - half, base, half * 0.5, top - base, 'rgba(255,246,221,0.16)');
  box(brush, cx + half * 0.4, base, half * 0.6, top - base, 'rgba(58,42,74,0.2)');
  for (const dx of [-half * 0.4, half * 0.45]) {
    box(brush, cx + dx - 0.13, base + 1.7, 0.26, 0.9, palette.ink);
  }
  box(brush, cx - half - 0.15, top - 0.45, 2 * half + 0.3, 0.5, palette.stone);
  box(brush, cx - half - 0.15, top - 0.45, 2 * half + 0.3, 0.14, palette.stoneDark);
  const roof = roofs[0];
  const peak = Math.min(y + h + TOWER_RISE_M, top + 3.6);
  polygon(brush, lighter(roof, 0.14), cx - half - 0.35, top, cx, top - 0.35, cx, peak);
  polygon(brush, darker(roof, 0.14), cx + half + 0.35, top, cx, top - 0.35, cx, peak);
  polygon(brush, patterns.tiles, cx - half - 0.35, top, cx, top - 0.35, cx + half + 0.35, top, cx, peak);
  line(brush, 0.1, darker(roof, 0.4), cx - half - 0.35, top, cx, top - 0.35, cx + half + 0.35, top);
  line(brush, 0.08, palette.iron, cx, peak - 0.1, cx, peak + 0.9);
  polygon(brush, '#e0a53f', cx, peak + 0.9, cx + 1, peak + 0.62, cx, peak + 0.35);
}

/** Parapets along both sides of a bridge; the deck itself is ground that one walks on. */
export function paintBridge(brush: Brush, { y, h, variant, ...thing }: Thing, patterns: Patterns): void {
  // The deck rests on both banks.
  const x = thing.x - 0.8;
  const w = thing.w + 1.6;
  box(brush, x, y - 0.1, w, h + 0.2, variant === 1 ? patterns.slabs : patterns.planks);
  for (const py of [y + h - 0.25, y - 0.15]) {
    if (variant === 1) {
      box(brush, x, py - 0.4, w, 0.42, patterns.stonework);
      box(brush, x, py, w, 0.4, palette.stoneLight);
      line(brush, 0.06, palette.stoneDark, x, py, x + w, py);
    } else {
      for (let px = x + 0.2; px <= x + w; px += 1.2) box(brush, px - 0.1, py - 0.25, 0.2, 0.95, palette.woodDark);
      box(brush, x, py + 0.42, w, 0.2, palette.wood);
      box(brush, x, py + 0.1, w, 0.12, palette.woodDark);
    }
  }
}
