import { encodeTruth } from '@lifeverse/contracts';
import type { EntityStore } from './entity-store.ts';

const LEASE_MS = 5_000;

/** Tells the truth of some entities for a while, apart from the stream: for those who measure. */
export class TruthWatch {
  readonly #store: EntityStore;
  #ids: readonly number[] = [];
  #untilMs = 0;

  constructor(store: EntityStore) {
    this.#store = store;
  }

  want(ids: readonly number[], nowMs: number): void {
    this.#ids = ids;
    this.#untilMs = nowMs + LEASE_MS;
  }

  /** At the end of that tick; null when nobody wants to know. */
  take(tick: number, nowMs: number): Uint8Array | null {
    if (nowMs > this.#untilMs) this.#ids = [];
    if (this.#ids.length === 0) return null;
    const { x, y } = this.#store;
    const entities = this.#ids.flatMap((id) => {
      const row = this.#store.rowOf(id);
      return row === undefined ? [] : [{ id, xMm: x[row] as number, yMm: y[row] as number }];
    });
    return encodeTruth({ tick, entities });
  }
}
