import { isSeat, type Seat } from './seat.ts';
import { isCount, jsonObject } from './toggle-set.ts';

/** Until when a player may not speak, server time; 0: they may. For the subject `muting`; said again for a while. */
export interface Muting extends Seat {
  readonly untilMs: number;
}

const MAX_BYTES = 65_536;
/** Of one message, so that it stays within its bytes; who has more to say says it in several. */
export const MAX_MUTINGS = 500;

export function encodeMutings(mutings: readonly Muting[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ mutings }));
}

/** Undefined when they are none. */
export function decodeMutings(bytes: Uint8Array): readonly Muting[] | undefined {
  const { mutings } = (bytes.length <= MAX_BYTES ? jsonObject(bytes) : undefined) ?? {};
  return Array.isArray(mutings) && mutings.every(isMuting) ? mutings : undefined;
}

function isMuting(value: unknown): value is Muting {
  return isSeat(value) && isCount((value as Partial<Muting>).untilMs);
}
