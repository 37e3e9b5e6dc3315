import { type Area, type Brush, disc } from './canvas.ts';
import { chanceAt, pickAt } from './chance.ts';
import { contourOf, RELAX } from './contour.ts';
import { blossoms, palette } from './palette.ts';
import type { Patterns } from './patterns.ts';
import { type GroundAt, WATER } from './town-ground.ts';

/** The kinds of ground, in the order in which they lie upon one another; numbers as in the town's plan. */
const LEVEL = { grass: 0, earth: 1, gravel: 2, cobble: 3, slabs: 4 } as const;
/** From the plan's numbers (grass, cobble, slabs, gravel, earth, water, planks, built) to levels. */
const levelOf = [
  LEVEL.grass,
  LEVEL.cobble,
  LEVEL.slabs,
  LEVEL.gravel,
  LEVEL.earth,
  LEVEL.grass,
  LEVEL.grass,
  LEVEL.grass,
] as const;
const PLANKS = 6;
/** Tiles painted beyond the area, so that outlines do not depend on where it ends. */
const MARGIN = RELAX + 3;

/** Paints what lies underfoot: each kind of ground over all that is above it, so that no gap shows between two. */
export function paintTerrain(brush: Brush, area: Area, groundAt: GroundAt, patterns: Patterns): void {
  const x = Math.floor(area.x) - MARGIN;
  const y = Math.floor(area.y) - MARGIN;
  const region = { x, y, w: Math.ceil(area.x + area.w) + MARGIN - x, h: Math.ceil(area.y + area.h) + MARGIN - y };
  brush.fillStyle = patterns.grass;
  brush.fillRect(area.x, area.y, area.w, area.h);
  paintMeadow(brush, region, groundAt);
  const layers: readonly [number, CanvasPattern, string, number][] = [
    [LEVEL.earth, patterns.earth, '#8fa25c', 0.14],
    [LEVEL.gravel, patterns.gravel, '#b9a877', 0.1],
    [LEVEL.cobble, patterns.cobble, palette.kerb, 0.22],
    [LEVEL.slabs, patterns.slabs, '#b3a083', 0.12],
  ];
  for (const [level, pattern, edge, edgeM] of layers) {
    const path = contourOf((x, y) => (levelOf[groundAt(x, y)] as number) >= level, region, level <= LEVEL.gravel);
    brush.fillStyle = pattern;
    brush.fill(path);
    brush.strokeStyle = edge;
    brush.lineWidth = edgeM;
    brush.stroke(path);
  }
  paintWear(brush, region, groundAt);
  paintWater(brush, region, groundAt, patterns);
}

/** Tufts and flowers on the grass, denser in patches. */
function paintMeadow(brush: Brush, region: Area, groundAt: GroundAt): void {
  for (let y = region.y; y < region.y + region.h; y++) {
    for (let x = region.x; x < region.x + region.w; x++) {
      if (groundAt(x, y) !== 0) continue;
      const lush = chanceAt(x / 7, y / 7, 1);
      if (chanceAt(x, y, 2) < 0.16) tuft(brush, x + chanceAt(x, y, 3), y + chanceAt(x, y, 4));
      if (chanceAt(x, y, 5) > 0.12 + lush * 0.5 || lush > 0.55) continue;
      const colour = pickAt(blossoms, x / 5, y / 5, 6);
      for (let i = 0; i < 2; i++) {
        const fx = x + chanceAt(x, y, 7 + i);
        const fy = y + chanceAt(x, y, 9 + i);
        disc(brush, fx, fy - 0.02, 0.065, 'rgba(60,80,40,0.35)');
        disc(brush, fx, fy, 0.06, colour);
        disc(brush, fx, fy, 0.02, '#fff3c0');
      }
    }
  }
}

function tuft(brush: Brush, x: number, y: number): void {
  brush.strokeStyle = palette.grassDark;
  brush.lineWidth = 0.055;
  brush.lineCap = 'round';
  for (const lean of [-0.1, 0, 0.1]) {
    brush.beginPath();
    brush.moveTo(x + lean * 0.4, y);
    brush.lineTo(x + lean, y + 0.2 - Math.abs(lean) * 0.5);
    brush.stroke();
  }
}

/** Paved ground is not equally clean everywhere: broad soft stains, and a little grass between the stones. */
function paintWear(brush: Brush, region: Area, groundAt: GroundAt): void {
  for (let y = region.y; y < region.y + region.h; y++) {
    for (let x = region.x; x < region.x + region.w; x++) {
      const ground = groundAt(x, y);
      if (ground !== 1 && ground !== 2) continue;
      const chance = chanceAt(x, y, 11);
      if (chance < 0.03) stain(brush, x, y, 1.6 + chance * 40, chance < 0.015 ? '110, 84, 70' : '255, 248, 226');
      if (ground === 1 && chance > 0.978) tuft(brush, x + 0.5, y + 0.4);
    }
  }
}

function stain(brush: Brush, x: number, y: number, radius: number, rgb: string): void {
  const soft = brush.createRadialGradient(x, y, 0, x, y, radius);
  soft.addColorStop(0, `rgba(${rgb}, 0.13)`);
  soft.addColorStop(1, `rgba(${rgb}, 0)`);
  brush.fillStyle = soft;
  brush.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
}

/** Water lies lower than its banks: the northern bank shows its wall, the others throw a little shade. */
function paintWater(brush: Brush, region: Area, groundAt: GroundAt, patterns: Patterns): void {
  const wet = (x: number, y: number): boolean => groundAt(x, y) === WATER || groundAt(x, y) === PLANKS;
  const path = contourOf(wet, region, true);
  brush.save();
  brush.strokeStyle = palette.stoneLight;
  brush.lineWidth = 0.5;
  brush.stroke(path);
  brush.strokeStyle = palette.stoneDark;
  brush.lineWidth = 0.1;
  brush.stroke(path);
  brush.clip(path);
  brush.fillStyle = patterns.stonework;
  brush.fill(path);
  brush.fillStyle = 'rgba(50, 50, 70, 0.25)';
  brush.fill(path);
  brush.translate(0, -0.55);
  brush.fillStyle = patterns.water;
  brush.fill(path);
  brush.clip(path);
  for (const [width, colour] of [
    [2.4, 'rgba(40, 90, 120, 0.14)'],
    [1.3, 'rgba(40, 90, 120, 0.16)'],
    [0.35, 'rgba(225, 248, 245, 0.5)'],
  ] as const) {
    brush.lineWidth = width;
    brush.strokeStyle = colour;
    brush.stroke(path);
  }
  brush.restore();
}
