/** Who was not heard for so long, while others were, is not there. */
const THERE_MS = 5_000;
/** A page that was loaded from a gateway may come by another one for so long after that one was heard last. */
const REMEMBERED_MS = 86_400_000;
const MOST = 64;

/**
 * The gateways of the world, as players find them: origins. Those that are there are told to players; the pages of all that
 * are remembered are let in, and may speak with all of these, since a page outlives the gateway that it came from.
 */
export class KnownGateways {
  readonly #heardMs = new Map<string, number>();
  #own: string | null = null;
  #newestMs = Number.NEGATIVE_INFINITY;
  #remembered: readonly string[] = [];

  /** Where players find this one. */
  isAt(own: string): void {
    this.#own = own;
    this.#list();
  }

  /** True when it was not known. */
  heard(address: string, nowMs: number): boolean {
    const isNew = !this.#heardMs.has(address);
    if (isNew && this.#heardMs.size >= MOST) return false;
    this.#heardMs.set(address, nowMs);
    this.#newestMs = nowMs;
    const forgotten = [...this.#heardMs].filter(([, ms]) => nowMs - ms > REMEMBERED_MS);
    for (const [gone] of forgotten) this.#heardMs.delete(gone);
    if (isNew || forgotten.length > 0) this.#list();
    return isNew;
  }

  /** Those that were heard lately. While nobody is heard, nothing is known to have changed. */
  get there(): readonly string[] {
    return this.#remembered.filter((address) => this.#isThere(address));
  }

  /** All within a day; the same object until they change. */
  get remembered(): readonly string[] {
    return this.#remembered;
  }

  has(origin: string): boolean {
    return origin === this.#own || this.#heardMs.has(origin);
  }

  #isThere(address: string): boolean {
    return address === this.#own || this.#newestMs - (this.#heardMs.get(address) ?? 0) <= THERE_MS;
  }

  #list(): void {
    const heard = [...this.#heardMs.keys()].filter((address) => address !== this.#own);
    this.#remembered = this.#own === null ? heard : [this.#own, ...heard];
  }
}
