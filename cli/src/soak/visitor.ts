import type { Random } from '@lifeverse/base';
import type { WorldMap } from '@lifeverse/definition';
import type { Place, Walk } from '../load/avatar.ts';
import type { Driver } from '../load/driver.ts';
import { Wanderer } from '../load/wanderer.ts';

const STAY_MS = [15_000, 90_000] as const;
const AWAY_MS = [5_000, 25_000] as const;

/** Comes, walks about for a while, goes, and comes again. */
export class Visitor implements Driver {
  readonly #wanderer: Wanderer;
  readonly #random: Random;
  #here: boolean;
  #changesMs: number;

  constructor(map: WorldMap, random: Random) {
    this.#wanderer = new Wanderer(map, random.fork());
    this.#random = random;
    // Else all of them would come first, and go at about the same time.
    this.#here = random.below(STAY_MS[1] + AWAY_MS[1]) < STAY_MS[1];
    this.#changesMs = random.between(0, this.#here ? STAY_MS[1] : AWAY_MS[1]);
  }

  get dueMs(): number {
    return this.#wanderer.dueMs;
  }

  present(runMs: number): boolean {
    while (runMs >= this.#changesMs) {
      this.#here = !this.#here;
      const [least, most] = this.#here ? STAY_MS : AWAY_MS;
      this.#changesMs += this.#random.between(least, most);
    }
    return this.#here;
  }

  steer(runMs: number, at: Readonly<Place>): Walk {
    return this.#wanderer.steer(runMs, at);
  }
}
