import type { Random } from '@lifeverse/base';
import type { WorldMap } from '@lifeverse/definition';
import type { Place, Walk } from './avatar.ts';
import type { Driver } from './driver.ts';

const COURSE_MS_MIN = 1_000;
const COURSE_MS_MAX = 3_000;
/** Nobody sets out for a place outside, or inside of something, that is nearer than this. */
const LOOK_AHEAD_MM = 6_000;
const ATTEMPTS = 32;

/** Runs in a direction of its own choice for one to three seconds, then in another. */
export class Wanderer implements Driver {
  dueMs = 0;
  readonly #map: WorldMap;
  readonly #random: Random;

  constructor(map: WorldMap, random: Random) {
    this.#map = map;
    this.#random = random;
  }

  present(): boolean {
    return true;
  }

  steer(runMs: number, at: Readonly<Place>): Walk {
    this.dueMs = runMs + this.#random.between(COURSE_MS_MIN, COURSE_MS_MAX);
    let towards = 0;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      towards = this.#random.between(0, 2 * Math.PI);
      const x = Math.round(at.x + Math.cos(towards) * LOOK_AHEAD_MM);
      const y = Math.round(at.y + Math.sin(towards) * LOOK_AHEAD_MM);
      if (!this.#map.solid(x, y)) break;
    }
    return { towards, pace: 'run' };
  }
}
