import type { UplinkOp } from '@lifeverse/contracts';
import { limits } from '@lifeverse/protocol';

/** What of a session can be early: all else is said again by itself. */
export type EarlyOp = Extract<UplinkOp, { op: 'input' | 'operation' }>;

/** Whoever is on the way from another zone is there by then, or what they said is said again. */
const KEPT_TICKS = 10;
const SESSIONS = 1_024;

interface Kept {
  readonly untilTick: number;
  /** Each once, however often it comes. */
  readonly ops: Map<string, EarlyOp>;
}

/**
 * What gateways say of players who are not here yet. A gateway follows an avatar as soon as its former zone says where it
 * goes, and that is heard here before the tick in which the avatar comes (WO52).
 */
export class Early {
  readonly #kept = new Map<string, Kept>();

  keep(entrance: string, op: EarlyOp, tick: number): void {
    const kept = this.#kept.get(entrance) ?? this.#open(entrance, tick);
    const name = `${op.op} ${op.sequence}`;
    // The bytes are of a message that others use again.
    if (kept.ops.size < limits.unstableInputs && !kept.ops.has(name))
      kept.ops.set(name, op.op === 'input' ? { ...op, body: op.body.slice() } : copyOf(op));
  }

  #open(entrance: string, tick: number): Kept {
    if (this.#kept.size >= SESSIONS) this.#kept.delete(this.#kept.keys().next().value as string);
    const kept: Kept = { untilTick: tick + KEPT_TICKS, ops: new Map() };
    this.#kept.set(entrance, kept);
    return kept;
  }

  /** The avatar is here: what its player has said, in the order in which it came. */
  take(entrance: string): Iterable<EarlyOp> {
    const kept = this.#kept.get(entrance);
    this.#kept.delete(entrance);
    return kept?.ops.values() ?? [];
  }

  forget(tick: number): void {
    for (const [entrance, { untilTick }] of this.#kept) if (untilTick < tick) this.#kept.delete(entrance);
  }
}

function copyOf(op: Extract<EarlyOp, { op: 'operation' }>): EarlyOp {
  return { ...op, key: op.key.slice(), body: op.body.slice() };
}
