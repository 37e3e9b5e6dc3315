import type { Link, Pace } from '../link.ts';

export interface Vector {
  readonly x: number;
  readonly y: number;
}

export interface Wish {
  readonly towards: number;
  readonly pace: Pace;
}

/** One stands when so near to where one was going, metres. */
const THERE_M = 0.35;
/** A corner of the way is rounded no more than this, metres. */
const TURN_M = 0.16;
/** So near to its end a way is walked, not run, metres. */
const NEAR_M = 2.2;
/** Not nearer for so long, nor in so many frames: there is something in the way. A page that stood still proves nothing. */
const STUCK_MS = 700;
const STUCK_FRAMES = 24;
/** Inputs that differ by less are the same input. */
const TURN = Math.PI / 90;
/** Turning all the time, one tells the server so often. */
const TELL_EVERY_MS = 50;

/**
 * Joins keys, stick, and a way to where one pointed into one wish, and tells the server when it changes. Keys come before
 * the stick, the stick before a way; whoever takes over ends the way.
 */
export class Steering {
  /** Which way the keys say: -1, 0 or 1 along each axis, y up. */
  keys: Vector = { x: 0, y: 0 };
  /** Shift is down: at a walk. */
  slowly = false;
  /** How the stick is pushed, up to 1; null when nobody holds it. */
  stick: Vector | null = null;
  #way: { readonly points: readonly Vector[]; next: number; best: number; sinceMs: number; frames: number } | null =
    null;
  #told: Wish | null = null;
  #toldMs = 0;

  /** Goes from point to point, to the last. */
  follow(points: readonly Vector[], nowMs: number): void {
    this.#way = { points, next: 0, best: Number.POSITIVE_INFINITY, sinceMs: nowMs, frames: 0 };
  }

  stop(): void {
    this.#way = null;
  }

  /** The server may have forgotten: tell it again what is wanted. */
  renew(): void {
    this.#told = null;
  }

  /** What is wanted now; null is to stand. */
  wish(at: Vector, nowMs: number): Wish | null {
    const { keys, stick } = this;
    if (keys.x !== 0 || keys.y !== 0) {
      this.#way = null;
      return { towards: Math.atan2(keys.y, keys.x), pace: this.slowly ? 'walk' : 'run' };
    }
    if (stick !== null) {
      this.#way = null;
      const push = Math.hypot(stick.x, stick.y);
      return push < 0.2 ? null : { towards: Math.atan2(stick.y, stick.x), pace: push < 0.6 ? 'walk' : 'run' };
    }
    return this.#alongWay(at, nowMs);
  }

  #alongWay(at: Vector, nowMs: number): Wish | null {
    const way = this.#way;
    if (way === null) return null;
    let goal = way.points[way.next] as Vector;
    let apart = Math.hypot(goal.x - at.x, goal.y - at.y);
    const passed = apart < TURN_M || (way.best < THERE_M && apart > way.best + 0.03);
    if (passed && way.next + 1 < way.points.length) {
      goal = way.points[++way.next] as Vector;
      apart = Math.hypot(goal.x - at.x, goal.y - at.y);
      way.best = Number.POSITIVE_INFINITY;
    }
    if (apart < way.best - 0.02) {
      way.best = apart;
      way.sinceMs = nowMs;
      way.frames = 0;
    }
    const stuck = ++way.frames > STUCK_FRAMES && nowMs - way.sinceMs > STUCK_MS;
    const last = way.next === way.points.length - 1;
    if ((last && apart < THERE_M) || stuck) {
      this.#way = null;
      return null;
    }
    const slow = this.slowly || (last && apart < NEAR_M);
    return { towards: Math.atan2(goal.y - at.y, goal.x - at.x), pace: slow ? 'walk' : 'run' };
  }

  /** Once a frame. */
  update(link: Pick<Link, 'me' | 'walk'>, nowMs: number): void {
    if (link.me === null) return;
    const wish = this.wish(link.me.position, nowMs);
    const told = this.#told;
    const pace = wish?.pace ?? 'stand';
    const towards = wish?.towards ?? told?.towards ?? 0;
    if (
      told === null
        ? pace === 'stand'
        : pace === told.pace && (pace === 'stand' || turned(towards, told.towards) < TURN)
    )
      return;
    const onlyTurns = told !== null && pace === told.pace;
    if (onlyTurns && nowMs - this.#toldMs < TELL_EVERY_MS) return;
    if (!link.walk(towards, pace)) return;
    this.#told = { towards, pace };
    this.#toldMs = nowMs;
  }
}

function turned(a: number, b: number): number {
  const by = Math.abs(a - b) % (2 * Math.PI);
  return by > Math.PI ? 2 * Math.PI - by : by;
}
