import type { TimeStanding, Wait } from '@lifeverse/node-kit';

/** By whom a role has the time, and how well it has to know it. */
export interface TimeSource {
  readonly teller: 'backend' | 'database';
  readonly withinMs: number;
}

/** Questions are a second apart, and so long is each answer waited for. */
const SILENT_MS = 5_000;
const S_MS = 1_000;

/**
 * What the time makes a role wait for; null: nothing. A time that nobody tells any more goes on, and will do for as long as it is
 * known well enough; but a gateway that hears no backend can let nobody in.
 */
export function timeWait(standing: TimeStanding, { teller, withinMs }: TimeSource): Wait | null {
  const { uncertaintyMs, silentMs, why } = standing;
  const isUnknown = uncertaintyMs === Number.POSITIVE_INFINITY;
  if (teller === 'backend' && isUnknown) return { what: 'backend', why: 'none has told the time yet' };
  if (teller === 'backend' && silentMs > SILENT_MS) return { what: 'backend', why: 'none has told the time for 5 s' };
  if (isUnknown) return { what: 'time', why: `the database does not tell it: ${why}` };
  if (uncertaintyMs <= withinMs) return null;
  return {
    what: 'time',
    why: `it has to be known to ${withinMs} ms, and the ${teller} is too far away, silent, or set anew`,
  };
}

/** Why a role ends that cannot follow the database's clock: started anew, it has the new time. */
export function stepSentence(steppedMs: number): string {
  const by = `${(Math.abs(steppedMs) / S_MS).toFixed(1)} s`;
  return `The database's clock was set ${steppedMs > 0 ? 'forward' : 'back'} by ${by}, and with it the world's time: this process ends, to be started anew with that.`;
}
