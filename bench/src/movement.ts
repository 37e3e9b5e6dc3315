import { Random } from '@lifeverse/base';

export const SPEED_M_S = 6;
const DENSITY_PER_M2 = 0.001;
/** Headings are whole steps of 1/256 turn, so that no peer has to round them. */
export const HEADINGS = 256;

const COURSE_MS_MIN = 1000;
const COURSE_MS_MAX = 3000;
/** Nobody is sent nearer to the border than this, so that a late input does not end against it. */
const MARGIN_M = 8;
const ATTEMPTS = 16;

/** Unit vectors of the headings, x then y. */
export const headingX = Float64Array.from({ length: HEADINGS }, (_, step) => Math.cos((step * 2 * Math.PI) / HEADINGS));
export const headingY = Float64Array.from({ length: HEADINGS }, (_, step) => Math.sin((step * 2 * Math.PI) / HEADINGS));

/** Side of the square plain on which so many players stand at the scenario's density. */
export function plainSideM(players: number): number {
  return Math.sqrt(players / DENSITY_PER_M2);
}

export interface Plain {
  readonly seed: number;
  readonly sideM: number;
}

/**
 * Where one player is to walk: decided by seed and player alone, the same for every peer. It begins at the spawn, at
 * time zero; each course lasts 1-3 s and ends inside the plain. Only the ideal path is followed here: a server that
 * hears of a turn late is a little elsewhere, which the margin absorbs.
 */
export class Course {
  readonly #random: Random;
  readonly #sideM: number;
  #atMs: number;
  #heading = 0;
  #xM: number;
  #yM: number;
  #untilMs: number;

  constructor(plain: Plain, player: number) {
    this.#random = new Random(mixed(plain.seed, player));
    this.#sideM = plain.sideM;
    const margin = Math.min(MARGIN_M, plain.sideM / 4);
    this.#xM = this.#random.between(margin, plain.sideM - margin);
    this.#yM = this.#random.between(margin, plain.sideM - margin);
    // The first second spreads the turns, else all would turn in the same tick.
    this.#atMs = this.#random.below(COURSE_MS_MIN);
    this.#untilMs = this.#atMs;
    this.#turn();
  }

  /** Where the current course began; of a fresh one, the spawn. */
  get xM(): number {
    return this.#xM;
  }

  get yM(): number {
    return this.#yM;
  }

  /** Milliseconds since the start at which the current heading is taken. */
  get atMs(): number {
    return this.#atMs;
  }

  /** Step of 1/256 turn. */
  get heading(): number {
    return this.#heading;
  }

  /** To the next turn. */
  advance(): void {
    const walkedM = (SPEED_M_S * (this.#untilMs - this.#atMs)) / 1000;
    this.#xM += (headingX[this.#heading] as number) * walkedM;
    this.#yM += (headingY[this.#heading] as number) * walkedM;
    this.#atMs = this.#untilMs;
    this.#turn();
  }

  #turn(): void {
    const lastsMs = COURSE_MS_MIN + this.#random.below(COURSE_MS_MAX - COURSE_MS_MIN + 1);
    this.#untilMs = this.#atMs + lastsMs;
    const walkM = (SPEED_M_S * lastsMs) / 1000;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      this.#heading = this.#random.below(HEADINGS);
      if (this.#endsInside(walkM)) return;
    }
    const middleM = this.#sideM / 2;
    const inwards = Math.atan2(middleM - this.#yM, middleM - this.#xM) / (2 * Math.PI);
    this.#heading = (Math.round(inwards * HEADINGS) + HEADINGS) % HEADINGS;
  }

  #endsInside(walkM: number): boolean {
    const xM = this.#xM + (headingX[this.#heading] as number) * walkM;
    const yM = this.#yM + (headingY[this.#heading] as number) * walkM;
    const farM = this.#sideM - MARGIN_M;
    return xM >= MARGIN_M && yM >= MARGIN_M && xM <= farM && yM <= farM;
  }
}

/** One coordinate after a walk of `elapsedS` along a heading's component, stopped at the plain's border. */
export function walked(fromM: number, component: number, elapsedS: number, sideM: number): number {
  return Math.min(sideM, Math.max(0, fromM + component * SPEED_M_S * elapsedS));
}

const STORM_MIN = 14;
const STORM_SPREAD = 30;

/**
 * The heading that a storm gives a mover for one tick: 20-60 degrees off its own, to alternating sides, so that it
 * differs from the last tick's by at least 39 degrees: 0.2 m in a tick, beyond any tolerance of a prediction.
 */
export function stormHeading(heading: number, player: number, tick: number): number {
  const offset = STORM_MIN + (mixed(tick, player) % STORM_SPREAD);
  const side = ((tick + player) & 1) === 0 ? offset : -offset;
  return (heading + side + HEADINGS) % HEADINGS;
}

/** Two integers to one, well mixed. Method: lowbias32 (Chris Wellons), over a golden-ratio step. */
function mixed(a: number, b: number): number {
  let z = (Math.imul(a, 0x9e3779b9) + Math.imul(b + 1, 0x85ebca6b)) >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x7feb352d);
  z = Math.imul(z ^ (z >>> 15), 0x846ca68b);
  return (z ^ (z >>> 16)) >>> 0;
}
