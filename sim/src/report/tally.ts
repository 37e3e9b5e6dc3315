/** How often what happened, by kind, in the order of first mention. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(kind: string, times = 1): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + times);
  }

  of(kind: string): number {
    return this.#counts.get(kind) ?? 0;
  }

  entries(): [kind: string, count: number][] {
    return [...this.#counts];
  }
}
