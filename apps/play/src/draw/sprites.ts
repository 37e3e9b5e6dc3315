import { type Brush, canvasOf, disc, oval, polygon } from './canvas.ts';
import { CROWN, paintCrown } from './greenery.ts';
import { palette } from './palette.ts';

/** Where on the sheet a small picture lies, pixels, and how many of them are a metre. */
export interface SpriteFrame {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export const CROWN_SPECIES = ['leafy', 'round', 'slim', 'fruit', 'fir'] as const;
const CROWN_KINDS = 2;
const CROWN_PX_PER_M = 52;
const SMALL = 64;

const smallNames = [
  'drop',
  'ripple',
  'glint',
  'puff',
  'ring',
  'heart',
  'note',
  'sleep',
  'birdStand',
  'birdPeck',
  'birdFly1',
  'birdFly2',
  'target',
  'apple',
  'bread',
  'flower',
  'lantern',
] as const;
export type SmallName = (typeof smallNames)[number];

export interface SpriteSheet {
  readonly canvas: OffscreenCanvas;
  readonly crownPxPerM: number;
  crown(species: number, kind: number): SpriteFrame;
  small(name: SmallName): SpriteFrame;
}

type Painter = (brush: Brush) => void;

function ring(brush: Brush, rx: number, ry: number, width: number, colour: string): void {
  brush.strokeStyle = colour;
  brush.lineWidth = width;
  brush.beginPath();
  brush.ellipse(0, 0, rx, ry, 0, 0, 7);
  brush.stroke();
}

function soft(brush: Brush, radius: number, rgb: string, alpha: number): void {
  const gradient = brush.createRadialGradient(0, 0, 0, 0, 0, radius);
  gradient.addColorStop(0, `rgba(${rgb}, ${alpha})`);
  gradient.addColorStop(1, `rgba(${rgb}, 0)`);
  brush.fillStyle = gradient;
  brush.fillRect(-radius, -radius, 2 * radius, 2 * radius);
}

/** A dove seen from its left, units of a tenth of the picture. */
function bird(brush: Brush, head: number, wing: number): void {
  if (wing === 0) oval(brush, 0, -3.4, 2.6, 0.8, 'rgba(58,42,74,0.25)');
  oval(brush, 0, -1.4, 2.7, 1.7, '#8c95a8');
  polygon(brush, '#7a8398', 1.6, -1.6, 4.2, -0.6, 3.8, -2.2);
  oval(brush, 0.5, -1.1, 1.9, 1.1, '#a9b1c2');
  disc(brush, -2, head, 1.15, '#7f8aa3');
  disc(brush, -2.3, head + 0.2, 0.25, palette.ink);
  polygon(brush, '#e8a04a', -3, head + 0.1, -4, head - 0.25, -3, head - 0.4);
  if (wing !== 0) polygon(brush, '#c3cad8', -0.8, -0.8, 2, -0.8, 1.6, -0.8 + wing);
}

/** Each within a square from -5 to 5, y up. */
const painters: Record<SmallName, Painter> = {
  drop: (brush) => {
    oval(brush, 0, 0, 1.3, 2.2, 'rgba(226, 247, 250, 0.95)');
  },
  ripple: (brush) => {
    ring(brush, 4.2, 2.6, 0.55, 'rgba(230, 248, 248, 0.9)');
  },
  glint: (brush) => {
    oval(brush, 0, 0, 4.4, 0.62, 'rgba(240, 252, 250, 0.95)');
  },
  puff: (brush) => soft(brush, 4.8, '250, 246, 240', 0.85),
  ring: (brush) => {
    soft(brush, 5, '255, 236, 170', 0.55);
    ring(brush, 4.2, 2.7, 0.75, '#fff3c4');
    ring(brush, 4.2, 2.7, 0.28, '#e8a93c');
  },
  heart: (brush) => {
    for (const [scale, colour] of [
      [1, '#fffaf0'],
      [0.76, '#e8607a'],
    ] as const) {
      disc(brush, -1.7 * scale, 1 * scale, 2.1 * scale, colour);
      disc(brush, 1.7 * scale, 1 * scale, 2.1 * scale, colour);
      polygon(brush, colour, -3.65 * scale, 0.2 * scale, 3.65 * scale, 0.2 * scale, 0, -4.2 * scale);
    }
  },
  note: (brush) => {
    for (const [grow, colour] of [
      [0.7, '#fffaf0'],
      [0, '#4f7f9f'],
    ] as const) {
      oval(brush, -1.4, -2.6, 1.7 + grow, 1.3 + grow, colour);
      brush.fillStyle = colour;
      brush.fillRect(-0.2 - grow, -2.6, 0.75 + 2 * grow, 6 + grow);
      polygon(brush, colour, 0 - grow, 3.6 + grow, 3.2 + grow, 2 + grow, 3.2 + grow, 0.6 - grow, 0, 2 - grow);
    }
  },
  sleep: (brush) => {
    for (const [width, colour] of [
      [1.9, '#fffaf0'],
      [0.95, '#6b7aa8'],
    ] as const) {
      brush.lineJoin = 'round';
      brush.lineCap = 'round';
      brush.lineWidth = width;
      brush.strokeStyle = colour;
      for (const [x, y, size] of [
        [-1.4, -1.8, 1.7],
        [2.2, 1.9, 1.15],
      ] as const) {
        brush.beginPath();
        brush.moveTo(x - size, y + size);
        brush.lineTo(x + size, y + size);
        brush.lineTo(x - size, y - size);
        brush.lineTo(x + size, y - size);
        brush.stroke();
      }
    }
  },
  birdStand: (brush) => bird(brush, 0.6, 0),
  birdPeck: (brush) => bird(brush, -2.4, 0),
  birdFly1: (brush) => bird(brush, 0.4, 4.4),
  birdFly2: (brush) => bird(brush, 0.4, -2.6),
  apple: (brush) => {
    oval(brush, 0, -3.2, 3, 0.9, 'rgba(58,42,74,0.25)');
    disc(brush, -1, -0.8, 2.3, '#d8463a');
    disc(brush, 1, -0.8, 2.3, '#c93c33');
    disc(brush, -1.4, 0.1, 0.7, '#f0897a');
    polygon(brush, '#5f8f3e', 0, 1.2, 2.2, 2.8, 0.4, 3);
  },
  bread: (brush) => {
    oval(brush, 0, -2.6, 3.8, 0.9, 'rgba(58,42,74,0.25)');
    oval(brush, 0, -0.7, 4, 2, '#c98a45');
    oval(brush, 0, -0.1, 3.6, 1.4, '#dba65e');
    for (const x of [-1.8, 0, 1.8]) polygon(brush, '#f3d9a4', x - 0.8, -0.6, x - 0.3, -0.6, x + 0.8, 0.9, x + 0.3, 0.9);
  },
  flower: (brush) => {
    oval(brush, 0, -3.6, 2.2, 0.7, 'rgba(58,42,74,0.25)');
    polygon(brush, '#5f8f3e', -0.3, -3.4, 0.3, -3.4, 0.3, 0.4, -0.3, 0.4);
    for (const turn of [0, 1.26, 2.51, 3.77, 5.03])
      disc(brush, Math.cos(turn) * 1.5, 1.2 + Math.sin(turn) * 1.5, 1.1, '#e77fa6');
    disc(brush, 0, 1.2, 1, '#f5cf5b');
  },
  lantern: (brush) => {
    soft(brush, 4.6, '255, 214, 120', 0.6);
    oval(brush, 0, -3.3, 2.2, 0.7, 'rgba(58,42,74,0.25)');
    polygon(brush, '#4a3b42', -1.7, -3, 1.7, -3, 1.7, -2.3, -1.7, -2.3);
    polygon(brush, '#ffe39a', -1.3, -2.3, 1.3, -2.3, 1.1, 1, -1.1, 1);
    polygon(brush, '#4a3b42', -1.7, 1, 1.7, 1, 0, 2.6);
    ring(brush, 0.8, 0.8, 0.4, '#4a3b42');
  },
  target: (brush) => {
    ring(brush, 4, 2.6, 0.9, 'rgba(255, 250, 235, 0.95)');
    ring(brush, 1.6, 1.05, 0.9, 'rgba(255, 250, 235, 0.95)');
  },
};

/** Crowns of trees and everything small that moves, on one canvas: one texture, one batch. */
export function drawSprites(): SpriteSheet {
  const crownW = Math.round(CROWN.w * CROWN_PX_PER_M);
  const crownH = Math.round(CROWN.h * CROWN_PX_PER_M);
  const width = CROWN_SPECIES.length * crownW;
  const smallTop = CROWN_KINDS * crownH;
  const perRow = Math.floor(width / SMALL);
  const height = smallTop + Math.ceil(smallNames.length / perRow) * SMALL;
  const brush = canvasOf({ x: 0, y: 0, w: width, h: height }, 1);
  const crown = (species: number, kind: number): SpriteFrame => ({
    x: species * crownW,
    y: kind * crownH,
    w: crownW,
    h: crownH,
  });
  const small = (name: SmallName): SpriteFrame => {
    const index = smallNames.indexOf(name);
    return { x: (index % perRow) * SMALL, y: smallTop + Math.floor(index / perRow) * SMALL, w: SMALL, h: SMALL };
  };
  CROWN_SPECIES.forEach((species, s) => {
    for (let kind = 0; kind < CROWN_KINDS; kind++) {
      const { x, y } = crown(s, kind);
      brush.setTransform(
        CROWN_PX_PER_M,
        0,
        0,
        -CROWN_PX_PER_M,
        x - CROWN.x * CROWN_PX_PER_M,
        y + (CROWN.y + CROWN.h) * CROWN_PX_PER_M,
      );
      paintCrown(brush, species, kind);
    }
  });
  for (const name of smallNames) {
    const { x, y } = small(name);
    const scale = (SMALL - 4) / 10;
    brush.setTransform(scale, 0, 0, -scale, x + SMALL / 2, y + SMALL / 2);
    painters[name](brush);
  }
  return { canvas: brush.canvas, crownPxPerM: CROWN_PX_PER_M, crown, small };
}
