import { Container, ImageSource, Rectangle, Sprite, Texture } from 'pixi.js';
import { type Area, meets } from '../draw/canvas.ts';
import { CHUNK_M, type ChunkPicture } from '../draw/chunk-picture.ts';
import type { Subject } from '../draw/world-painter.ts';
import type { Camera } from './camera.ts';
import type { GroundRequest } from './ground-worker.ts';

/** Squares kept beyond those in sight; the ones farthest away go first. */
const SPARE = 24;
/** How far beyond the screen squares are painted ahead, metres. */
const AHEAD_M = 10;
/** Squares asked for at once: more would be painted for a place one has left. */
const ASKED = 2;

interface Chunk {
  readonly area: Area;
  readonly under: Sprite;
  readonly over: Container | null;
}

/**
 * The unmoving world as pictures of squares: one layer below people, one above them. They are painted by a thread of
 * their own when they come near, so that no frame waits for paint.
 */
export class GroundLayer {
  readonly under = new Container();
  readonly over = new Container();
  readonly #extent: Area;
  readonly #pxPerM: number;
  readonly #painter: Worker;
  readonly #chunks = new Map<number, Chunk>();
  readonly #asked = new Set<number>();
  readonly #painted: ChunkPicture[] = [];
  #complete: (() => void) | null = null;

  constructor(subject: Subject, extent: Area, pxPerM: number) {
    this.#extent = extent;
    this.#pxPerM = pxPerM;
    this.#painter = new Worker(new URL('./ground-worker.ts', import.meta.url), { type: 'module' });
    this.#painter.onmessage = ({ data }: MessageEvent<ChunkPicture>) => {
      this.#painted.push(data);
    };
    this.#ask({ subject, pxPerM });
  }

  /** Hangs what was painted since, a square a frame, and asks for what is missing: in sight first, then ahead. */
  update(camera: Camera): void {
    const sight = sightOf(camera, 0);
    for (const chunk of this.#chunks.values()) {
      const visible = meets(chunk.area, sight);
      chunk.under.visible = visible;
      if (chunk.over !== null) chunk.over.visible = visible;
    }
    const picture = this.#painted.shift();
    if (picture !== undefined) this.#hang(picture);
    while (this.#asked.size < ASKED) {
      const next = this.#missingIn(sight);
      if (next === null) break;
      this.#request(next);
    }
    if (this.#asked.size > 0) return;
    this.#complete?.();
    this.#complete = null;
    const ahead = sightOf(camera, AHEAD_M);
    const next = this.#missingIn(ahead);
    if (next === null) this.#forget(sight, ahead);
    else this.#request(next);
  }

  /** Resolves when all in sight is there, provided that frames go on. */
  complete(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#complete = resolve;
    return promise;
  }

  #ask(request: GroundRequest): void {
    this.#painter.postMessage(request);
  }

  #request({ x, y }: { readonly x: number; readonly y: number }): void {
    this.#asked.add(keyOf(x, y));
    this.#ask({ area: { x, y, w: CHUNK_M, h: CHUNK_M } });
  }

  /** The south-west corner of the missing square nearest to the middle; null when none is missing. */
  #missingIn(sight: Area): { x: number; y: number } | null {
    const extent = this.#extent;
    const left = Math.floor(Math.max(sight.x, extent.x) / CHUNK_M) * CHUNK_M;
    const right = Math.min(sight.x + sight.w, extent.x + extent.w);
    const low = Math.floor(Math.max(sight.y, extent.y) / CHUNK_M) * CHUNK_M;
    const high = Math.min(sight.y + sight.h, extent.y + extent.h);
    let best: { x: number; y: number } | null = null;
    let bestDistance = Number.POSITIVE_INFINITY;
    for (let y = low; y < high; y += CHUNK_M) {
      for (let x = left; x < right; x += CHUNK_M) {
        const key = keyOf(x, y);
        if (this.#chunks.has(key) || this.#asked.has(key)) continue;
        const distance = distanceTo(sight, x, y);
        if (distance < bestDistance) [best, bestDistance] = [{ x, y }, distance];
      }
    }
    return best;
  }

  #hang({ area, under, over, strips }: ChunkPicture): void {
    const key = keyOf(area.x, area.y);
    this.#asked.delete(key);
    const ground = this.under.addChild(this.#spriteOf(textureOf(under), area, area));
    let cover: Container | null = null;
    if (over !== null) {
      const texture = textureOf(over);
      cover = this.over.addChild(new Container());
      for (const strip of strips) cover.addChild(this.#spriteOf(texture, strip, area));
    }
    this.#chunks.set(key, { area, under: ground, over: cover });
  }

  #spriteOf(texture: Texture, part: Area, chunk: Area): Sprite {
    const px = this.#pxPerM;
    const frame = new Rectangle(
      (part.x - chunk.x) * px,
      (chunk.y + chunk.h - part.y - part.h) * px,
      part.w * px,
      part.h * px,
    );
    const sprite = new Sprite(part === chunk ? texture : new Texture({ source: texture.source, frame }));
    sprite.position.set(part.x, -(part.y + part.h));
    sprite.scale.set(1 / px);
    return sprite;
  }

  #forget(sight: Area, ahead: Area): void {
    if (this.#chunks.size <= SPARE) return;
    const away: { key: number; chunk: Chunk; distance: number }[] = [];
    for (const [key, chunk] of this.#chunks) {
      if (meets(chunk.area, ahead, CHUNK_M)) continue;
      away.push({ key, chunk, distance: distanceTo(sight, chunk.area.x, chunk.area.y) });
    }
    away.sort((a, b) => a.distance - b.distance);
    for (const { key, chunk } of away.slice(SPARE)) {
      this.#chunks.delete(key);
      chunk.under.destroy({ texture: true, textureSource: true });
      chunk.over?.destroy({ children: true, texture: true, textureSource: true });
    }
  }
}

function textureOf(bitmap: ImageBitmap): Texture {
  // A bitmap made from a canvas has its colours multiplied by their opacity already.
  const source = new ImageSource({ resource: bitmap, alphaMode: 'premultiplied-alpha', scaleMode: 'linear' });
  return new Texture({ source });
}

function keyOf(x: number, y: number): number {
  return (y / CHUNK_M + 4_096) * 8_192 + x / CHUNK_M + 4_096;
}

function sightOf(camera: Camera, beyondM: number): Area {
  const w = camera.width / camera.zoom + 2 * beyondM;
  const h = camera.height / camera.zoom + 2 * beyondM;
  return { x: camera.x - w / 2, y: camera.y - h / 2, w, h };
}

function distanceTo(sight: Area, x: number, y: number): number {
  return Math.abs(x + CHUNK_M / 2 - sight.x - sight.w / 2) + Math.abs(y + CHUNK_M / 2 - sight.y - sight.h / 2);
}
