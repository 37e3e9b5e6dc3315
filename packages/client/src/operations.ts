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
  sent: boolean;
  beats: number;
}

/** Not answered for so many beats, it is said again: about two seconds. */
const AGAIN_BEATS = 8;
/** More at once are refused here: a gateway does not keep many. */
const MOST_PENDING = 8;

/** Operations on their way (PR33): each has a key of its own, and is said again with it until it is answered. */
export class Operations {
  readonly #ports: OperationPorts;
  readonly #pending = new Map<string, Pending>();

  constructor(ports: OperationPorts) {
    this.#ports = ports;
  }

  get pending(): number {
    return this.#pending.size;
  }

  /** Resolves when it is done for good, or refused; rejects with a RangeError when a value does not fit its field. */
  ask(name: string, input: object): Promise<Outcome> {
    if (this.#pending.size >= MOST_PENDING) return Promise.resolve(refused('journal_busy'));
    return new Promise((settle, fail) => {
      const pending = { key: this.#ports.newKey(), name, input, settle, fail, sent: false, beats: 0 };
      this.#pending.set(pending.key.toString(), pending);
      this.#send(pending);
    });
  }

  #send(pending: Pending): void {
    const sent = this.#ports.send(pending.key, pending.sent, pending.name, pending.input);
    pending.beats = 0;
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

  beat(): void {
    for (const pending of [...this.#pending.values()]) if (++pending.beats >= AGAIN_BEATS) this.#send(pending);
  }

  answered(key: Uint8Array, outcome: number | ErrorCode): void {
    const pending = this.#pending.get(key.toString());
    // Nothing is known yet: it is said again until it is.
    if (pending === undefined || outcome === 'outcome_unknown') return;
    this.#pending.delete(key.toString());
    pending.settle(typeof outcome === 'number' ? { ok: true, operation: outcome } : refused(outcome));
  }

  /** The connection has ended for good: whether the rest was done shows in what the player has. */
  end(): void {
    for (const pending of this.#pending.values())
      pending.settle(refused(pending.sent ? 'outcome_unknown' : 'session_left'));
    this.#pending.clear();
  }
}

function refused(code: ErrorCode): Refused {
  const { message: sentence, retry } = catalogue[code];
  return { ok: false, code, sentence, retry };
}
