/** What a player has sent in one incarnation, by sequence from 1. */
export class InputLog {
  readonly incarnation: number;
  /** What each input asks the avatar to do; null: nothing of the predicted kind, or it was refused. */
  readonly #asked: (object | null)[] = [null];
  readonly #sentMs: number[] = [0];
  readonly #kinds: string[] = [''];
  readonly #refused = new Set<number>();
  #unheard = 0;

  constructor(incarnation: number) {
    this.incarnation = incarnation;
  }

  /** The last sequence; 0 when nothing was sent. */
  get last(): number {
    return this.#asked.length - 1;
  }

  /** `asked`: the object that the predicted step is to be given from then on; null when it is to stay as it is. */
  add(kind: string, asked: object | null, nowMs: number): void {
    this.#kinds.push(kind);
    this.#asked.push(asked);
    this.#sentMs.push(nowMs);
  }

  /** The zone did not take this one, and said so; `heard`: the player is certain to have been told. */
  refused(sequence: number, heard: boolean): void {
    if (!heard && this.#asked[sequence] !== null) this.#unheard = Math.max(this.#unheard, sequence);
    this.#refused.add(sequence);
  }

  /** Another zone judges anew what it is sent again. */
  forgetRefusals(): void {
    this.#refused.clear();
  }

  /** The last input up to this one that asked for something and was not refused; 0 when there is none. */
  #askedBy(sequence: number): number {
    let at = sequence;
    while (at > 0 && (this.#asked[at] === null || this.#refused.has(at))) at--;
    return at;
  }

  /** False when the player may believe that an input holds which was refused: what is said once may be lost. */
  get certain(): boolean {
    return this.#unheard === 0 || this.#askedBy(this.last) > this.#unheard;
  }

  /** The last input of that kind before this one that was not refused; 0 when there is none. */
  before(sequence: number, kind: string): number {
    let at = sequence - 1;
    while (at > 0 && (this.#kinds[at] !== kind || this.#refused.has(at))) at--;
    return at;
  }

  /** What the avatar does once this input has been applied. */
  heldAfter(sequence: number): object | null {
    return this.#asked[this.#askedBy(sequence)];
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
