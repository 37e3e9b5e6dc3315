import { type DeskKind, type DeskOutcome, decodeDeskAnswer, deskLimits, encodeDeskRequest } from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';

/** What a request comes to in the end. */
export type Decided = Exclude<DeskOutcome, { kind: 'later' }>;

interface Asked {
  readonly bytes: Uint8Array;
  readonly decided: (outcome: Decided, nowMs: number) => void;
  readonly put: ((code: ErrorCode, retryMs: number, nowMs: number) => void) | undefined;
  atMs: number;
  againMs: number;
  /** It was said, and nothing came: false once it was put off, until it is said again. */
  owed: boolean;
}

/** An answer that has not come after so long is asked for again; twice as long each time, up to the second. */
const AGAIN_MS = 250;
const MOST_AGAIN_MS = 2_000;

export interface DeskLineParts {
  readonly zone: number;
  readonly epoch: number;
  readonly counters: { desk_requests: number; desk_repeats: number; desk_malformed: number };
  /** Takes the bytes for good: a bus may move them to another thread. */
  send(bytes: Uint8Array): void;
}

/**
 * A zone's end of the way to the backend, which may lose messages and bring them twice (WO19): each request is said
 * again until it is answered, and each is decided once.
 */
export class DeskLine {
  readonly #parts: DeskLineParts;
  readonly #asked = new Map<number, Asked>();
  #number = 0;
  readonly #soon: ((nowMs: number) => void)[] = [];
  /** Answers that are owed. */
  #owed = 0;
  /** When it was heard last, or began to owe an answer. */
  #heardMs = 0;

  constructor(parts: DeskLineParts) {
    this.#parts = parts;
  }

  /** Requests without an answer. */
  get open(): number {
    return this.#asked.size;
  }

  /** For how long it has owed answers, and given none. */
  silentMs(nowMs: number): number {
    return this.#owed === 0 ? 0 : nowMs - this.#heardMs;
  }

  /**
   * Returns the number by which it can be forgotten. `put`: it was put off, nothing is decided, and it will be asked
   * again.
   */
  ask(kind: DeskKind, body: Uint8Array, nowMs: number, decided: Asked['decided'], put?: Asked['put']): number {
    const { zone, epoch } = this.#parts;
    const number = ++this.#number;
    const bytes = encodeDeskRequest({ zone, epoch, number, kind, body });
    const asked: Asked = { bytes, decided, put, atMs: nowMs + AGAIN_MS, againMs: AGAIN_MS, owed: false };
    this.#asked.set(number, asked);
    this.#parts.counters.desk_requests++;
    this.#say(asked, nowMs);
    return number;
  }

  /** Nobody waits for the answer any more. */
  forget(number: number): void {
    const asked = this.#asked.get(number);
    if (asked !== undefined) this.#settle(asked);
    this.#asked.delete(number);
  }

  #say(asked: Asked, nowMs: number): void {
    if (this.#owed === 0) this.#heardMs = nowMs;
    if (!asked.owed) this.#owed++;
    asked.owed = true;
    this.#parts.send(asked.bytes.slice());
  }

  #settle(asked: Asked): void {
    if (asked.owed) this.#owed--;
    asked.owed = false;
  }

  answer(bytes: Uint8Array, nowMs: number): void {
    const answer = decodeDeskAnswer(bytes);
    const { zone, epoch, counters } = this.#parts;
    if (answer === undefined) counters.desk_malformed++;
    if (answer === undefined || answer.zone !== zone || answer.epoch !== epoch) return;
    this.#heardMs = nowMs;
    const asked = this.#asked.get(answer.number);
    if (asked === undefined) return;
    this.#settle(asked);
    const { outcome } = answer;
    if (outcome.kind === 'later') {
      asked.atMs = nowMs + Math.min(deskLimits.retryMs, outcome.retryMs);
      asked.put?.(outcome.code, outcome.retryMs, nowMs);
      return;
    }
    this.#asked.delete(answer.number);
    asked.decided(outcome, nowMs);
  }

  /** With the next reminder. */
  soon(then: (nowMs: number) => void): void {
    this.#soon.push(then);
  }

  /** Says again what was not answered in time. */
  remind(nowMs: number): void {
    for (const then of this.#soon.splice(0)) then(nowMs);
    for (const asked of this.#asked.values()) {
      if (nowMs < asked.atMs) continue;
      asked.againMs = Math.min(MOST_AGAIN_MS, asked.againMs * 2);
      asked.atMs = nowMs + asked.againMs;
      this.#parts.counters.desk_repeats++;
      this.#say(asked, nowMs);
    }
  }
}
