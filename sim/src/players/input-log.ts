/** What a player has sent in one incarnation, by sequence from 1. */
export class InputLog {
  readonly incarnation: number;
  /** What the avatar does after each input: the object that the predicted step is given. */
  readonly #held: (object | null)[] = [null];
  readonly #sentMs: number[] = [0];

  constructor(incarnation: number) {
    this.incarnation = incarnation;
  }

  /** The last sequence; 0 when nothing was sent. */
  get last(): number {
    return this.#held.length - 1;
  }

  add(held: object | null, nowMs: number): void {
    this.#held.push(held);
    this.#sentMs.push(nowMs);
  }

  heldAfter(sequence: number): object | null {
    return this.#held[sequence] ?? null;
  }

  /** The last input that was sent at or before that moment. */
  lastBefore(ms: number): number {
    let sequence = this.last;
    while (sequence > 0 && this.#sentMs[sequence] > ms) sequence--;
    return sequence;
  }

  get lastSentMs(): number {
    return this.#sentMs[this.last];
  }
}
