import type { Muting, Seat } from '@lifeverse/contracts';
import type { Sql } from '@lifeverse/node-kit';

/** What gateways have to know of players: who may not go on, and who may speak until when. */
export interface Standing {
  /** Sessions that are over. */
  readonly over: readonly string[];
  readonly suspended: readonly Seat[];
  /** `forMs`: how much longer; 0 for whoever may speak. */
  readonly muted: readonly (Seat & { readonly forMs: number })[];
}

/** Of whom: by name, and of whom something was decided in the last `lastMs`. */
export interface StandingQuestion {
  readonly players: readonly string[];
  readonly sessions: readonly string[];
  /** Null: of nobody else. */
  readonly lastMs: number | null;
}

interface Row {
  readonly character: string;
  readonly incarnation: bigint;
  readonly suspended: boolean;
  readonly mutedMs: number | null;
}

const SINCE = "now() - $2::float8 * interval '1 ms'";

/** As the database has it at this moment. A session that is unknown is over. */
export async function standingOf(sql: Sql, { players, sessions, lastMs }: StandingQuestion): Promise<Standing> {
  const over = await sql.query<{ id: string }>(
    `SELECT a.id FROM unnest($1::uuid[]) AS a (id)
     WHERE NOT EXISTS (SELECT FROM sessions s WHERE s.id = a.id AND s.revoked_at IS NULL AND s.expires_at > now())
     UNION SELECT id FROM sessions WHERE revoked_at > ${SINCE}
     UNION SELECT id FROM sessions WHERE expires_at > ${SINCE} AND expires_at <= now()`,
    [sessions, lastMs],
  );
  const seats = await sql.query<Row>(
    `SELECT c.id AS character, c.incarnation, coalesce(p.suspended_until > now(), false) AS suspended,
       extract(epoch FROM p.muted_until - now())::float8 * 1000 AS "mutedMs"
     FROM players p JOIN characters c ON c.player = p.id
     WHERE p.id IN (SELECT unnest($1::uuid[]) UNION SELECT id FROM players WHERE standing_at > ${SINCE})`,
    [players, lastMs],
  );
  const all = seats.map(({ incarnation, ...row }) => ({ ...row, incarnation: Number(incarnation) }));
  return {
    over: over.map(({ id }) => id),
    suspended: all
      .filter(({ suspended }) => suspended)
      .map(({ character, incarnation }) => ({ character, incarnation })),
    muted: all.map(({ character, incarnation, mutedMs }) => ({
      character,
      incarnation,
      forMs: Math.max(0, mutedMs ?? 0),
    })),
  };
}

/** For gateways: server time, in whole milliseconds. */
export function mutings({ muted }: Standing, nowMs: number): Muting[] {
  return muted.map(({ forMs, ...seat }) => ({ ...seat, untilMs: mutedUntil(forMs, nowMs) }));
}

/** 0: may speak. */
export function mutedUntil(forMs: number, nowMs: number): number {
  return forMs > 0 ? Math.ceil(nowMs + forMs) : 0;
}
