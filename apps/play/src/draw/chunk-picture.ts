import { townDecor } from '@lifeverse/town/decor';
import { type Area, type Brush, canvasOf, meets, show } from './canvas.ts';
import { PlainPainter } from './plain-painter.ts';
import { TownPainter } from './town-painter.ts';
import type { Subject, WorldPainter } from './world-painter.ts';

/** Side of the squares that the world is painted in, metres. */
export const CHUNK_M = 24;
const STRIP_M = 1;

/** One square of the world: what lies under people, and what is above them, with the strips where there is something. */
export interface ChunkPicture {
  readonly area: Area;
  readonly under: ImageBitmap;
  readonly over: ImageBitmap | null;
  readonly strips: readonly Area[];
}

/** Paints squares of a world one after the other. */
export class ChunkStudio {
  readonly #painter: WorldPainter;
  readonly #pxPerM: number;
  readonly #under: Brush;
  readonly #over: Brush;
  readonly #shade: Brush;

  constructor(subject: Subject, pxPerM: number) {
    this.#pxPerM = pxPerM;
    this.#painter =
      subject.kind === 'town'
        ? new TownPainter(townDecor(subject.options), pxPerM)
        : new PlainPainter(subject, subject.cellM, pxPerM);
    const any = { x: 0, y: 0, w: CHUNK_M, h: CHUNK_M };
    this.#under = canvasOf(any, pxPerM);
    this.#over = canvasOf(any, pxPerM);
    this.#shade = canvasOf(any, pxPerM);
  }

  paint(area: Area): ChunkPicture {
    for (const brush of [this.#under, this.#over, this.#shade]) show(brush, area, this.#pxPerM);
    const strips = stripsOf(area, this.#painter.paint(this.#under, this.#over, this.#shade, area));
    const under = this.#under.canvas.transferToImageBitmap();
    const over = this.#over.canvas.transferToImageBitmap();
    if (strips.length > 0) return { area, under, over, strips };
    over.close();
    return { area, under, over: null, strips };
  }
}

/** Rows of tiles where there is something: most of the upper picture is air, and air costs as much to draw. */
function stripsOf(chunk: Area, covered: readonly Area[]): Area[] {
  const strips: Area[] = [];
  for (let y = chunk.y; y < chunk.y + chunk.h; y += STRIP_M) {
    let from: number | null = null;
    for (let x = chunk.x; x <= chunk.x + chunk.w; x += STRIP_M) {
      const tile = { x, y, w: STRIP_M, h: STRIP_M };
      const there = x < chunk.x + chunk.w && covered.some((area) => meets(area, tile));
      if (there) from ??= x;
      else if (from !== null) {
        strips.push({ x: from, y, w: x - from, h: STRIP_M });
        from = null;
      }
    }
  }
  return strips;
}
