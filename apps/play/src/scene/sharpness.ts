/** Slower than this, drawing is too much for the device, ms between frames. */
const SLOW_MS = 40;
/** A pause (a hidden tab, a lid) says nothing about speed. */
const PAUSE_MS = 400;
const MEMORY = 0.06;
/** After a step, frames until the next is considered. */
const REST_FRAMES = 45;

/**
 * How many pixels are drawn for one of the page: as many as the screen has, fewer where that is too slow. It only ever
 * goes down: a picture that changes its mind is worse than one that is a little soft.
 */
export class Sharpness {
  readonly #levels: readonly number[];
  #level = 0;
  #meanMs = 16;
  #rest = REST_FRAMES;

  /** `software`: no graphics card; begins lower, for it will come to that. */
  constructor(devicePixels: number, software: boolean) {
    const most = Math.min(2, devicePixels);
    this.#levels = [most, ...[1.5, 1, 0.75, 0.55].filter((level) => level < most)];
    if (software) this.#level = this.#levels.indexOf(this.#levels.find((level) => level <= 0.75) ?? most);
  }

  get resolution(): number {
    return this.#levels[this.#level] as number;
  }

  /** No room for ornaments that cost a whole picture. */
  get scarce(): boolean {
    return this.resolution < 1;
  }

  /** A frame came so long after the last; true when the resolution is another from now on. */
  frame(intervalMs: number): boolean {
    if (intervalMs > PAUSE_MS) return false;
    this.#meanMs += (intervalMs - this.#meanMs) * MEMORY;
    this.#rest--;
    if (this.#rest > 0 || this.#meanMs < SLOW_MS || this.#level === this.#levels.length - 1) return false;
    this.#level++;
    this.#rest = REST_FRAMES;
    return true;
  }
}

/** Whether a WebGL context is computed by the processor. */
export function drawsInSoftware(gl: WebGL2RenderingContext | WebGLRenderingContext): boolean {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}
