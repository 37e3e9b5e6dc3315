import { CanvasSource, Container, Rectangle, Sprite, Texture } from 'pixi.js';
import { type Area, type Brush, canvasOf, meets } from '../draw/canvas.ts';
import type { WorldPainter } from '../draw/world-painter.ts';
import type { Camera } from './camera.ts';

const CHUNK_M = 16;
const STRIP_M = 1;
/** Chunks kept beyond those in sight; the ones farthest away go first. */
const SPARE = 24;
/** How far beyond the screen chunks are painted ahead, metres. */
const AHEAD_M = 10;

interface Chunk {
  readonly area: Area;
  readonly under: Sprite;
  readonly over: Container | null;
}

/**
 * The unmoving world as pictures of square pieces, painted when they come near: below people, and above them.
 * Painting takes some milliseconds a piece, so it happens ahead of time and one piece a frame.
 */
export class GroundLayer {
  readonly under = new Container();
  readonly over = new Container();
  readonly #painter: WorldPainter;
  readonly #pxPerM: number;
  readonly #chunks = new Map<number, Chunk>();
  readonly #shade: Brush;
  #turn = 0;

  constructor(painter: WorldPainter, pxPerM: number) {
    this.#painter = painter;
    this.#pxPerM = pxPerM;
    this.#shade = canvasOf({ x: 0, y: 0, w: CHUNK_M, h: CHUNK_M }, pxPerM);
  }

  /** Paints what is missing in sight, and else now and then one piece ahead. */
  update(camera: Camera): void {
    const halfW = camera.width / camera.zoom / 2;
    const halfH = camera.height / camera.zoom / 2;
    const sight = { x: camera.x - halfW, y: camera.y - halfH, w: 2 * halfW, h: 2 * halfH };
    for (const chunk of this.#chunks.values()) {
      const visible = meets(chunk.area, sight);
      chunk.under.visible = visible;
      if (chunk.over !== null) chunk.over.visible = visible;
    }
    if (this.#paintIn(sight)) return;
    this.#turn = (this.#turn + 1) % 6;
    if (this.#turn !== 0) return;
    const ahead = { x: sight.x - AHEAD_M, y: sight.y - AHEAD_M, w: sight.w + 2 * AHEAD_M, h: sight.h + 2 * AHEAD_M };
    if (!this.#paintIn(ahead)) this.#forget(sight, ahead);
  }

  /** Everything in sight at once: before the first frame is shown. */
  fill(camera: Camera): void {
    const halfW = camera.width / camera.zoom / 2;
    const halfH = camera.height / camera.zoom / 2;
    const sight = { x: camera.x - halfW, y: camera.y - halfH, w: 2 * halfW, h: 2 * halfH };
    while (this.#paintIn(sight)) {}
  }

  /** Paints the missing piece nearest to the middle; false when none is missing. */
  #paintIn(sight: Area): boolean {
    const { extent } = this.#painter;
    const left = Math.floor(Math.max(sight.x, extent.x) / CHUNK_M);
    const right = Math.floor((Math.min(sight.x + sight.w, extent.x + extent.w) - 0.001) / CHUNK_M);
    const low = Math.floor(Math.max(sight.y, extent.y) / CHUNK_M);
    const high = Math.floor((Math.min(sight.y + sight.h, extent.y + extent.h) - 0.001) / CHUNK_M);
    let best: { cx: number; cy: number; key: number } | null = null;
    let bestDistance = Number.POSITIVE_INFINITY;
    for (let cy = low; cy <= high; cy++) {
      for (let cx = left; cx <= right; cx++) {
        const key = (cy + 4_096) * 8_192 + cx + 4_096;
        if (this.#chunks.has(key)) continue;
        const distance =
          Math.abs((cx + 0.5) * CHUNK_M - sight.x - sight.w / 2) +
          Math.abs((cy + 0.5) * CHUNK_M - sight.y - sight.h / 2);
        if (distance < bestDistance) [best, bestDistance] = [{ cx, cy, key }, distance];
      }
    }
    if (best === null) return false;
    this.#chunks.set(best.key, this.#paint(best.cx, best.cy));
    return true;
  }

  #paint(cx: number, cy: number): Chunk {
    const area: Area = { x: cx * CHUNK_M, y: cy * CHUNK_M, w: CHUNK_M, h: CHUNK_M };
    const under = canvasOf(area, this.#pxPerM);
    const over = canvasOf(area, this.#pxPerM);
    const scale = this.#pxPerM;
    this.#shade.setTransform(scale, 0, 0, -scale, -area.x * scale, (area.y + area.h) * scale);
    const covered = this.#painter.paint(under, over, this.#shade, area);
    return {
      area,
      under: this.under.addChild(this.#spriteOf(this.#texture(under), area, area)),
      over: covered.length === 0 ? null : this.over.addChild(this.#coverOf(over, area, covered)),
    };
  }

  #texture(brush: Brush): Texture {
    return new Texture({ source: new CanvasSource({ resource: brush.canvas, scaleMode: 'linear' }) });
  }

  #spriteOf(texture: Texture, area: Area, chunk: Area): Sprite {
    const px = this.#pxPerM;
    const frame = new Rectangle(
      (area.x - chunk.x) * px,
      (chunk.y + chunk.h - area.y - area.h) * px,
      area.w * px,
      area.h * px,
    );
    const sprite = new Sprite(area === chunk ? texture : new Texture({ source: texture.source, frame }));
    sprite.position.set(area.x, -(area.y + area.h));
    sprite.scale.set(1 / px);
    return sprite;
  }

  /** Only the strips of the picture where there is something: most of it is air, and air costs as much to draw. */
  #coverOf(brush: Brush, chunk: Area, covered: readonly Area[]): Container {
    const container = new Container();
    const texture = this.#texture(brush);
    for (let y = chunk.y; y < chunk.y + chunk.h; y += STRIP_M) {
      let from: number | null = null;
      for (let x = chunk.x; x <= chunk.x + chunk.w; x += STRIP_M) {
        const tile = { x, y, w: STRIP_M, h: STRIP_M };
        const there = x < chunk.x + chunk.w && covered.some((area) => meets(area, tile));
        if (there) from ??= x;
        else if (from !== null) {
          container.addChild(this.#spriteOf(texture, { x: from, y, w: x - from, h: STRIP_M }, chunk));
          from = null;
        }
      }
    }
    return container;
  }

  #forget(sight: Area, ahead: Area): void {
    if (this.#chunks.size <= SPARE) return;
    const away: { key: number; chunk: Chunk; distance: number }[] = [];
    for (const [key, chunk] of this.#chunks) {
      if (meets(chunk.area, ahead, CHUNK_M)) continue;
      const distance = Math.abs(chunk.area.x - sight.x - sight.w / 2) + Math.abs(chunk.area.y - sight.y - sight.h / 2);
      away.push({ key, chunk, distance });
    }
    away.sort((a, b) => a.distance - b.distance);
    for (const { key, chunk } of away.slice(SPARE)) {
      this.#chunks.delete(key);
      chunk.under.destroy({ texture: true, textureSource: true });
      chunk.over?.destroy({ children: true, texture: true, textureSource: true });
    }
  }
}
