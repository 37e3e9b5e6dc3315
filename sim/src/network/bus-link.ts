import type { Random } from '@lifeverse/base';
import type { Tally } from '../report/tally.ts';
import type { Due } from '../time/event-queue.ts';
import type { Timeline } from '../time/timeline.ts';

/** What befalls messages between services; probabilities per message. */
export interface BusConditions {
  /** Nothing passes. */
  cut: boolean;
  delayMs: number;
  jitterMs: number;
  loss: number;
  duplicate: number;
  /** Held back so that later ones overtake it. */
  reorder: number;
}

const LEAST_MS = 0.05;
const HELD_BACK_MS = 120;
const SECOND_COPY_MS = 80;

class Message implements Due {
  readonly #bytes: Uint8Array;
  readonly #receive: (bytes: Uint8Array) => void;
  constructor(bytes: Uint8Array, receive: (bytes: Uint8Array) => void) {
    this.#bytes = bytes;
    this.#receive = receive;
  }
  due(): void {
    this.#receive(this.#bytes);
  }
}

/** One direction between two services: messages may be lost, come late, twice, or in another order; never changed. */
export class BusLink {
  readonly conditions: BusConditions;
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #tally: Tally;
  readonly #receive: (bytes: Uint8Array) => void;
  #lastArrivalMs = 0;

  constructor(
    parts: { timeline: Timeline; random: Random; tally: Tally; conditions: BusConditions },
    receive: (bytes: Uint8Array) => void,
  ) {
    this.conditions = parts.conditions;
    this.#timeline = parts.timeline;
    this.#random = parts.random;
    this.#tally = parts.tally;
    this.#receive = receive;
  }

  send(bytes: Uint8Array): void {
    const { conditions } = this;
    const random = this.#random;
    if (conditions.cut || (conditions.loss > 0 && random.chance(conditions.loss))) {
      this.#tally.add(conditions.cut ? 'bus messages lost in a partition' : 'bus messages lost');
      return;
    }
    const nowMs = this.#timeline.nowMs();
    let arrivalMs = nowMs + LEAST_MS + conditions.delayMs + random.float() * conditions.jitterMs;
    if (conditions.reorder > 0 && random.chance(conditions.reorder)) {
      this.#tally.add('bus messages overtaken');
      arrivalMs += random.float() * HELD_BACK_MS;
    } else {
      arrivalMs = this.#lastArrivalMs = Math.max(arrivalMs, this.#lastArrivalMs);
    }
    const message = new Message(bytes, this.#receive);
    this.#tally.add('bus messages delivered');
    this.#timeline.at(arrivalMs, message);
    if (conditions.duplicate === 0 || !random.chance(conditions.duplicate)) return;
    this.#tally.add('bus messages duplicated');
    this.#timeline.at(arrivalMs + random.float() * SECOND_COPY_MS, message);
  }
}
