/** So long it is waited for a zone that says nothing: who owned it is gone by then, and what that one had is nobody's. */
const PATIENCE_MS = 5_000;

/**
 * A new owner asks all other zones whom they have, before anybody stands with it whom it was told of by an earlier owner's
 * word or the desk's (WO59): what came from there may have been taken by another already, and is not taken twice.
 */
export class RollCall {
  readonly #missing: Set<number>;
  #sinceMs: number | null = null;

  constructor(others: Iterable<number>) {
    this.#missing = new Set(others);
  }

  answered(zone: number): void {
    this.#missing.delete(zone);
  }

  /** Whether all have answered, or have been waited for in vain. */
  isOver(nowMs: number): boolean {
    this.#sinceMs ??= nowMs;
    if (this.#missing.size > 0 && nowMs - this.#sinceMs >= PATIENCE_MS) this.#missing.clear();
    return this.#missing.size === 0;
  }
}
