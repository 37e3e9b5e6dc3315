import type { Clock } from '@lifeverse/base';
import { type Due, EventQueue } from './event-queue.ts';

/** Virtual time: it stands still while an event is handled and moves on to the next one. */
export class Timeline implements Clock {
  #nowMs: number;
  readonly #queue = new EventQueue();

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  /** A moment that has passed is now, behind what is queued for now already. */
  at(atMs: number, due: Due): void {
    this.#queue.push(atMs > this.#nowMs ? atMs : this.#nowMs, due);
  }

  after(delayMs: number, due: Due): void {
    this.at(this.#nowMs + delayMs, due);
  }

  /** For what happens once. */
  later(delayMs: number, run: (nowMs: number) => void): void {
    this.at(this.#nowMs + delayMs, { due: run });
  }

  runUntil(untilMs: number): void {
    const queue = this.#queue;
    while (queue.nextMs <= untilMs) {
      this.#nowMs = queue.nextMs;
      queue.pop()?.due(this.#nowMs);
    }
    this.#nowMs = untilMs;
  }
}
