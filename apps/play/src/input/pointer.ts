import type { Camera } from '../scene/camera.ts';
import type { Steering } from './steering.ts';

export interface PointerActions {
  /** Waves at whoever is drawn there; false when nobody is. */
  waveAt(x: number, y: number, reachPx: number): boolean;
  /** Goes to a point of the world; `marked`: and shows it. */
  goTo(x: number, y: number, marked: boolean): void;
  hover(x: number, y: number): void;
  zoom(factor: number): void;
}

/** A finger is not a mouse's tip. */
const FINGER_PX = 34;
const MOUSE_PX = 22;
/** Moved farther than this, a touch is a drag. */
const DRAG_PX = 12;
/** How far the stick goes. */
const STICK_PX = 56;
const CLICK_MS = 260;
/** A mouse that is held is followed so often. */
const LEAD_EVERY_MS = 80;

interface Press {
  readonly id: number;
  readonly touch: boolean;
  readonly startX: number;
  readonly startY: number;
  readonly startMs: number;
  x: number;
  y: number;
  dragged: boolean;
}

/** Mouse, pen and fingers on the world: point to go, hold to follow, drag for a stick, pinch to zoom. */
export class Pointer {
  readonly #presses = new Map<number, Press>();
  readonly #steering: Steering;
  readonly #camera: Camera;
  readonly #actions: PointerActions;
  readonly #stick: HTMLElement;
  #pinch = 0;
  #ledMs = 0;

  constructor(surface: HTMLElement, stick: HTMLElement, steering: Steering, camera: Camera, actions: PointerActions) {
    this.#steering = steering;
    this.#camera = camera;
    this.#actions = actions;
    this.#stick = stick;
    surface.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      surface.setPointerCapture(event.pointerId);
      this.#down(event);
    });
    surface.addEventListener('pointermove', (event) => this.#move(event));
    surface.addEventListener('pointerup', (event) => this.#up(event, false));
    surface.addEventListener('pointercancel', (event) => this.#up(event, true));
    surface.addEventListener('contextmenu', (event) => event.preventDefault());
    surface.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
  }

  /** Once a frame: a mouse that is held leads on, wherever the camera goes. */
  update(nowMs: number): void {
    for (const press of this.#presses.values()) {
      if (press.touch || (nowMs - press.startMs < CLICK_MS && !press.dragged)) continue;
      if (nowMs - this.#ledMs < LEAD_EVERY_MS) continue;
      this.#ledMs = nowMs;
      this.#actions.goTo(this.#camera.worldX(press.x), this.#camera.worldY(press.y), false);
    }
  }

  #down(event: PointerEvent): void {
    const { clientX: x, clientY: y, pointerId: id } = event;
    this.#presses.set(id, {
      id,
      touch: event.pointerType === 'touch',
      startX: x,
      startY: y,
      startMs: performance.now(),
      x,
      y,
      dragged: false,
    });
    if (this.#presses.size === 2) this.#startPinch();
  }

  #move(event: PointerEvent): void {
    const press = this.#presses.get(event.pointerId);
    if (press === undefined) {
      if (event.pointerType === 'mouse') this.#actions.hover(event.clientX, event.clientY);
      return;
    }
    press.x = event.clientX;
    press.y = event.clientY;
    const dx = press.x - press.startX;
    const dy = press.y - press.startY;
    if (dx * dx + dy * dy > DRAG_PX * DRAG_PX) press.dragged = true;
    if (this.#presses.size === 2) this.#pinchOn();
    else if (press.touch && press.dragged) this.#push(press, dx, dy);
  }

  #up(event: PointerEvent, cancelled: boolean): void {
    const press = this.#presses.get(event.pointerId);
    if (press === undefined) return;
    this.#presses.delete(event.pointerId);
    if (press.touch) this.#letGo();
    const nowMs = performance.now();
    const { x, y } = press;
    const short = !press.dragged && nowMs - press.startMs < (press.touch ? 2 * CLICK_MS : CLICK_MS);
    if (cancelled || this.#pinch > 0) {
      if (this.#presses.size === 0) this.#pinch = 0;
    } else if (short) {
      if (this.#actions.waveAt(x, y, press.touch ? FINGER_PX : MOUSE_PX)) return;
      this.#actions.goTo(this.#camera.worldX(x), this.#camera.worldY(y), true);
    } else if (!press.touch) this.#steering.stop();
  }

  #push(press: Press, dx: number, dy: number): void {
    const length = Math.hypot(dx, dy);
    const pushed = Math.min(1, length / STICK_PX);
    this.#steering.stick = { x: (dx / length) * pushed, y: (-dy / length) * pushed };
    this.#stick.hidden = false;
    this.#stick.style.transform = `translate(${press.startX}px, ${press.startY}px)`;
    const knob = this.#stick.firstElementChild as HTMLElement;
    knob.style.transform = `translate(${(dx / length) * pushed * STICK_PX}px, ${(dy / length) * pushed * STICK_PX}px)`;
  }

  #letGo(): void {
    this.#steering.stick = null;
    this.#stick.hidden = true;
  }

  #startPinch(): void {
    this.#letGo();
    this.#pinch = this.#spread();
  }

  #pinchOn(): void {
    const spread = this.#spread();
    if (this.#pinch > 0 && spread > 0) this.#actions.zoom(spread / this.#pinch);
    this.#pinch = spread;
  }

  #spread(): number {
    const [a, b] = [...this.#presses.values()];
    return a === undefined || b === undefined ? 0 : Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const px = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 20 : event.deltaY;
    this.#actions.zoom(Math.exp(-Math.max(-200, Math.min(200, px)) / 500));
  }
}
