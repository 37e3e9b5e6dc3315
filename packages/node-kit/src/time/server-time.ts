import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, SlewedClock, type TimeSample } from '@lifeverse/base';
import { Backoff } from '../backoff.ts';
import { machineMs } from '../system-clock.ts';

/** Asks the clock that is followed, once. Rejects when there is no answer. */
export type AskTime = () => Promise<Pick<TimeSample, 'serverMs' | 'uncertaintyMs'>>;

/** How it stands with a time that is followed, after each question. */
export interface TimeStanding {
  /** How far it may be off: infinitely, before it was set. */
  readonly uncertaintyMs: number;
  /** How long ago the last answer came; 0 when it was the last question's. */
  readonly silentMs: number;
  /** By how much the clock that is followed was set, when that is too much to follow; else 0. */
  readonly steppedMs: number;
  /** Why the last question was not answered. */
  readonly why: string | null;
}

export interface TimeOptions {
  /** Ends the waiting for a time. */
  readonly signal: AbortSignal;
  /** One that is known less well is waited on; any will do when left out. */
  readonly withinMs?: number;
  /** Told after each question. */
  readonly asked?: (standing: TimeStanding) => void;
  /** A second when left out. */
  readonly everyMs?: number;
}

/** At the start, one after the other: the best of them sets the clock. */
const FIRST_SAMPLES = 5;
const EVERY_MS = 1_000;

/** The world's time, as all its servers have it: monotonic, and near the clock that is asked again every second. */
export class ServerTime implements Clock {
  readonly #ask: AskTime;
  readonly #options: TimeOptions;
  readonly #clock = new SlewedClock();
  readonly #stopping = new AbortController();
  readonly #close: () => Promise<void> | void;
  #answeredMs = machineMs();
  #why: string | null = null;
  #sampling: Promise<void> = Promise.resolve();

  private constructor(ask: AskTime, options: TimeOptions, close: () => Promise<void> | void) {
    this.#ask = ask;
    this.#options = options;
    this.#close = close;
  }

  /**
   * Waits until the time is known well enough, however long that takes; rejects when the signal ends it. `close` is called once
   * it is stopped.
   */
  static async start(ask: AskTime, options: TimeOptions, close: () => Promise<void> | void): Promise<ServerTime> {
    const time = new ServerTime(ask, options, close);
    const { signal, withinMs = Number.POSITIVE_INFINITY } = options;
    const backoff = new Backoff();
    for (;;) {
      const best = await time.#firstSample();
      const errorMs = best === null ? Number.POSITIVE_INFINITY : errorOf(best);
      if (best !== null && errorMs <= withinMs) {
        time.#clock.take(best);
        break;
      }
      time.#tell(errorMs);
      await sleep(backoff.takeMs(), undefined, { signal });
    }
    time.#tell(time.uncertaintyMs());
    time.#sampling = time.#keepSampling();
    return time;
  }

  nowMs(): number {
    return this.#clock.readAt(machineMs());
  }

  uncertaintyMs(): number {
    return this.#clock.uncertaintyAt(machineMs());
  }

  offsetMs(): number {
    return this.#clock.offsetAt(machineMs());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#sampling;
    await this.#close();
  }

  /** The best of several; null when one of them was not answered. */
  async #firstSample(): Promise<TimeSample | null> {
    const samples: TimeSample[] = [];
    while (samples.length < FIRST_SAMPLES) {
      this.#options.signal.throwIfAborted();
      const sample = await this.#sample();
      if (sample === null) return null;
      samples.push(sample);
    }
    return samples.reduce((best, next) => (errorOf(next) < errorOf(best) ? next : best));
  }

  async #keepSampling(): Promise<void> {
    const { signal } = this.#stopping;
    const { everyMs = EVERY_MS } = this.#options;
    for (;;) {
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      const sample = await this.#sample();
      if (sample !== null) this.#clock.take(sample);
      this.#tell(this.uncertaintyMs());
    }
  }

  async #sample(): Promise<TimeSample | null> {
    const sentMs = machineMs();
    try {
      const { serverMs, uncertaintyMs } = await this.#ask();
      const receivedMs = machineMs();
      // From before there was a world, or none at all.
      if (!(serverMs >= 0)) throw new RangeError(`its clock says ${serverMs} ms since the world began`);
      this.#answeredMs = receivedMs;
      this.#why = null;
      return { sentMs, serverMs, uncertaintyMs, receivedMs };
    } catch (error) {
      // What is not known in time grows uncertain by itself.
      this.#why = (error as Error).message;
      return null;
    }
  }

  #tell(uncertaintyMs: number): void {
    const { asked } = this.#options;
    const silentMs = this.#why === null ? 0 : machineMs() - this.#answeredMs;
    asked?.({ uncertaintyMs, silentMs, steppedMs: this.#clock.steppedMs, why: this.#why });
  }
}

function errorOf({ sentMs, receivedMs, uncertaintyMs }: TimeSample): number {
  return (receivedMs - sentMs) / 2 + uncertaintyMs;
}
