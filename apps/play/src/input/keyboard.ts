import type { Steering } from './steering.ts';

export interface KeyActions {
  speak(): void;
  wave(): void;
  lookAround(): void;
  toggleNetwork(): void;
  toggleHelp(): void;
  toggleThings(): void;
  openAccount(): void;
  trade(): void;
  pickUp(): void;
  zoom(factor: number): void;
  escape(): void;
}

/** By the place on the keyboard, not the letter on it: WASD lies where it lies on any layout. */
const directions: Readonly<Record<string, readonly [number, number]>> = {
  KeyW: [0, 1],
  ArrowUp: [0, 1],
  KeyS: [0, -1],
  ArrowDown: [0, -1],
  KeyA: [-1, 0],
  ArrowLeft: [-1, 0],
  KeyD: [1, 0],
  ArrowRight: [1, 0],
};

const ZOOM_STEP = 1.25;

/** Keys of the whole page while the town is played; typing in a field is left to the field. */
export function listenToKeys(steering: Steering, actions: KeyActions, active: () => boolean): void {
  const down = new Set<string>();
  const steer = (): void => {
    let x = 0;
    let y = 0;
    for (const code of down) {
      const [dx, dy] = directions[code] as readonly [number, number];
      x += dx;
      y += dy;
    }
    steering.keys = { x: Math.sign(x), y: Math.sign(y) };
  };
  const release = (): void => {
    down.clear();
    steering.slowly = false;
    steer();
  };
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      actions.escape();
      return;
    }
    if (!active() || event.isComposing || inField(event.target)) return;
    steering.slowly = event.shiftKey;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.code in directions) {
      down.add(event.code);
      steer();
      event.preventDefault();
    } else if (act(event, actions)) event.preventDefault();
  });
  addEventListener('keyup', (event) => {
    steering.slowly = event.shiftKey;
    if (down.delete(event.code)) steer();
  });
  // Who leaves the window lets go of the keys, without the page being told of it.
  addEventListener('blur', release);
  document.addEventListener('focusin', (event) => {
    if (inField(event.target)) release();
  });
}

function act(event: KeyboardEvent, actions: KeyActions): boolean {
  if ((event.key === 'Enter' || event.key === ' ') && event.target instanceof HTMLButtonElement) return false;
  if (event.key === '+' || event.key === '=') actions.zoom(ZOOM_STEP);
  else if (event.key === '-' || event.key === '_') actions.zoom(1 / ZOOM_STEP);
  else if (event.repeat) return event.key === ' ';
  else if (event.key === 'Enter') actions.speak();
  else if (event.key === ' ' || event.code === 'KeyG') actions.wave();
  else if (event.code === 'KeyL') actions.lookAround();
  else if (event.code === 'KeyN') actions.toggleNetwork();
  else if (event.code === 'KeyH' || event.key === '?') actions.toggleHelp();
  else if (event.code === 'KeyB') actions.toggleThings();
  else if (event.code === 'KeyC') actions.openAccount();
  else if (event.code === 'KeyT') actions.trade();
  else if (event.code === 'KeyE') actions.pickUp();
  else return false;
  return true;
}

function inField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
