import type { Building } from '@lifeverse/town/decor';
import { type Brush, box, disc, line, polygon, rounded } from './canvas.ts';
import { chanceAt } from './chance.ts';
import { awnings, blossoms, darker, lighter, mix, palette, roofs, trims, walls } from './palette.ts';
import type { Patterns } from './patterns.ts';
import { paintRoof } from './roof.ts';

/** A building as seen from the south: its front, then its roof above and behind. */
export function paintBuilding(brush: Brush, it: Building, patterns: Patterns): void {
  paintFront(brush, it, patterns);
  paintRoof(brush, it, patterns);
  if (it.kind === 'hall') paintClockTower(brush, it, patterns);
  if (it.kind === 'chapel') paintSpire(brush, it, patterns);
}

function paintFront(brush: Brush, it: Building, patterns: Patterns): void {
  const wall = walls[it.wall] as string;
  const shade = brush.createLinearGradient(0, it.y, 0, it.y + it.frontM);
  shade.addColorStop(0, darker(wall, 0.12));
  shade.addColorStop(0.3, wall);
  shade.addColorStop(1, darker(wall, 0.1));
  box(brush, it.x, it.y, it.w, it.frontM + 0.3, shade);
  if (it.timber) paintTimber(brush, it);
  box(brush, it.x, it.y, it.w, 0.35, patterns.stonework);
  line(brush, 0.05, 'rgba(60,40,50,0.35)', it.x, it.y + 0.35, it.x + it.w, it.y + 0.35);
  box(brush, it.x + it.w - 0.22, it.y, 0.22, it.frontM, 'rgba(58,42,74,0.12)');
  if (it.kind === 'chapel') paintChapelFront(brush, it);
  else paintOpenings(brush, it);
  line(brush, 0.06, 'rgba(74,58,53,0.45)', it.x, it.y, it.x, it.y + it.frontM);
  line(brush, 0.06, 'rgba(74,58,53,0.45)', it.x + it.w, it.y, it.x + it.w, it.y + it.frontM);
  const eave = brush.createLinearGradient(0, it.y + it.frontM - 0.75, 0, it.y + it.frontM);
  eave.addColorStop(0, 'rgba(58,42,74,0)');
  eave.addColorStop(1, 'rgba(58,42,74,0.42)');
  box(brush, it.x, it.y + it.frontM - 0.75, it.w, 0.75, eave);
}

function paintTimber(brush: Brush, it: Building): void {
  const colour = palette.woodDark;
  const top = it.y + it.frontM;
  const floors = it.storeys === 2 ? [it.y + 2.25, top - 0.35] : [top - 0.35];
  for (const y of floors) line(brush, 0.16, colour, it.x, y, it.x + it.w, y);
  const posts = Math.max(2, Math.round(it.w / 1.8));
  for (let i = 0; i <= posts; i++) {
    const x = it.x + 0.09 + ((it.w - 0.18) * i) / posts;
    line(brush, 0.14, colour, x, it.y + (it.storeys === 2 ? 2.25 : 0.3), x, top);
  }
  if (it.storeys === 1) return;
  for (const [from, to] of [
    [it.x + 0.1, it.x + 1.2],
    [it.x + it.w - 0.1, it.x + it.w - 1.2],
  ] as const) {
    line(brush, 0.12, colour, from, it.y + 2.3, to, top - 0.4);
  }
}

/** Windows in even rows, the door among them; a shop has one broad window under its awning. */
function paintOpenings(brush: Brush, it: Building): void {
  const trim = trims[it.trim] as string;
  const grand = it.kind === 'hall';
  const columns = Math.max(2, Math.floor((it.w - 0.8) / (grand ? 1.8 : 1.9)));
  const pitch = it.w / columns;
  const door = it.x + it.doorM;
  const shop = shopOf(it, door);
  for (let floor = 0; floor < it.storeys; floor++) {
    const y = it.y + (grand ? 0.95 : 0.85) + floor * (grand ? 2.05 : 1.95);
    for (let i = 0; i < columns; i++) {
      const x = it.x + pitch * (i + 0.5);
      if (floor === 0 && Math.abs(x - door) < (grand ? 2.1 : 1.3)) continue;
      if (floor === 0 && shop !== null && x > shop[0] - 0.8 && x < shop[1] + 0.8) continue;
      paintWindow(
        brush,
        x,
        y,
        grand ? 0.85 : 0.75,
        grand ? 1.25 : 0.95,
        trim,
        it.flowers && (floor > 0 || i % 2 === 0),
      );
    }
  }
  if (grand) {
    paintPortal(brush, door, it.y, trim);
    return;
  }
  paintDoor(brush, door, it.y, trim);
  if (shop !== null) paintShop(brush, it, shop);
}

/** The stretch of the front that the shop's window takes, on the roomier side of the door. */
function shopOf(it: Building, door: number): readonly [number, number] | null {
  if (it.awning === null) return null;
  const wide = it.w - it.doorM > it.doorM;
  const from = wide ? door + 0.8 : it.x + 0.5;
  const to = wide ? it.x + it.w - 0.5 : door - 0.8;
  return to - from < 1.2 ? null : [from, to];
}

function paintWindow(brush: Brush, x: number, y: number, w: number, h: number, trim: string, flowers: boolean): void {
  const left = x - w / 2;
  for (const side of [left - 0.32, left + w + 0.04]) {
    rounded(brush, side, y, 0.28, h, 0.03, trim);
    for (let i = 1; i < 5; i++)
      line(brush, 0.03, darker(trim, 0.3), side + 0.04, y + (h * i) / 5, side + 0.24, y + (h * i) / 5);
  }
  rounded(brush, left - 0.06, y - 0.06, w + 0.12, h + 0.12, 0.05, '#fffaf0');
  const glass = brush.createLinearGradient(left, y + h, left + w, y);
  glass.addColorStop(0, '#bfe0e6');
  glass.addColorStop(0.5, '#86b3c4');
  glass.addColorStop(1, '#6d97b0');
  box(brush, left, y, w, h, glass);
  line(brush, 0.05, '#fffaf0', x, y, x, y + h);
  line(brush, 0.05, '#fffaf0', left, y + h * 0.55, left + w, y + h * 0.55);
  box(brush, left - 0.1, y - 0.13, w + 0.2, 0.09, '#e9dcc4');
  if (!flowers) return;
  rounded(brush, left - 0.08, y - 0.24, w + 0.16, 0.2, 0.04, '#a5643f');
  for (let i = 0; i < 5; i++) {
    const fx = left + (w * (i + 0.5)) / 5;
    disc(brush, fx, y - 0.02, 0.09, '#6d9a4c');
    disc(brush, fx, y + 0.03, 0.065, blossoms[Math.floor(chanceAt(x * 7, y * 3, 21) * 4)] as string);
  }
}

function paintDoor(brush: Brush, x: number, y: number, trim: string): void {
  rounded(brush, x - 0.75, y - 0.16, 1.5, 0.22, 0.05, palette.stoneLight);
  line(brush, 0.05, palette.stoneDark, x - 0.75, y - 0.15, x + 0.75, y - 0.15);
  brush.fillStyle = '#fff6e4';
  arch(brush, x, y, 0.58, 1.75);
  brush.fillStyle = darker(trim, 0.12);
  arch(brush, x, y, 0.47, 1.68);
  line(brush, 0.04, darker(trim, 0.4), x, y + 0.1, x, y + 1.9);
  disc(brush, x + 0.3, y + 0.85, 0.06, '#ffd98a');
  box(brush, x - 0.24, y + 1.2, 0.48, 0.34, '#ffe2a0');
}

function arch(brush: Brush, x: number, y: number, half: number, height: number): void {
  brush.beginPath();
  brush.moveTo(x - half, y);
  brush.lineTo(x - half, y + height - half * 0.4);
  brush.quadraticCurveTo(x, y + height + half * 0.7, x + half, y + height - half * 0.4);
  brush.lineTo(x + half, y);
  brush.closePath();
  brush.fill();
}

function paintShop(brush: Brush, it: Building, [from, to]: readonly [number, number]): void {
  const cloth = awnings[it.awning ?? 0] as string;
  rounded(brush, from, it.y + 0.55, to - from, 1.15, 0.06, '#fffaf0');
  box(brush, from + 0.08, it.y + 0.63, to - from - 0.16, 1, '#7fa9b8');
  box(brush, from + 0.08, it.y + 0.63, to - from - 0.16, 0.4, '#ffdf9c');
  for (let x = from + 0.3; x < to - 0.25; x += 0.35)
    disc(brush, x, it.y + 0.8, 0.12, blossoms[Math.floor(x * 3) % blossoms.length] as string);
  paintAwning(brush, from - 0.15, it.y + 1.35, to - from + 0.3, 0.85, cloth);
}

/** A striped cloth sloping towards the viewer, scalloped at its lower edge. */
export function paintAwning(brush: Brush, x: number, y: number, w: number, h: number, cloth: string): void {
  const stripes = Math.max(4, Math.round(w / 0.36));
  const step = w / stripes;
  for (let i = 0; i < stripes; i++) {
    const colour = i % 2 === 0 ? cloth : '#fff4e0';
    const left = x + i * step;
    box(brush, left, y, step + 0.01, h, colour);
    brush.fillStyle = darker(colour, 0.1);
    brush.beginPath();
    brush.arc(left + step / 2, y + 0.02, step / 2, Math.PI, 2 * Math.PI);
    brush.fill();
  }
  const shade = brush.createLinearGradient(0, y, 0, y + h);
  shade.addColorStop(0, 'rgba(255,246,221,0.25)');
  shade.addColorStop(1, 'rgba(58,42,74,0.2)');
  box(brush, x, y, w, h, shade);
}

function paintPortal(brush: Brush, x: number, y: number, trim: string): void {
  for (let i = 0; i < 3; i++)
    rounded(
      brush,
      x - 2 + i * 0.15,
      y - 0.45 + i * 0.16,
      4 - i * 0.3,
      0.22,
      0.04,
      mix(palette.stoneLight, palette.stoneDark, 0.5 - i * 0.22),
    );
  box(brush, x - 1.6, y + 0.1, 3.2, 2.5, '#efe2c8');
  brush.fillStyle = '#fffaf0';
  arch(brush, x, y + 0.08, 0.95, 2.2);
  brush.fillStyle = darker(trim, 0.1);
  arch(brush, x, y + 0.08, 0.8, 2.1);
  line(brush, 0.05, darker(trim, 0.4), x, y + 0.1, x, y + 2.3);
  for (const dx of [-0.2, 0.2]) disc(brush, x + dx, y + 1, 0.08, '#ffd98a');
  for (const dx of [-1.4, 1.4]) {
    rounded(brush, x + dx - 0.2, y + 0.05, 0.4, 2.5, 0.08, '#fffaf0');
    box(brush, x + dx + 0.08, y + 0.05, 0.1, 2.5, 'rgba(58,42,74,0.14)');
  }
  polygon(brush, '#fff6e4', x - 1.9, y + 2.55, x + 1.9, y + 2.55, x, y + 3.5);
  polygon(brush, '#e6d3b0', x - 1.4, y + 2.65, x + 1.4, y + 2.65, x, y + 3.3);
}

function paintChapelFront(brush: Brush, it: Building): void {
  const x = it.x + it.doorM;
  brush.fillStyle = '#fffaf0';
  arch(brush, x, it.y, 0.9, 2.3);
  brush.fillStyle = darker(palette.wood, 0.2);
  arch(brush, x, it.y, 0.75, 2.2);
  line(brush, 0.05, palette.ink, x, it.y + 0.1, x, it.y + 2.4);
  for (const dx of [-3.2, 3.2]) {
    brush.fillStyle = '#fffaf0';
    arch(brush, x + dx, it.y + 1, 0.5, 1.9);
    brush.fillStyle = '#7fa6c9';
    arch(brush, x + dx, it.y + 1.08, 0.4, 1.75);
    disc(brush, x + dx, it.y + 2.3, 0.16, '#f3c25e');
    disc(brush, x + dx, it.y + 1.7, 0.13, '#d96a6a');
    line(brush, 0.05, '#fffaf0', x + dx, it.y + 1.1, x + dx, it.y + 2.85);
  }
}

function paintClockTower(brush: Brush, it: Building, patterns: Patterns): void {
  const x = it.x + it.w / 2;
  const base = it.y + it.h - 2.6;
  const wall = walls[it.wall] as string;
  box(brush, x - 1.7, base, 3.4, 3.6, wall);
  box(brush, x + 0.9, base, 0.8, 3.6, 'rgba(58,42,74,0.14)');
  box(brush, x - 1.85, base + 3.5, 3.7, 0.25, '#fffaf0');
  box(brush, x - 1.8, base + 0.3, 3.6, 0.18, '#efe0c2');
  disc(brush, x, base + 2, 1.12, darker(wall, 0.35));
  disc(brush, x, base + 2, 1, '#fffaf0');
  for (let i = 0; i < 12; i++) {
    const angle = (i * Math.PI) / 6;
    disc(brush, x + Math.cos(angle) * 0.8, base + 2 + Math.sin(angle) * 0.8, 0.07, palette.ink);
  }
  line(brush, 0.12, palette.ink, x, base + 2, x + 0.35, base + 2.35);
  line(brush, 0.09, palette.ink, x, base + 2, x - 0.2, base + 2.7);
  const roof = roofs[it.roof] as string;
  polygon(brush, lighter(roof, 0.18), x - 2.1, base + 3.7, x, base + 3.7, x, base + 6.6);
  polygon(brush, darker(roof, 0.12), x + 2.1, base + 3.7, x, base + 3.7, x, base + 6.6);
  polygon(brush, patterns.tiles, x - 2.1, base + 3.7, x + 2.1, base + 3.7, x, base + 6.6);
  line(brush, 0.08, palette.iron, x, base + 6.5, x, base + 7.4);
  polygon(brush, '#d9604c', x, base + 7.4, x + 0.9, base + 7.15, x, base + 6.9);
}

function paintSpire(brush: Brush, it: Building, patterns: Patterns): void {
  const x = it.x + it.doorM;
  const base = it.y + it.frontM + 1.1;
  box(brush, x - 1.3, base, 2.6, 2.6, walls[it.wall] as string);
  box(brush, x + 0.6, base, 0.7, 2.6, 'rgba(58,42,74,0.14)');
  brush.fillStyle = palette.ink;
  arch(brush, x, base + 0.6, 0.5, 1.3);
  disc(brush, x, base + 1.15, 0.32, '#e0b04f');
  const roof = roofs[3];
  polygon(brush, lighter(roof, 0.15), x - 1.7, base + 2.5, x, base + 2.5, x, base + 6.4);
  polygon(brush, darker(roof, 0.14), x + 1.7, base + 2.5, x, base + 2.5, x, base + 6.4);
  polygon(brush, patterns.tiles, x - 1.7, base + 2.5, x + 1.7, base + 2.5, x, base + 6.4);
  disc(brush, x, base + 6.5, 0.18, '#e0b04f');
}
