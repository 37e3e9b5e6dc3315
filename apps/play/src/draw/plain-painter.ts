import { type Area, type Brush, line } from './canvas.ts';
import { drawPatterns, type Patterns } from './patterns.ts';
import { paintTerrain } from './terrain.ts';
import type { WorldPainter } from './world-painter.ts';

const LETTER_M = 0.045;

/** An open plain of that side, metres: grass, a grid of metres, and the borders of cells. */
export class PlainPainter implements WorldPainter {
  readonly #side: { readonly w: number; readonly h: number };
  readonly #cellM: number;
  readonly #patterns: Patterns;

  constructor(side: { readonly w: number; readonly h: number }, cellM: number, pxPerM: number) {
    this.#side = side;
    this.#cellM = cellM;
    this.#patterns = drawPatterns(pxPerM);
  }

  paint(under: Brush, _over: Brush, _shade: Brush, area: Area): Area[] {
    const { w, h } = this.#side;
    const inside = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < w && y < h;
    paintTerrain(under, area, (x, y) => (inside(x, y) ? 0 : 3), this.#patterns);
    this.#grid(under, area, 1, 0.03, 'rgba(70, 100, 50, 0.22)');
    this.#grid(under, area, 8, 0.06, 'rgba(70, 100, 50, 0.35)');
    this.#grid(under, area, this.#cellM, 0.12, 'rgba(255, 250, 225, 0.75)');
    under.save();
    // A font of less than a pixel is not drawn: a larger one, made small.
    under.scale(LETTER_M, -LETTER_M);
    under.font = '20px sans-serif';
    under.fillStyle = 'rgba(255, 250, 225, 0.95)';
    for (let y = Math.floor(area.y / this.#cellM) * this.#cellM; y < area.y + area.h; y += this.#cellM) {
      for (let x = Math.floor(area.x / this.#cellM) * this.#cellM; x < area.x + area.w; x += this.#cellM) {
        if (inside(x, y)) under.fillText(`${x}, ${y}`, (x + 0.3) / LETTER_M, -(y + 0.4) / LETTER_M);
      }
    }
    under.restore();
    return [];
  }

  #grid(brush: Brush, area: Area, stepM: number, widthM: number, colour: string): void {
    const { w, h } = this.#side;
    for (let x = Math.ceil(area.x / stepM) * stepM; x <= area.x + area.w; x += stepM) {
      if (x >= 0 && x <= w) line(brush, widthM, colour, x, Math.max(0, area.y), x, Math.min(h, area.y + area.h));
    }
    for (let y = Math.ceil(area.y / stepM) * stepM; y <= area.y + area.h; y += stepM) {
      if (y >= 0 && y <= h) line(brush, widthM, colour, Math.max(0, area.x), y, Math.min(w, area.x + area.w), y);
    }
  }
}
