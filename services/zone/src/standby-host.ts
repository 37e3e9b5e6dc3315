import type { Clock } from '@lifeverse/base';
import { type Bus, subjects } from '@lifeverse/contracts';
import { Standby, type ZoneCopies } from '@lifeverse/world';

export interface StandbyHostOptions {
  readonly zone: number;
  readonly bus: Bus;
  readonly clock: Clock;
}

const FLUSH_MS = 100;

/** Has the second copy of a zone that another server owns. */
export class StandbyHost {
  readonly #core: Standby;
  readonly #silence: () => void;
  readonly #timer: NodeJS.Timeout;

  constructor({ zone, bus, clock }: StandbyHostOptions) {
    const life = Math.floor(clock.nowMs());
    const core = new Standby({ zone, life, send: (bytes) => bus.publish(subjects.copied(zone), bytes) });
    this.#core = core;
    this.#silence = bus.subscribe(subjects.copies(zone), (bytes) => core.receive(bytes, clock.nowMs()));
    this.#timer = setInterval(() => core.flush(clock.nowMs()), FLUSH_MS);
    this.#timer.unref();
  }

  copies(): ZoneCopies | null {
    return this.#core.copies();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#silence();
  }
}
