import type { World } from '@lifeverse/definition';
import type { Pace, Place, Walk } from '../avatar.ts';
import type { Driver } from '../driver.ts';
import { Course, timeOf } from './course.ts';
import type { Trace, TraceTrack } from './parse-trace.ts';
import { Tiling } from './tiling.ts';
import { Walkable } from './walkable.ts';

const STEER_MS = 250;
/** Nobody stands still because of less. */
const NEAR_MM = 300;
/** Beyond this, walking does not keep up. */
const FAR_MM = 1_200;
/** Less of a turn is not worth an input: 3 degrees. */
const TURN = Math.PI / 60;
/** Who has come no nearer for so long meets a wall, and walks along it for a while. */
const STUCK_MS = 1_500;
const ASIDE_MS = 1_000;
const BORDER_M = 1;

/** Where one player of a trace is to be, in millimetres of the world; false while it is away. */
type Target = (runMs: number, out: Place) => boolean;

/** Follows a recorded mover by walking: towards where it is, and faster the farther that is. */
export class Follower implements Driver {
  dueMs = 0;
  readonly #target: Target;
  readonly #place: Place = { x: 0, y: 0 };
  #presence = { there: false, untilMs: 0 };
  #last: Walk = { towards: 0, pace: 'stand' };
  #nearest = { mm: Number.POSITIVE_INFINITY, atMs: 0 };
  #asideUntilMs = 0;
  #side = 1;

  constructor(target: Target) {
    this.#target = target;
  }

  /** Looked up as often as it steers, however often it is asked. */
  present(runMs: number): boolean {
    if (runMs < this.#presence.untilMs) return this.#presence.there;
    this.#presence = { there: this.#target(runMs, this.#place), untilMs: runMs + STEER_MS };
    return this.#presence.there;
  }

  steer(runMs: number, at: Readonly<Place>): Walk | null {
    this.dueMs = runMs + STEER_MS;
    if (!this.#target(runMs, this.#place)) return null;
    const dx = this.#place.x - at.x;
    const dy = this.#place.y - at.y;
    const mm = Math.hypot(dx, dy);
    const walk = { towards: Math.atan2(dy, dx) + this.#aside(mm, runMs), pace: paceFor(mm) };
    if (walk.pace === this.#last.pace && (walk.pace === 'stand' || turned(walk.towards, this.#last.towards) < TURN))
      return null;
    this.#last = walk;
    return walk;
  }

  /** The angle to turn off the straight way: a right angle, to either side in turn, while a wall is to be walked along. */
  #aside(mm: number, runMs: number): number {
    if (runMs < this.#asideUntilMs) return (this.#side * Math.PI) / 2;
    if (mm < this.#nearest.mm - NEAR_MM || mm < FAR_MM) this.#nearest = { mm, atMs: runMs };
    if (runMs - this.#nearest.atMs < STUCK_MS) return 0;
    this.#side = -this.#side;
    this.#asideUntilMs = runMs + ASIDE_MS;
    this.#nearest = { mm: Number.POSITIVE_INFINITY, atMs: runMs + ASIDE_MS };
    return (this.#side * Math.PI) / 2;
  }
}

function paceFor(mm: number): Pace {
  return mm < NEAR_MM ? 'stand' : mm < FAR_MM ? 'walk' : 'run';
}

function turned(a: number, b: number): number {
  const difference = Math.abs(a - b) % (2 * Math.PI);
  return Math.min(difference, 2 * Math.PI - difference);
}

/** So many players for a trace, its ids in turn; who has an id that others have too follows a copy on another tile. */
export function followersOf(trace: Trace, world: World, players: number): Follower[] {
  const { map, predicted } = world;
  const radiusMm = predicted?.step.radiusMm ?? 0;
  const ground = {
    x: BORDER_M,
    y: BORDER_M,
    width: map.widthMm / 1_000 - 2 * BORDER_M,
    height: map.heightMm / 1_000 - 2 * BORDER_M,
  };
  const tiling = new Tiling(trace, ground);
  const walkable = new Walkable(map, radiusMm);
  const time = timeOf(trace);
  return Array.from({ length: players }, (_, index) => {
    const course = new Course(trace.tracks[index % trace.tracks.length] as TraceTrack, time);
    const copy = Math.floor(index / trace.tracks.length);
    return new Follower((runMs, out) => {
      if (!course.at(runMs / 1_000, out)) return false;
      tiling.place(copy, out);
      out.x *= 1_000;
      out.y *= 1_000;
      walkable.moveInto(out);
      return true;
    });
  });
}
