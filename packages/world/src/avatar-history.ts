import type { Body } from '@lifeverse/definition';

/**
 * Where an avatar was at the end of its last ticks, and what it was doing in them: what a late input needs to be
 * applied at the moment it names (W5). Bounded to the replay window.
 */
export class AvatarHistory {
  readonly #span: number;
  readonly #x: Int32Array;
  readonly #y: Int32Array;
  readonly #held: (object | null)[];
  /** Ticks before this one are not to be replayed: the avatar was moved by something other than its own step. */
  #floor = 0;
  #last = -1;

  constructor(replayTicks: number) {
    this.#span = replayTicks + 2;
    this.#x = new Int32Array(this.#span);
    this.#y = new Int32Array(this.#span);
    this.#held = new Array(this.#span).fill(null);
  }

  record(tick: number, x: number, y: number, held: object | null): void {
    const at = tick % this.#span;
    this.#x[at] = x;
    this.#y[at] = y;
    this.#held[at] = held;
    if (this.#last !== tick - 1) this.#floor = Math.max(this.#floor, tick);
    this.#last = tick;
  }

  /** What happened up to this tick's end stays as it is. */
  sealAt(tick: number): void {
    this.#floor = Math.max(this.#floor, tick);
  }

  /** The earliest tick that can be played again. */
  earliest(): number {
    return Math.max(this.#floor + 1, this.#last - this.#span + 2);
  }

  /**
   * Plays `fromTick` up to the last recorded tick again with another input, and writes the outcome to `body`.
   * Returns false, changing nothing, when that lies outside of what is known.
   */
  replay(fromTick: number, held: object, body: Body, step: (body: Body, held: object) => void): boolean {
    if (fromTick < this.earliest() || fromTick > this.#last) return false;
    const before = (fromTick - 1) % this.#span;
    body.x = this.#x[before] as number;
    body.y = this.#y[before] as number;
    for (let tick = fromTick; tick <= this.#last; tick++) {
      step(body, held);
      const at = tick % this.#span;
      this.#x[at] = body.x;
      this.#y[at] = body.y;
      this.#held[at] = held;
    }
    return true;
  }
}
