import type { Expulsion, Muting, Seat } from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';
import type { Connection } from './connection.ts';
import { deadlines } from './deadlines.ts';
import type { Redeemed } from './gateway-ports.ts';

interface Said<T> {
  readonly what: T;
  /** All tickets up to this one; of a log-in, all. */
  readonly incarnation: number;
  readonly untilMs: number;
}

export interface VerdictContext {
  readonly connections: Iterable<Connection>;
  redeem(ticket: string, nowMs: number): Redeemed | ErrorCode;
  close(connection: Connection, code: ErrorCode, nowMs: number): void;
  /** Tells the zone who is there and until when they may not speak. */
  attach(connection: Connection, nowMs: number): void;
}

/** More are not said within the time: the oldest is let go. */
const MOST = 100_000;

/**
 * What backends say of who may go on and who may speak: carried out at once, and remembered for as long as a ticket may
 * still be on its way that was given before. It lets nobody in who was sent out, and nobody speak who was muted since.
 */
export class Verdicts {
  readonly #context: VerdictContext;
  readonly #logins = new Map<string, Said<ErrorCode>>();
  readonly #seats = new Map<string, Said<ErrorCode>>();
  readonly #mutings = new Map<string, Said<number>>();

  constructor(context: VerdictContext) {
    this.#context = context;
  }

  /** Closes those who may not go on. */
  expel({ code, logins, seats }: Expulsion, nowMs: number): void {
    for (const login of logins) remember(this.#logins, login, code, Number.POSITIVE_INFINITY, nowMs);
    for (const { character, incarnation } of seats) remember(this.#seats, character, code, incarnation, nowMs);
    for (const connection of [...this.#context.connections]) {
      const why = this.#expelled(connection, nowMs);
      if (why !== undefined) this.#context.close(connection, why, nowMs);
    }
  }

  /** The zone is told who may not speak, and who may again; once more when it is said once more, should that be lost. */
  mute(mutings: readonly Muting[], nowMs: number): void {
    for (const { character, incarnation, untilMs } of mutings)
      remember(this.#mutings, character, untilMs, incarnation, nowMs);
    const meant = new Set(mutings.map(({ character }) => character));
    for (const connection of this.#context.connections) {
      const untilMs = meant.has(connection.character) ? this.#mutedUntilMs(connection, nowMs) : undefined;
      if (untilMs === undefined) continue;
      connection.mutedUntilMs = untilMs;
      this.#context.attach(connection, nowMs);
    }
  }

  /** What a ticket is worth by now. */
  redeem(ticket: string, nowMs: number): Redeemed | ErrorCode {
    const redeemed = this.#context.redeem(ticket, nowMs);
    if (typeof redeemed === 'string') return redeemed;
    const why = this.#expelled(redeemed, nowMs);
    if (why !== undefined) return why;
    const mutedUntilMs = this.#mutedUntilMs(redeemed, nowMs);
    return mutedUntilMs === undefined ? redeemed : { ...redeemed, mutedUntilMs };
  }

  #expelled({ login = '', character, incarnation }: Redeemed, nowMs: number): ErrorCode | undefined {
    return (
      inForce(this.#logins.get(login), incarnation, nowMs) ?? inForce(this.#seats.get(character), incarnation, nowMs)
    );
  }

  /** What was said of it after that ticket; undefined: nothing. */
  #mutedUntilMs({ character, incarnation }: Seat, nowMs: number): number | undefined {
    return inForce(this.#mutings.get(character), incarnation, nowMs);
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
