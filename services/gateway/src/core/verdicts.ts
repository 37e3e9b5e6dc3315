import type { Expulsion, Muting, Seat } from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';
import { deadlines } from './deadlines.ts';
import type { Redeemed } from './gateway-ports.ts';

interface Said<T> {
  readonly what: T;
  /** All tickets up to this one; of a log-in, all. */
  readonly incarnation: number;
  readonly untilMs: number;
}

interface Player extends Seat {
  /** Id of the session by which they are logged in. */
  readonly login?: string;
}

/** More are not said within the time: the oldest is let go. */
const MOST = 100_000;

/**
 * What backends have said lately of who may go on and who may speak, remembered for as long as a ticket may still be on
 * its way that was given before: it lets nobody in who was sent out, and nobody speak who was muted since.
 */
export class Verdicts {
  readonly #logins = new Map<string, Said<ErrorCode>>();
  readonly #seats = new Map<string, Said<ErrorCode>>();
  readonly #mutings = new Map<string, Said<number>>();

  expel({ code, logins, seats }: Expulsion, nowMs: number): void {
    for (const login of logins) remember(this.#logins, login, code, Number.POSITIVE_INFINITY, nowMs);
    for (const { character, incarnation } of seats) remember(this.#seats, character, code, incarnation, nowMs);
  }

  mute(mutings: readonly Muting[], nowMs: number): void {
    for (const { character, incarnation, untilMs } of mutings)
      remember(this.#mutings, character, untilMs, incarnation, nowMs);
  }

  /** Why the player may not go on; undefined: they may. */
  expelled({ login = '', character, incarnation }: Player, nowMs: number): ErrorCode | undefined {
    return (
      inForce(this.#logins.get(login), incarnation, nowMs) ?? inForce(this.#seats.get(character), incarnation, nowMs)
    );
  }

  /** What was said of it after that ticket; undefined: nothing. */
  mutedUntilMs({ character, incarnation }: Seat, nowMs: number): number | undefined {
    return inForce(this.#mutings.get(character), incarnation, nowMs);
  }

  /** What a good ticket is worth by now. */
  judged(redeemed: Redeemed, nowMs: number): Redeemed | ErrorCode {
    const code = this.expelled(redeemed, nowMs);
    if (code !== undefined) return code;
    const mutedUntilMs = this.mutedUntilMs(redeemed, nowMs);
    return mutedUntilMs === undefined ? redeemed : { ...redeemed, mutedUntilMs };
  }
}

function inForce<T>(said: Said<T> | undefined, incarnation: number, nowMs: number): T | undefined {
  return said !== undefined && incarnation <= said.incarnation && said.untilMs > nowMs ? said.what : undefined;
}

function remember<T>(among: Map<string, Said<T>>, key: string, what: T, incarnation: number, nowMs: number): void {
  among.delete(key);
  among.set(key, { what, incarnation, untilMs: nowMs + deadlines.verdictMs });
  for (const [oldest, { untilMs }] of among) {
    if (untilMs > nowMs && among.size <= MOST) break;
    among.delete(oldest);
  }
}
