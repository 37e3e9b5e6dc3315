import { Course } from '../movement.ts';
import { type Scenario, TICK_MS } from '../scenario.ts';

const SLOT_MS = 5;
/** More slots than the longest course lasts. */
const SLOTS = 1024;
const NONE = -1;

/**
 * Says which player is to send which heading when, in slots of 5 ms: on change, or in `input-20hz` once a tick, the
 * players spread over the tick.
 */
export class InputWheel {
  readonly #courses: readonly Course[];
  readonly #turns: readonly number[][] = Array.from({ length: SLOTS }, () => []);
  /** Who sends in which slot of a tick; null when inputs go on change. */
  readonly #everyTick: readonly number[][] | null;
  readonly #headings: Int16Array;
  #slot = 0;

  constructor(scenario: Scenario) {
    this.#courses = Array.from({ length: scenario.players }, (_, player) => new Course(scenario, player));
    this.#headings = new Int16Array(scenario.players).fill(NONE);
    for (let player = 0; player < scenario.players; player++) this.#await(player);
    const slotsATick = TICK_MS / SLOT_MS;
    this.#everyTick =
      scenario.kind !== 'input-20hz'
        ? null
        : Array.from({ length: slotsATick }, (_, slot) =>
            Array.from(this.#headings.keys()).filter((player) => player % slotsATick === slot),
          );
  }

  /** Steers everyone whose time has come by `elapsedMs` since the start. */
  advance(elapsedMs: number, steer: (player: number, heading: number) => void): void {
    for (; this.#slot * SLOT_MS <= elapsedMs; this.#slot++) {
      const turning = this.#turns[this.#slot % SLOTS] as number[];
      for (const player of turning.splice(0)) {
        const course = this.#courses[player] as Course;
        this.#headings[player] = course.heading;
        if (this.#everyTick === null) steer(player, course.heading);
        course.advance();
        this.#await(player);
      }
      const ticking = this.#everyTick?.[this.#slot % this.#everyTick.length] ?? [];
      for (const player of ticking) {
        const heading = this.#headings[player] as number;
        if (heading !== NONE) steer(player, heading);
      }
    }
  }

  #await(player: number): void {
    const slot = Math.ceil((this.#courses[player] as Course).atMs / SLOT_MS);
    this.#turns[slot % SLOTS]?.push(player);
  }
}
