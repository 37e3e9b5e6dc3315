import { Random } from '@lifeverse/base';
import type { Tree } from '@lifeverse/town/decor';
import { type Area, type Brush, box, disc, line, oval, polygon, rounded } from './canvas.ts';
import { chanceAt, pickAt } from './chance.ts';
import { blossoms, darker, lighter, palette } from './palette.ts';

/** How far a crown reaches from the foot of its trunk, metres, at size 1. */
export const CROWN: Area = { x: -2.5, y: 0.6, w: 5, h: 5.2 };

export function paintTrunk(brush: Brush, tree: Tree): void {
  const { x, y, size } = tree;
  const half = (tree.species === 'slim' || tree.species === 'fruit' ? 0.16 : 0.24) * size;
  oval(brush, x, y + 0.05, 0.65, 0.34, 'rgba(70,70,40,0.35)');
  polygon(
    brush,
    palette.woodDark,
    x - half * 1.7,
    y - 0.05,
    x + half * 1.7,
    y - 0.05,
    x + half,
    y + 1.9 * size,
    x - half,
    y + 1.9 * size,
  );
  polygon(
    brush,
    palette.wood,
    x - half * 1.7,
    y - 0.05,
    x,
    y - 0.05,
    x - half * 0.2,
    y + 1.9 * size,
    x - half,
    y + 1.9 * size,
  );
}

export function treeShadow(brush: Brush, tree: Tree): void {
  const radius = (tree.species === 'slim' ? 1 : tree.species === 'fruit' ? 1.3 : 1.75) * tree.size;
  brush.beginPath();
  brush.ellipse(tree.x + radius * 0.6, tree.y - radius * 0.15, radius * 1.15, radius * 0.72, -0.2, 0, 7);
  brush.fill();
}

const leaves: Record<Tree['species'], string> = {
  leafy: '#7fae4e',
  round: '#8cba55',
  slim: '#6fa35a',
  fruit: '#92b857',
  fir: '#5d9160',
};

/** The crown alone, around the foot of its trunk at (0, 0). Two kinds a species; `kind` picks one. */
export function paintCrown(brush: Brush, species: Tree['species'], kind: number): void {
  const random = new Random(kind * 97 + species.length * 13);
  if (species === 'fir') paintFir(brush, random);
  else paintBroadleaf(brush, species, random);
}

function paintBroadleaf(brush: Brush, species: Tree['species'], random: Random): void {
  const colour = leaves[species];
  const { rx, ry, cy, clumps } = {
    leafy: { rx: 1.7, ry: 1.45, cy: 3, clumps: 15 },
    round: { rx: 1.5, ry: 1.5, cy: 2.9, clumps: 17 },
    slim: { rx: 0.85, ry: 1.9, cy: 3.1, clumps: 15 },
    fruit: { rx: 1.25, ry: 1.1, cy: 2.35, clumps: 12 },
    fir: { rx: 1, ry: 1, cy: 2, clumps: 1 },
  }[species];
  const spots = Array.from({ length: clumps }, (_, i) => {
    const angle = (i / clumps) * Math.PI * 2 + random.between(-0.2, 0.2);
    const out = i % 3 === 0 ? 0.3 : random.between(0.62, 0.82);
    return {
      x: Math.cos(angle) * rx * out,
      y: cy + Math.sin(angle) * ry * out,
      r: random.between(0.55, 0.75) * Math.min(rx, ry) * 0.72,
    };
  });
  for (const { x, y, r } of spots) disc(brush, x, y - 0.1, r + 0.14, darker(colour, 0.42));
  for (const { x, y, r } of spots) disc(brush, x, y, r, darker(colour, 0.2));
  spots.sort((a, b) => a.y - a.x - b.y + b.x);
  for (const { x, y, r } of spots) disc(brush, x - 0.1, y + 0.12, r * 0.86, colour);
  for (const { x, y, r } of spots) {
    if (y - x < cy - 0.6) continue;
    disc(brush, x - 0.2, y + 0.22, r * 0.58, lighter(colour, 0.2));
  }
  for (let i = 0; i < 46; i++) {
    const angle = random.between(0, 7);
    const out = Math.sqrt(random.float());
    const x = Math.cos(angle) * rx * out;
    const y = cy + Math.sin(angle) * ry * out;
    const lit = y - x > cy - 0.2;
    oval(brush, x, y, 0.1, 0.06, lit ? lighter(colour, 0.42) : darker(colour, 0.3));
  }
  if (species !== 'fruit') return;
  for (let i = 0; i < 11; i++) {
    const x = random.between(-rx, rx) * 0.8;
    const y = cy + random.between(-ry, ry) * 0.75;
    disc(brush, x, y, 0.11, '#c94f3f');
    disc(brush, x - 0.03, y + 0.04, 0.04, '#ffd0b0');
  }
}

function paintFir(brush: Brush, random: Random): void {
  const colour = leaves.fir;
  for (let tier = 0; tier < 4; tier++) {
    const y = 0.9 + tier * 0.95;
    const half = 1.65 - tier * 0.36;
    const teeth = 9;
    const edge: [number, number][] = [[0, y + 1.7]];
    for (let i = 0; i <= teeth; i++)
      edge.push([half - (2 * half * i) / teeth, y + (i % 2) * 0.22 - 0.12 * Math.sin((i / teeth) * Math.PI)]);
    polygon(brush, darker(colour, 0.34), ...edge.flat());
    polygon(brush, darker(colour, 0.08), ...edge.flatMap(([x, ey]) => [x * 0.93, ey + 0.14] as const));
    polygon(brush, lighter(colour, 0.14), 0, y + 1.7, -half * 0.85, y + 0.2, -half * 0.15, y + 0.28);
    for (let i = 0; i < 6; i++)
      oval(brush, random.between(-half, half) * 0.6, y + random.between(0.3, 0.9), 0.1, 0.05, lighter(colour, 0.3));
  }
}

/** A clipped hedge along its tiles. */
export function paintHedge(brush: Brush, { x, y, w, h }: Area): void {
  rounded(brush, x + 0.02, y - 0.06, w - 0.04, h + 0.3, 0.35, palette.leafHedgeDark);
  rounded(brush, x + 0.02, y + 0.34, w - 0.04, h - 0.04, 0.35, palette.leafHedge);
  for (let ty = y; ty < y + h; ty += 0.5) {
    for (let tx = x; tx < x + w; tx += 0.5) {
      const chance = chanceAt(tx * 2, ty * 2, 31);
      const lx = tx + 0.12 + chance * 0.25;
      const ly = ty + 0.42 + chanceAt(tx * 2, ty * 2, 32) * 0.3;
      oval(brush, lx, ly, 0.11, 0.07, chance < 0.5 ? lighter(palette.leafHedge, 0.28) : palette.leafHedgeDark);
      if (chance > 0.9) disc(brush, lx, ly, 0.07, pickAt(['#ffffff', '#f59ac2', '#ffe08a'], x, y, 33));
    }
  }
}

/** A bed of earth: rows of vegetables in gardens, flowers in parks. */
export function paintBeds(brush: Brush, { x, y, w, h }: Area, variant: number): void {
  rounded(brush, x + 0.06, y + 0.06, w - 0.12, h - 0.12, 0.25, darker(palette.soil, 0.15));
  rounded(brush, x + 0.12, y + 0.14, w - 0.24, h - 0.26, 0.2, palette.soil);
  const flowers = variant >= 64;
  for (let row = 0; row < h * 2; row++) {
    const ry = y + h - 0.36 - row * 0.46;
    if (ry < y + 0.15) break;
    for (let px = x + 0.4; px < x + w - 0.25; px += 0.42) {
      const chance = chanceAt(px * 5, ry * 5, 41);
      disc(brush, px, ry, 0.17, darker('#6d9a4c', 0.15));
      disc(
        brush,
        px - 0.03,
        ry + 0.05,
        0.13,
        flowers ? '#7fae4e' : (['#86b653', '#9cc05a', '#6fa35a'][variant % 3] ?? '#86b653'),
      );
      if (flowers) disc(brush, px, ry + 0.1, 0.11, blossoms[(variant + row) % blossoms.length] as string);
      else if (chance > 0.6)
        disc(brush, px + 0.05, ry + 0.06, 0.07, ['#e2604c', '#f0b04a', '#d8e2a0'][variant % 3] ?? '#e2604c');
    }
  }
}

export function paintBench(brush: Brush, x: number, y: number): void {
  for (const leg of [x + 0.2, x + 1.7]) box(brush, leg, y + 0.1, 0.14, 0.45, palette.iron);
  rounded(brush, x + 0.05, y + 0.4, 1.9, 0.3, 0.06, palette.wood);
  line(brush, 0.04, palette.woodDark, x + 0.1, y + 0.55, x + 1.9, y + 0.55);
  rounded(brush, x + 0.05, y + 0.82, 1.9, 0.18, 0.05, palette.wood);
  rounded(brush, x + 0.05, y + 1.06, 1.9, 0.18, 0.05, lighter(palette.wood, 0.15));
  for (const post of [x + 0.25, x + 1.65]) box(brush, post, y + 0.6, 0.1, 0.65, palette.woodDark);
}
