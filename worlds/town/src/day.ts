import { headingX, headingY, UNIT } from '@lifeverse/definition';
import type { Moment, Other, Self } from '@lifeverse/world';
import { PACE_MPS, type TownDefinition } from './index.ts';
import type { TownPlan } from './plan.ts';
import type { Place } from './site.ts';
import type { Point, Walkways } from './walkways.ts';

export type TownMoment = Moment<TownDefinition>;
export type Resident = Self<TownDefinition>;
export type Somebody = Other<TownDefinition>;

const TICK_HZ = 20;
const FULL_TURN = 6.283185307179586;
export const seconds = (s: number): number => Math.round(s * TICK_HZ);

/** What a resident is about. Kept in the entity's memory; positions in metres, moments in ticks. */
export interface Life {
  doing: 'walking' | 'staying';
  /** When the next thing happens: a turn of the way, or setting off. */
  nextTick: number;
  place: number;
  route: Point[];
  leg: number;
  /** Distance to the end of this leg at the last look, metres, and how many looks in a row it has not shrunk. */
  apartM: number;
  lost: number;
  /** How far to the right one keeps, metres. */
  readonly lane: number;
  readonly visited: number[];
  quietUntilTick: number;
  answerTick: number;
  answerTo: string;
  /** Whom one has met lately: what is remembered goes along to another zone, as JSON says it. */
  greeted: readonly Met[];
}

interface Met {
  readonly id: number;
  readonly tick: number;
}

/** Begins with standing where one is, and setting off at a moment of one's own. */
export function lifeOf({ self, random, tick }: TownMoment): Life {
  const { memory } = self;
  memory.life ??= {
    doing: 'staying',
    nextTick: tick + seconds(random.between(0.5, 30)),
    place: -1,
    route: [],
    leg: 0,
    apartM: 0,
    lost: 0,
    lane: random.between(0.25, 1.5),
    visited: [],
    quietUntilTick: tick + seconds(random.between(2, 20)),
    answerTick: 0,
    answerTo: '',
    greeted: [],
  } satisfies Life;
  return memory.life as Life;
}

/** Ticks between two looks at whether a turn of the way has come. */
export const STEP_TICKS = 4;
/** Nobody walks longer than this without looking where they go. */
const LOOK_TICKS = 60;
const LOST_TICKS = 16;
const REMEMBERED_PLACES = 8;
/** So many seconds a corner of the square stays the one where people meet. */
const FASHION_S = 240;

const staysS: Record<Place['kind'], readonly [number, number]> = {
  gather: [20, 70],
  bench: [25, 80],
  stall: [8, 25],
  door: [4, 15],
  view: [10, 35],
};
const appeal: Record<Place['kind'], number> = { gather: 1, view: 0.5, stall: 0.6, bench: 0.5, door: 0.16 };

/** Where the residents of one town go and how; the town's, not any resident's. */
export class Days {
  readonly places: readonly Place[];
  readonly #walkways: Walkways;
  readonly #pointOf: readonly number[];

  constructor(plan: TownPlan, walkways: Walkways) {
    this.#walkways = walkways;
    this.places = plan.places.filter((place) => walkways.indexOf(place) >= 0);
    this.#pointOf = this.places.map((place) => walkways.indexOf(place));
  }

  /** The next turn of a resident's day, if it has come. */
  step(moment: TownMoment): void {
    const life = lifeOf(moment);
    if (moment.tick < life.nextTick) return;
    if (life.doing === 'staying') this.#leave(moment, life);
    else this.#walk(moment, life);
  }

  #leave({ self, random, tick }: TownMoment, life: Life): void {
    const place = this.#choose(self.position, life, random, tick);
    const from = this.#walkways.nearest(self.position);
    const route = from < 0 ? undefined : this.#walkways.route(from, this.#pointOf[place] as number, life.lane);
    if (route === undefined) {
      life.nextTick = tick + seconds(5);
      return;
    }
    life.doing = 'walking';
    life.place = place;
    life.route = route;
    life.leg = 0;
    life.lost = 0;
    this.#aim(self, life, tick);
  }

  /** Somewhere in walking distance that one has not just come from; where people meet these minutes is dearer. */
  #choose(here: Point, life: Life, random: TownMoment['random'], tick: number): number {
    const fashion = Math.floor(tick / seconds(FASHION_S));
    let best = random.below(this.places.length);
    let bestWorth = -1;
    for (let i = 0; i < 24; i++) {
      const index = random.below(this.places.length);
      if (life.visited.includes(index)) continue;
      const place = this.places[index] as Place;
      const distance = Math.sqrt((place.x - here.x) * (place.x - here.x) + (place.y - here.y) * (place.y - here.y));
      if (distance < 12) continue;
      const near = distance > 110 ? 0.06 : distance > 60 ? 0.3 : 1;
      const liked = place.kind === 'gather' && (index * 7 + fashion * 3) % 5 === 0 ? 3.5 : 1;
      const worth = random.float() * appeal[place.kind] * near * liked;
      if (worth > bestWorth) [best, bestWorth] = [index, worth];
    }
    return best;
  }

  #walk(moment: TownMoment, life: Life): void {
    const { self, tick } = moment;
    const target = life.route[life.leg];
    if (target === undefined) {
      this.#arrive(moment, life);
      return;
    }
    const apart = distanceTo(self.position, target);
    if (apart > 0.6) {
      life.lost = apart > life.apartM - 0.3 ? life.lost + 1 : 0;
      if (life.lost > 1) this.#leave(moment, life);
      else this.#aim(self, life, tick);
      return;
    }
    life.leg++;
    life.lost = 0;
    if (life.leg === life.route.length - 1) this.#takeSeat(moment, life);
    if (life.leg >= life.route.length) this.#arrive(moment, life);
    else this.#aim(self, life, tick);
  }

  /** On the last stretch to where several stand: a free seat of the ring, looked for by what one sees. */
  #takeSeat({ self, near }: TownMoment, life: Life): void {
    const place = this.places[life.place] as Place;
    if (place.seats <= 1) return;
    const taken: Point[] = [];
    for (const other of near(distanceTo(self.position, place) + 3))
      if (other.kind !== 'thing') taken.push(other.position);
    for (let seat = 0; seat < place.seats; seat++) {
      const at = seatOf(place, seat);
      if (taken.some((it) => distanceTo(it, at) < 0.7)) continue;
      life.route[life.leg] = at;
      return;
    }
    life.route[life.leg] = seatOf({ ...place, seats: place.seats + 3 }, self.id % (place.seats + 3));
  }

  #arrive({ self, random, tick }: TownMoment, life: Life): void {
    const place = this.places[life.place] as Place;
    const [least, most] = staysS[place.kind];
    self.act('walk', { towards: self.facing, pace: 'stand' });
    const { x, y } = self.position;
    self.facing = place.seats > 1 ? Math.atan2(place.y - y, place.x - x) : (place.facing / 1_024) * FULL_TURN;
    life.doing = 'staying';
    life.nextTick = tick + seconds(random.between(least, most));
    life.visited.push(life.place);
    if (life.visited.length > REMEMBERED_PLACES) life.visited.shift();
  }

  #aim(self: Resident, life: Life, tick: number): void {
    const target = life.route[life.leg] as Point;
    const { x, y } = self.position;
    const towards = Math.atan2(target.y - y, target.x - x);
    const distance = distanceTo(self.position, target);
    life.apartM = distance;
    const ticks = Math.round((distance / PACE_MPS.walk) * TICK_HZ);
    life.nextTick = tick + Math.max(1, Math.min(life.lost > 0 ? LOST_TICKS : LOOK_TICKS, ticks - 2));
    if (distance > 0.15) self.act('walk', { towards, pace: 'walk' });
  }
}

export function distanceTo(a: Point, b: Point): number {
  return Math.sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

/** Seats stand in a ring around the place, wide enough for so many. */
function seatOf(place: Place, seat: number): Point {
  const radius = 0.55 + place.seats * 0.12;
  const heading = (place.facing + Math.floor((seat * 1_024) / place.seats)) & 1_023;
  return { x: place.x + (headingX(heading) / UNIT) * radius, y: place.y + (headingY(heading) / UNIT) * radius };
}
