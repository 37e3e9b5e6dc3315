import { catalogue, type ErrorCode } from '@lifeverse/protocol';

/** What became of an operation. `operation`: its number in the journal, 0 when it did not need to last. */
export type Outcome = Done | Refused;

export interface Done {
  readonly ok: true;
  readonly operation: number;
}

export interface Refused {
  readonly ok: false;
  readonly code: ErrorCode;
  /** For the player, plain words. */
  readonly sentence: string;
  readonly retry: 'now' | 'later' | 'never';
  /** When it is worth asking again; null when it never is. */
  readonly retryAfterMs: number | null;
  /** Asks the same once more, under the same key: done once, however often it is asked. Called twice, it asks once. */
  readonly again: () => Promise<Outcome>;
}

export interface OperationPorts {
  /** False while it cannot be sent; a sentence when it can never be. */
  send(key: Uint8Array, again: boolean, name: string, input: object): boolean | string;
  newKey(): Uint8Array;
}

interface Pending {
  readonly key: Uint8Array;
  readonly name: string;
  readonly input: object;
  readonly settle: (outcome: Outcome) => void;
  readonly fail: (error: RangeError) => void;
  readonly refusal: (code: ErrorCode) => Refused;
  sent: boolean;
  beats: number;
  /** Something of the world was heard since it was said last. */
  heard: boolean;
}

/** Not answered for so many beats, it is said again: about two seconds. */
const AGAIN_BEATS = 8;
/** A server that is back after less has hardly been away. */
const LATER_MS = 2_000;
/** More at once are refused here: a gateway does not keep many. */
const MOST_PENDING = 8;

/** Operations on their way (PR33): each has a key of its own, and is said again with it until it is answered. */
export class Operations {
  readonly #ports: OperationPorts;
  readonly #pending = new Map<string, Pending>();
  #ended = false;

  constructor(ports: OperationPorts) {
    this.#ports = ports;
  }

  get pending(): number {
    return this.#pending.size;
  }

  /** Resolves when it is done for good, or refused; rejects with a RangeError when a value does not fit its field. */
  ask(name: string, input: object): Promise<Outcome> {
    return this.#askBy(this.#ports.newKey(), name, input);
  }

  #askBy(key: Uint8Array, name: string, input: object): Promise<Outcome> {
    let repeated: Promise<Outcome> | null = null;
    const again = (): Promise<Outcome> => {
      repeated ??= this.#askBy(key, name, input);
      return repeated;
    };
    const refusal = (code: ErrorCode): Refused => refused(code, again);
    if (this.#ended) return Promise.resolve(refusal('session_left'));
    if (this.#pending.size >= MOST_PENDING) return Promise.resolve(refusal('journal_busy'));
    return new Promise((settle, fail) => {
      const pending = { key, name, input, settle, fail, refusal, sent: false, beats: 0, heard: false };
      this.#pending.set(pending.key.toString(), pending);
      this.#send(pending);
    });
  }

  #send(pending: Pending): void {
    const sent = this.#ports.send(pending.key, pending.sent, pending.name, pending.input);
    pending.beats = 0;
    pending.heard = false;
    if (sent === true) pending.sent = true;
    else if (typeof sent === 'string') {
      this.#pending.delete(pending.key.toString());
      pending.fail(new RangeError(sent));
    }
  }

  /** In the world, maybe again: what was asked on another connection may have been lost with it. */
  joined(): void {
    for (const pending of [...this.#pending.values()]) this.#send(pending);
  }

  /**
   * Four times a second. `heard`: the world has said something since the last one. While it is silent, what was said waits at the
   * gateway, which keeps no more than so many and would end the connection.
   */
  beat(heard: boolean): void {
    for (const pending of [...this.#pending.values()]) {
      pending.heard ||= heard;
      if (++pending.beats >= AGAIN_BEATS && pending.heard) this.#send(pending);
    }
  }

  answered(key: Uint8Array, outcome: number | ErrorCode): void {
    const pending = this.#pending.get(key.toString());
    // Nothing is known yet: it is said again until it is.
    if (pending === undefined || outcome === 'outcome_unknown') return;
    this.#pending.delete(key.toString());
    pending.settle(typeof outcome === 'number' ? { ok: true, operation: outcome } : pending.refusal(outcome));
  }

  /** The connection has ended for good: whether the rest was done shows in what the player has. */
  end(): void {
    this.#ended = true;
    for (const pending of this.#pending.values())
      pending.settle(pending.refusal(pending.sent ? 'outcome_unknown' : 'session_left'));
    this.#pending.clear();
  }
}

function refused(code: ErrorCode, again: Refused['again']): Refused {
  const { message: sentence, retry } = catalogue[code];
  const retryAfterMs = { now: 0, later: LATER_MS, never: null }[retry];
  return { ok: false, code, sentence, retry, retryAfterMs, again };
}
