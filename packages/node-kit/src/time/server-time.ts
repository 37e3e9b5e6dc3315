import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, SlewedClock, type TimeSample } from '@lifeverse/base';
import { machineMs } from '../system-clock.ts';

/** Asks the clock that is followed, once. Rejects when there is no answer. */
export type AskTime = () => Promise<Pick<TimeSample, 'serverMs' | 'uncertaintyMs'>>;

/** At the start, one after the other: the best of them sets the clock. */
const FIRST_SAMPLES = 5;
const AGAIN_MS = 200;
const EVERY_MS = 1_000;

/** The world's time, as all its servers have it: monotonic, and near the clock that is asked again every second. */
export class ServerTime implements Clock {
  readonly #ask: AskTime;
  readonly #clock = new SlewedClock();
  readonly #stopping = new AbortController();
  readonly #close: () => Promise<void> | void;
  #sampling: Promise<void> = Promise.resolve();

  private constructor(ask: AskTime, close: () => Promise<void> | void) {
    this.#ask = ask;
    this.#close = close;
  }

  /**
   * Waits until there are answers, however long that takes; rejects when `signal` ends it. `close` is called once it is
   * stopped.
   */
  static async start(ask: AskTime, signal: AbortSignal, close: () => Promise<void> | void): Promise<ServerTime> {
    const time = new ServerTime(ask, close);
    const samples: TimeSample[] = [];
    while (samples.length < FIRST_SAMPLES) {
      signal.throwIfAborted();
      const sample = await time.#sample();
      if (sample !== null) samples.push(sample);
      else await sleep(AGAIN_MS, undefined, { signal });
    }
    const roundTripMs = ({ sentMs, receivedMs }: TimeSample): number => receivedMs - sentMs;
    time.#clock.take(samples.reduce((best, next) => (roundTripMs(next) < roundTripMs(best) ? next : best)));
    time.#sampling = time.#keepSampling();
    return time;
  }

  nowMs(): number {
    return this.#clock.readAt(machineMs());
  }

  uncertaintyMs(): number {
    return this.#clock.uncertaintyAt(machineMs());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#sampling;
    await this.#close();
  }

  async #keepSampling(): Promise<void> {
    const { signal } = this.#stopping;
    for (;;) {
      await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      const sample = await this.#sample();
      if (sample !== null) this.#clock.take(sample);
    }
  }

  async #sample(): Promise<TimeSample | null> {
    const sentMs = machineMs();
    try {
      const { serverMs, uncertaintyMs } = await this.#ask();
      return { sentMs, serverMs, uncertaintyMs, receivedMs: machineMs() };
    } catch {
      // What is not known in time grows uncertain by itself.
      return null;
    }
  }
}
