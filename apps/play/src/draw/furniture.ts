import type { Thing } from '@lifeverse/town/decor';
import { paintAwning } from './building.ts';
import { type Brush, box, disc, line, oval, polygon, rounded } from './canvas.ts';
import { awnings, blossoms, darker, lighter, palette, roofs } from './palette.ts';
import type { Patterns } from './patterns.ts';

export function paintLamp(brush: Brush, x: number, y: number): void {
  const cx = x + 0.5;
  oval(brush, cx, y + 0.3, 0.28, 0.16, palette.iron);
  box(brush, cx - 0.06, y + 0.3, 0.12, 2.3, palette.iron);
  box(brush, cx - 0.06, y + 0.3, 0.04, 2.3, '#6d6b78');
  rounded(brush, cx - 0.14, y + 0.6, 0.28, 0.12, 0.04, palette.iron);
  polygon(brush, palette.lampGlass, cx - 0.16, y + 2.55, cx + 0.16, y + 2.55, cx + 0.26, y + 3.05, cx - 0.26, y + 3.05);
  polygon(brush, '#fffbe6', cx - 0.05, y + 2.55, cx + 0.05, y + 2.55, cx + 0.07, y + 3.05, cx - 0.07, y + 3.05);
  polygon(brush, palette.iron, cx - 0.32, y + 3.03, cx + 0.32, y + 3.03, cx, y + 3.35);
  disc(brush, cx, y + 3.38, 0.07, palette.iron);
}

/** A round basin; the column in the middle carries two bowls. The moving water is drawn above it, every frame. */
export function paintFountain(brush: Brush, thing: Thing): void {
  const cx = thing.x + thing.w / 2;
  const cy = thing.y + thing.h / 2;
  const radius = thing.w / 2;
  oval(brush, cx, cy - 0.25, radius + 0.05, radius + 0.05, palette.stoneDark);
  oval(brush, cx, cy, radius + 0.05, radius + 0.05, palette.stone);
  oval(brush, cx, cy + 0.04, radius - 0.12, radius - 0.14, palette.stoneLight);
  oval(brush, cx, cy, radius - 0.5, radius - 0.52, palette.stoneDark);
  oval(brush, cx, cy - 0.16, radius - 0.55, radius - 0.58, palette.waterDeep);
  oval(brush, cx, cy - 0.22, radius - 0.8, radius - 0.86, palette.water);
  brush.strokeStyle = 'rgba(225,248,245,0.6)';
  brush.lineWidth = 0.07;
  for (const ring of [0.75, 0.5]) {
    brush.beginPath();
    brush.ellipse(cx, cy - 0.2, (radius - 0.8) * ring, (radius - 0.86) * ring, 0, 0, 7);
    brush.stroke();
  }
  for (let i = 0; i < 16; i++) {
    const angle = (i / 16) * Math.PI * 2;
    line(
      brush,
      0.05,
      'rgba(110,100,90,0.55)',
      cx + Math.cos(angle) * (radius - 0.12),
      cy + Math.sin(angle) * (radius - 0.12),
      cx + Math.cos(angle) * (radius - 0.48),
      cy + Math.sin(angle) * (radius - 0.48),
    );
  }
  const scale = radius / 3.5;
  for (const [y, w] of [
    [cy - 0.2, 0.5],
    [cy + 1.1 * scale, 0.32],
  ] as const) {
    box(brush, cx - w * scale, y, 2 * w * scale, 1.3 * scale, palette.stone);
    box(brush, cx + w * scale * 0.3, y, w * scale * 0.7, 1.3 * scale, palette.stoneDark);
  }
  for (const [y, rx] of [
    [cy + 1.1 * scale, 1.25],
    [cy + 2.3 * scale, 0.72],
  ] as const) {
    oval(brush, cx, y - 0.16 * scale, rx * scale, 0.42 * scale, palette.stoneDark);
    oval(brush, cx, y, rx * scale, 0.42 * scale, palette.stoneLight);
    oval(brush, cx, y + 0.02, rx * scale * 0.84, 0.3 * scale, palette.waterLight);
  }
}

export function paintWell(brush: Brush, { x, y }: Thing, patterns: Patterns): void {
  const cx = x + 1;
  oval(brush, cx, y + 0.55, 0.92, 0.55, palette.stoneDark);
  box(brush, cx - 0.92, y + 0.55, 1.84, 0.5, patterns.stonework);
  oval(brush, cx, y + 1.05, 0.92, 0.52, palette.stoneLight);
  oval(brush, cx, y + 1.05, 0.68, 0.36, '#3f4f62');
  for (const side of [-0.85, 0.85]) box(brush, cx + side - 0.08, y + 0.9, 0.16, 1.6, palette.woodDark);
  line(brush, 0.12, palette.wood, cx - 0.85, y + 1.95, cx + 0.85, y + 1.95);
  line(brush, 0.05, '#d8c49a', cx, y + 1.95, cx, y + 1.2);
  polygon(brush, roofs[2], cx - 1.2, y + 2.3, cx + 1.2, y + 2.3, cx + 0.95, y + 3.1, cx - 0.95, y + 3.1);
  polygon(brush, patterns.tiles, cx - 1.2, y + 2.3, cx + 1.2, y + 2.3, cx + 0.95, y + 3.1, cx - 0.95, y + 3.1);
  box(brush, cx - 1.2, y + 2.22, 2.4, 0.12, darker(roofs[2], 0.4));
}

export function paintStatue(brush: Brush, { x, y }: Thing, patterns: Patterns): void {
  const cx = x + 1.5;
  rounded(brush, x + 0.05, y + 0.05, 2.9, 2.3, 0.2, palette.stoneDark);
  rounded(brush, x + 0.05, y + 0.25, 2.9, 2.3, 0.2, palette.stoneLight);
  box(brush, cx - 0.85, y + 0.8, 1.7, 1.3, patterns.stonework);
  box(brush, cx + 0.4, y + 0.8, 0.45, 1.3, 'rgba(58,42,74,0.2)');
  rounded(brush, cx - 1, y + 2.05, 2, 0.25, 0.05, palette.stoneLight);
  const bronze = '#7f9a86';
  polygon(brush, bronze, cx - 0.5, y + 2.3, cx + 0.5, y + 2.3, cx + 0.32, y + 3.5, cx - 0.32, y + 3.5);
  polygon(brush, darker(bronze, 0.25), cx + 0.1, y + 2.3, cx + 0.5, y + 2.3, cx + 0.32, y + 3.5, cx + 0.1, y + 3.5);
  disc(brush, cx, y + 3.8, 0.34, bronze);
  disc(brush, cx - 0.08, y + 3.88, 0.18, lighter(bronze, 0.3));
  line(brush, 0.18, bronze, cx + 0.3, y + 3.3, cx + 0.75, y + 4);
}

/** A market stall: a counter with goods, two posts, a striped cloth. Each variant sells something else. */
export function paintStall(brush: Brush, { x, y, variant }: Thing): void {
  const cloth = awnings[variant & 7] as string;
  box(brush, x + 0.05, y + 0.05, 2.9, 0.75, palette.wood);
  for (let px = x + 0.4; px < x + 2.9; px += 0.4) line(brush, 0.04, palette.woodDark, px, y + 0.05, px, y + 0.75);
  box(brush, x, y + 0.72, 3, 0.62, lighter(palette.wood, 0.22));
  const goods = [
    ['#e2604c', '#f0b04a'],
    ['#8fb653', '#d8e27a'],
    ['#f2d7a0', '#c98f4f'],
    ['#7fa3d0', '#e8edf2'],
  ][(variant >> 3) & 3] as [string, string];
  for (let row = 0; row < 2; row++) {
    for (let px = x + 0.25; px < x + 2.9; px += 0.32) {
      const colour = Math.floor((px - x) / 0.75) % 2 === 0 ? goods[0] : goods[1];
      disc(brush, px, y + 0.9 + row * 0.26, 0.15, darker(colour, 0.2));
      disc(brush, px - 0.02, y + 0.94 + row * 0.26, 0.12, colour);
    }
  }
  for (const post of [x + 0.06, x + 2.82]) box(brush, post, y + 0.1, 0.12, 2.2, palette.woodDark);
  paintAwning(brush, x - 0.15, y + 1.55, 3.3, 1.1, cloth);
  box(brush, x - 0.15, y + 2.62, 3.3, 0.1, darker(cloth, 0.35));
}

export function paintTable(brush: Brush, { x, y }: Thing): void {
  for (const dx of [-0.75, 0.75]) {
    rounded(brush, x + 0.5 + dx - 0.2, y + 0.2, 0.4, 0.4, 0.1, palette.woodDark);
    rounded(brush, x + 0.5 + dx - 0.2, y + 0.3, 0.4, 0.36, 0.1, palette.wood);
  }
  oval(brush, x + 0.5, y + 0.45, 0.55, 0.4, palette.woodDark);
  oval(brush, x + 0.5, y + 0.55, 0.55, 0.4, lighter(palette.wood, 0.25));
  disc(brush, x + 0.35, y + 0.6, 0.09, '#fffaf0');
  disc(brush, x + 0.68, y + 0.5, 0.09, '#fffaf0');
}

/** Seen from above the heads: it covers who sits below. */
export function paintParasol(brush: Brush, { x, y, variant }: Thing): void {
  const cx = x + 0.5;
  const cy = y + 2.1;
  const cloth = awnings[(variant * 3) & 7] as string;
  const folds = 8;
  for (let i = 0; i < folds; i++) {
    const from = (i / folds) * Math.PI * 2;
    const to = ((i + 1) / folds) * Math.PI * 2;
    const lit = 0.5 + 0.5 * Math.cos((from + to) / 2 - 2.4);
    const base = i % 2 === 0 ? cloth : '#fff4e0';
    brush.fillStyle = darker(base, 0.24 - lit * 0.24);
    brush.beginPath();
    brush.moveTo(cx, cy + 0.35);
    brush.ellipse(cx, cy, 1.35, 0.95, 0, from, to);
    brush.closePath();
    brush.fill();
  }
  disc(brush, cx, cy + 0.36, 0.09, palette.woodDark);
}

export function paintBarrels(brush: Brush, { x, y, variant }: Thing): void {
  if (variant % 2 === 0) {
    box(brush, x + 0.1, y + 0.08, 0.8, 0.7, palette.wood);
    box(brush, x + 0.1, y + 0.7, 0.8, 0.35, lighter(palette.wood, 0.25));
    line(brush, 0.05, palette.woodDark, x + 0.1, y + 0.4, x + 0.9, y + 0.4);
    for (let i = 0; i < 5; i++)
      disc(brush, x + 0.22 + (i % 3) * 0.26, y + 0.8 + Math.floor(i / 3) * 0.16, 0.12, blossoms[variant % 3] as string);
    return;
  }
  rounded(brush, x + 0.12, y + 0.08, 0.76, 0.95, 0.2, palette.wood);
  rounded(brush, x + 0.5, y + 0.08, 0.38, 0.95, 0.2, palette.woodDark);
  for (const hoop of [0.28, 0.75]) line(brush, 0.07, palette.iron, x + 0.12, y + hoop, x + 0.88, y + hoop);
  oval(brush, x + 0.5, y + 1, 0.37, 0.2, lighter(palette.wood, 0.2));
}

export function paintGazebo(brush: Brush, { x, y }: Thing, patterns: Patterns): void {
  const cx = x + 2;
  oval(brush, cx, y + 1.7, 2.05, 1.65, palette.stoneDark);
  oval(brush, cx, y + 1.95, 2.05, 1.65, palette.stoneLight);
  oval(brush, cx, y + 1.95, 1.8, 1.42, '#e9d6b4');
  for (const [dx, dy] of [
    [-1.6, 1.1],
    [-0.7, 0.6],
    [0.7, 0.6],
    [1.6, 1.1],
  ] as const) {
    box(brush, cx + dx - 0.1, y + dy, 0.2, 2.5, '#fffaf0');
    box(brush, cx + dx + 0.02, y + dy, 0.08, 2.5, '#d8cbb4');
  }
  const roof = roofs[3];
  const rim: [number, number][] = [
    [cx - 2.4, y + 3.5],
    [cx - 1.1, y + 2.85],
    [cx + 1.1, y + 2.85],
    [cx + 2.4, y + 3.5],
  ];
  const top: [number, number] = [cx, y + 5.3];
  [lighter(roof, 0.22), lighter(roof, 0.06), darker(roof, 0.12)].forEach((shade, i) => {
    const piece = [rim[i] as [number, number], rim[i + 1] as [number, number], top];
    polygon(brush, shade, ...piece.flat());
    polygon(brush, patterns.tiles, ...piece.flat());
  });
  line(brush, 0.12, '#fffaf0', ...rim.flat());
  disc(brush, cx, y + 5.4, 0.16, '#e0b04f');
}
