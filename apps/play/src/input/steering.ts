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
/** Nearer than this a goal is walked to, not run to, metres. */
const NEAR_M = 2.2;
/** Not nearer for so long: there is something in the way. */
const STUCK_MS = 700;
/** Inputs that differ by less are the same input. */
const TURN = Math.PI / 90;
/** Turning all the time, one tells the server so often. */
const TELL_EVERY_MS = 50;

/**
 * Joins keys, stick, and a goal that was pointed at into one wish, and tells the server when it changes. Keys come before
 * the stick, the stick before a goal; whoever takes over ends the goal.
 */
export class Steering {
  /** Which way the keys say: -1, 0 or 1 along each axis, y up. */
  keys: Vector = { x: 0, y: 0 };
  /** Shift is down: at a walk. */
  slowly = false;
  /** How the stick is pushed, up to 1; null when nobody holds it. */
  stick: Vector | null = null;
  #goal: (Vector & { best: number; sinceMs: number }) | null = null;
  #told: Wish | null = null;
  #toldMs = 0;

  goTo(x: number, y: number, nowMs: number): void {
    this.#goal = { x, y, best: Number.POSITIVE_INFINITY, sinceMs: nowMs };
  }

  stop(): void {
    this.#goal = null;
  }

  /** The server may have forgotten: tell it again what is wanted. */
  renew(): void {
    this.#told = null;
  }

  /** What is wanted now; null is to stand. */
  wish(at: Vector, nowMs: number): Wish | null {
    const { keys, stick } = this;
    if (keys.x !== 0 || keys.y !== 0) {
      this.#goal = null;
      return { towards: Math.atan2(keys.y, keys.x), pace: this.slowly ? 'walk' : 'run' };
    }
    if (stick !== null) {
      this.#goal = null;
      const push = Math.hypot(stick.x, stick.y);
      return push < 0.2 ? null : { towards: Math.atan2(stick.y, stick.x), pace: push < 0.6 ? 'walk' : 'run' };
    }
    return this.#towardsGoal(at, nowMs);
  }

  #towardsGoal(at: Vector, nowMs: number): Wish | null {
    const goal = this.#goal;
    if (goal === null) return null;
    const apart = Math.hypot(goal.x - at.x, goal.y - at.y);
    if (apart < goal.best - 0.1) {
      goal.best = apart;
      goal.sinceMs = nowMs;
    }
    if (apart < THERE_M || nowMs - goal.sinceMs > STUCK_MS) {
      this.#goal = null;
      return null;
    }
    const slow = this.slowly || apart < NEAR_M;
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
