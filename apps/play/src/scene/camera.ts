/** Pixels a metre, CSS pixels. */
export const ZOOM = { least: 13, most: 56 } as const;

/** What is farther away than this is cut to, not panned to. */
const FAR_M = 30;

/**
 * Where one looks: follows a target without ever being jerked, and stops at the edges of what there is to see.
 * All in metres but `zoom`; the screen's size in CSS pixels.
 */
export class Camera {
  x = 0;
  y = 0;
  zoom: number;
  width = 1;
  height = 1;
  #wish: number;
  readonly #calm: () => boolean;

  /** `calm`: no easing, for those who asked for less motion. */
  constructor(zoom: number, calm: () => boolean) {
    this.zoom = zoom;
    this.#wish = zoom;
    this.#calm = calm;
  }

  resize(width: number, height: number): void {
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
  }

  jump(x: number, y: number): void {
    this.x = x;
    this.y = y;
    this.zoom = this.#wish;
  }

  /** At a point, without touching the zoom. */
  look(x: number, y: number): void {
    this.x = x;
    this.y = y;
  }

  zoomBy(factor: number): void {
    this.#wish = Math.min(ZOOM.most, Math.max(ZOOM.least, this.#wish * factor));
  }

  /** Towards the target by the share of the way that `ms` allows: the same at any frame rate. */
  follow(x: number, y: number, ms: number): void {
    if (this.#calm()) {
      this.jump(x, y);
      return;
    }
    const far = Math.abs(x - this.x) + Math.abs(y - this.y) > FAR_M;
    const share = far ? 1 : 1 - Math.exp(-ms / 140);
    this.x += (x - this.x) * share;
    this.y += (y - this.y) * share;
    this.settle(ms);
  }

  /** Towards the zoom that was asked for. */
  settle(ms: number): void {
    this.zoom = this.#calm() ? this.#wish : this.zoom + (this.#wish - this.zoom) * (1 - Math.exp(-ms / 110));
  }

  /** Keeps the view inside the extent; where the extent is smaller than the screen, in its middle. */
  keepInside(extent: { x: number; y: number; w: number; h: number }): void {
    const halfW = this.width / this.zoom / 2;
    const halfH = this.height / this.zoom / 2;
    this.x = within(this.x, extent.x + halfW, extent.x + extent.w - halfW);
    this.y = within(this.y, extent.y + halfH, extent.y + extent.h - halfH);
  }

  screenX(x: number): number {
    return (x - this.x) * this.zoom + this.width / 2;
  }

  screenY(y: number): number {
    return (this.y - y) * this.zoom + this.height / 2;
  }

  worldX(screenX: number): number {
    return (screenX - this.width / 2) / this.zoom + this.x;
  }

  worldY(screenY: number): number {
    return this.y - (screenY - this.height / 2) / this.zoom;
  }
}

function within(value: number, low: number, high: number): number {
  return low > high ? (low + high) / 2 : Math.min(high, Math.max(low, value));
}
