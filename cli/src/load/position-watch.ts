import { MAX_TRUTH_ENTITIES } from '@lifeverse/contracts';
import type { Motion } from '@lifeverse/sync/client';
import type { Place } from './avatar.ts';
import type { Measures } from './measures.ts';
import type { TruthLog } from './truth-log.ts';
import type { WorldClock } from './world-clock.ts';

/** What a player is shown, as their client has it. */
export interface Screen {
  readonly session: { readonly welcome: { readonly entity: number }; readonly periodMs: number } | null;
  readonly entities: ReadonlyMap<
    number,
    { readonly id: number; readonly track: { at(tick: number, out: Motion): void } }
  >;
  update(nowMs: number): void;
  shownTick(nowMs: number): number;
}

/** One entity as it was shown: where, and at which moment of the world (ticks). */
interface Shown {
  readonly id: number;
  readonly tick: number;
  readonly x: number;
  readonly y: number;
  readonly atMs: number;
}

/** The truth of a moment arrives within this. */
const TRUTH_MS = 500;
const WAITING_MOST = 50_000;
const MM_PER_M = 1_000;

/** Compares what players show of one another with what was true at the moment of the world that they show. */
export class PositionWatch {
  readonly #clock: WorldClock;
  readonly #measures: Measures;
  readonly #truth: TruthLog;
  readonly #motion: Motion = { x: 0, y: 0, vx: 0, vy: 0 };
  readonly #place: Place = { x: 0, y: 0 };
  #wanted = new Set<number>();
  #waiting: Shown[] = [];

  constructor(clock: WorldClock, measures: Measures, truth: TruthLog) {
    this.#clock = clock;
    this.#measures = measures;
    this.#truth = truth;
  }

  /** Chooses whose truth is to be asked for: the same number for each observer. */
  choose(observers: readonly Screen[]): number[] {
    const each = Math.ceil(MAX_TRUTH_ENTITIES / Math.max(1, observers.length));
    this.#wanted = new Set();
    for (const { session, entities } of observers) {
      const own = session?.welcome.entity;
      const others = [...entities.keys()].filter((id) => id !== own);
      const first = Math.floor(Math.random() * others.length);
      for (let i = 0; i < Math.min(each, others.length); i++)
        this.#wanted.add(others[(first + i) % others.length] as number);
    }
    return [...this.#wanted].slice(0, MAX_TRUTH_ENTITIES);
  }

  /** Notes what an observer's screen shows now. */
  look(screen: Screen, nowMs: number): void {
    const { session } = screen;
    if (session === null) return;
    screen.update(nowMs);
    const tick = screen.shownTick(nowMs);
    this.#measures.viewDelayMs.add(this.#clock.serverMs(nowMs) - tick * session.periodMs);
    for (const { id, track } of screen.entities.values()) {
      if (id === session.welcome.entity || !this.#wanted.has(id) || this.#waiting.length >= WAITING_MOST) continue;
      track.at(tick, this.#motion);
      this.#waiting.push({ id, tick, x: this.#motion.x, y: this.#motion.y, atMs: nowMs });
    }
  }

  /** Compares what was shown a while ago. What the truth was not asked of in time is left out. */
  compare(nowMs: number): void {
    const ripe = this.#waiting.findIndex(({ atMs }) => nowMs - atMs < TRUTH_MS);
    const shown = this.#waiting.splice(0, ripe < 0 ? this.#waiting.length : ripe);
    for (const { id, tick, x, y } of shown) {
      if (!this.#truth.at(id, tick, this.#place)) continue;
      this.#measures.positionErrorM.add(Math.hypot(x - this.#place.x, y - this.#place.y) / MM_PER_M);
    }
  }
}
