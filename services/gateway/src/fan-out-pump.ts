import type { Clock } from '@lifeverse/base';
import { zoneOfBundle } from '@lifeverse/contracts';
import type { GatewayCore } from './core/index.ts';

/** Writes between two looks at the sockets: well under a millisecond. */
const WRITES_PER_SLICE = 256;
/** Bundles of a zone that may wait for the fan-out before them; the oldest goes first, and is keyed anew. */
const WAITING_BUNDLES = 2;
const KEPT_SAMPLES = 10_000;

interface Arrived {
  readonly zone: number | undefined;
  readonly bytes: Uint8Array;
  readonly arrivedMs: number;
}

/** The part of the core that this drives. */
export type FannedOut = Pick<GatewayCore, 'bundle' | 'fanOut'>;

/** Takes bundles to the players, one after the other, in slices between which the thread reads its sockets. */
export class FanOutPump {
  readonly #core: FannedOut;
  readonly #clock: Clock;
  readonly #waiting: Arrived[] = [];
  #arrivedMs: number | null = null;
  #samples: number[] = [];
  dropped = 0;

  constructor(core: FannedOut, clock: Clock) {
    this.#core = core;
    this.#clock = clock;
  }

  bundle(bytes: Uint8Array): void {
    const zone = zoneOfBundle(bytes);
    const ofZone = this.#waiting.filter((waiting) => waiting.zone === zone);
    if (ofZone.length >= WAITING_BUNDLES) {
      this.dropped++;
      this.#waiting.splice(this.#waiting.indexOf(ofZone[0] as Arrived), 1);
    }
    this.#waiting.push({ zone, bytes, arrivedMs: this.#clock.nowMs() });
    if (this.#arrivedMs === null) this.#next();
  }

  /** Writes what is to be told though no bundle comes, such as the answers to heartbeats; nothing while one is being written. */
  whileSilent(): void {
    if (this.#arrivedMs !== null) return;
    if (this.#core.fanOut(WRITES_PER_SLICE, this.#clock.nowMs())) setImmediate(() => this.whileSilent());
  }

  /** Milliseconds from each bundle's arrival until its last write, since the last call. */
  takeSamples(): number[] {
    const samples = this.#samples;
    this.#samples = [];
    return samples;
  }

  #next(): void {
    const next = this.#waiting.shift();
    this.#arrivedMs = next?.arrivedMs ?? null;
    if (next === undefined) return;
    this.#core.bundle(next.bytes, this.#clock.nowMs());
    this.#slice();
  }

  #slice = (): void => {
    if (this.#core.fanOut(WRITES_PER_SLICE, this.#clock.nowMs())) {
      setImmediate(this.#slice);
      return;
    }
    if (this.#samples.length < KEPT_SAMPLES) this.#samples.push(this.#clock.nowMs() - (this.#arrivedMs as number));
    if (this.#waiting.length === 0) this.#arrivedMs = null;
    else setImmediate(() => this.#next());
  };
}
