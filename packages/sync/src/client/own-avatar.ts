import type { Body, World } from '@lifeverse/definition';

interface PendingInput {
  readonly sequence: number;
  readonly tick: number;
  readonly held: object;
}

const HISTORY = 64;
/** A correction is shown over about this time. */
const SMOOTH_MS = 100;
/** Beyond this, the avatar is put there at once. */
const JUMP_MM = 3_000;
const MOST_TICKS = 60;

/**
 * The own avatar: moved by the shared step the moment the player asks, and put right by what the server says of the
 * last input it has applied (SY23).
 */
export class OwnAvatar {
  /** The last tick that was predicted to its end. */
  tick: number;
  /** Distance between what was predicted and what the server says, at the last tiding, millimetres. */
  errorMm = 0;
  corrections = 0;
  #rate: number;
  readonly #world: World;
  readonly #body: Body = { x: 0, y: 0 };
  readonly #historyX = new Float64Array(HISTORY).fill(Number.NaN);
  readonly #historyY = new Float64Array(HISTORY).fill(Number.NaN);
  #pending: PendingInput[] = [];
  #applied = 0;
  /** Some of the predicted ticks, maybe later ones than the server speaks of next, rest on an input that was refused. */
  #misled = false;
  /** What the server held after the last applied input; null: nothing yet, the avatar stands. */
  #confirmedHeld: object | null = null;
  #offsetX = 0;
  #offsetY = 0;

  constructor(world: World, tick: number, x: number, y: number, rate = 256) {
    this.#world = world;
    this.#rate = rate;
    this.tick = tick;
    this.#body.x = x;
    this.#body.y = y;
    this.#remember();
  }

  #remember(): void {
    this.#historyX[this.tick % HISTORY] = this.#body.x;
    this.#historyY[this.tick % HISTORY] = this.#body.y;
  }

  /** The input in force in a tick. */
  #heldAt(tick: number): object | null {
    let held = this.#confirmedHeld;
    for (const input of this.#pending) if (input.tick <= tick) held = input.held;
    return held;
  }

  command(sequence: number, tick: number, held: object): void {
    this.#pending.push({ sequence, tick, held });
  }

  /** The server did not take this input: it was never held. */
  refused(sequence: number): void {
    const taken = this.#pending.filter((input) => input.sequence !== sequence);
    this.#misled ||= taken.length < this.#pending.length;
    this.#pending = taken;
  }

  /** Predicts up to the end of that tick. */
  advance(tick: number): void {
    if (tick - this.tick > MOST_TICKS) this.tick = tick - MOST_TICKS;
    while (this.tick < tick) {
      this.tick++;
      this.#step(this.#body, this.tick);
      this.#remember();
    }
  }

  #step(body: Body, tick: number): void {
    const held = this.#heldAt(tick);
    if (held !== null) this.#world.predicted?.step.run(body, held, this.#world.map, this.#rate);
  }

  /**
   * The server's word: at the end of `tick`, all inputs up to `applied` having been applied. Waits for the next one
   * when an input is on its way that the server will play from an earlier tick than this.
   */
  reconcile(tick: number, applied: number, x: number, y: number): void {
    const rest = this.#pending.filter((input) => input.sequence > applied);
    const taken = this.#pending[this.#pending.length - rest.length - 1];
    if (taken !== undefined) this.#confirmedHeld = taken.held;
    this.#pending = rest;
    this.#applied = Math.max(this.#applied, applied);
    if (rest.some((input) => input.tick <= tick)) return;
    this.advance(tick);
    if (tick > this.tick - HISTORY) {
      const dx = (this.#historyX[tick % HISTORY] as number) - x;
      const dy = (this.#historyY[tick % HISTORY] as number) - y;
      if (!Number.isNaN(dx)) this.errorMm = Math.sqrt(dx * dx + dy * dy);
      if (dx === 0 && dy === 0 && !this.#misled) return;
    }
    this.#misled = false;
    this.corrections++;
    this.#putRight(tick, x, y);
  }

  /** What the stream of changes says of the own entity (SY24): the server's word too, when it was not an input that moved it. */
  witnessed(tick: number, x: number, y: number): void {
    this.reconcile(tick, this.#applied, x, y);
  }

  /** Time runs at that rate from `tick` on: what was predicted of it otherwise is played again. */
  paced(tick: number, rate: number): void {
    if (rate === this.#rate) return;
    this.#rate = rate;
    const before = tick - 1;
    const x = this.#historyX[before % HISTORY] as number;
    if (before >= this.tick || before <= this.tick - HISTORY || Number.isNaN(x)) return;
    this.#putRight(before, x, this.#historyY[before % HISTORY] as number);
  }

  #putRight(tick: number, x: number, y: number): void {
    const shownX = this.#body.x + this.#offsetX;
    const shownY = this.#body.y + this.#offsetY;
    const until = this.tick;
    this.tick = tick;
    this.#body.x = x;
    this.#body.y = y;
    this.#remember();
    this.advance(Math.max(until, tick));
    this.#offsetX = shownX - this.#body.x;
    this.#offsetY = shownY - this.#body.y;
    if (this.#offsetX * this.#offsetX + this.#offsetY * this.#offsetY > JUMP_MM * JUMP_MM)
      this.#offsetX = this.#offsetY = 0;
  }

  /** Where to draw the avatar, `fraction` of the way into the next tick, `elapsedMs` after it was last asked. */
  show(fraction: number, elapsedMs: number, out: { x: number; y: number; vx: number; vy: number }): void {
    const keep = 1 - Math.min(SMOOTH_MS, elapsedMs) / SMOOTH_MS;
    this.#offsetX *= keep;
    this.#offsetY *= keep;
    const next = { x: this.#body.x, y: this.#body.y };
    this.#step(next, this.tick + 1);
    out.vx = next.x - this.#body.x;
    out.vy = next.y - this.#body.y;
    out.x = this.#body.x + out.vx * fraction + this.#offsetX;
    out.y = this.#body.y + out.vy * fraction + this.#offsetY;
  }
}
