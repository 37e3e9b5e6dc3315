import type { RawMessage } from '@lifeverse/sync/common';

/** One input as it waits for its tick. */
export interface QueuedInput {
  readonly sequence: number;
  readonly tick: number;
  readonly commands: readonly RawMessage[];
}

/** What came of an input at arrival. `again`: it was taken before, which a gateway's resending does by design. */
export type Arrival = 'queued' | 'again' | 'gap';

/**
 * The inputs of one player in the order of their sequence (WO4): identity is (character, incarnation, sequence), a
 * sequence applies once, and none is skipped. What arrives ahead of a missing one waits for it.
 */
export class InputQueue {
  /** The last sequence taken out by `due`. */
  applied = 0;
  /** Inputs take effect in the order of their sequence: none before the tick of the one before it. */
  #tick = 0;
  readonly #capacity: number;
  readonly #waiting = new Map<number, QueuedInput>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** As another owner has left it; what waits is added behind. */
  static continued(capacity: number, applied: number, appliedTick: number): InputQueue {
    const queue = new InputQueue(capacity);
    queue.applied = applied;
    queue.#tick = appliedTick;
    return queue;
  }

  /** The tick at which the last one counted. */
  get appliedTick(): number {
    return this.#tick;
  }

  get waiting(): Iterable<QueuedInput> {
    return this.#waiting.values();
  }

  get length(): number {
    return this.#waiting.size;
  }

  add(input: QueuedInput): Arrival {
    if (input.sequence <= this.applied || this.#waiting.has(input.sequence)) return 'again';
    if (input.sequence > this.applied + this.#capacity) return 'gap';
    this.#waiting.set(input.sequence, input);
    return 'queued';
  }

  /** The next input whose tick has come, removed, with the tick at which it counts; undefined when there is none. */
  due(tick: number): QueuedInput | undefined {
    const next = this.#waiting.get(this.applied + 1);
    if (next === undefined) return undefined;
    const at = Math.max(this.#tick, next.tick);
    if (at > tick) return undefined;
    this.#waiting.delete(next.sequence);
    this.applied = next.sequence;
    this.#tick = at;
    return at === next.tick ? next : { ...next, tick: at };
  }
}

/** The full tick nearest to `near` whose low 16 bits are these. */
export function unwrapTick(low: number, near: number): number {
  const difference = (low - near) & 0xffff;
  return near + (difference >= 0x8000 ? difference - 0x10000 : difference);
}
