import { decodeZonePlan, encodeZonePlan, type ZonePlan, zonePlanJson, zonePlanOf } from '@lifeverse/contracts';
import { ConfigurationError, type Sql } from '@lifeverse/node-kit';
import type { PlanDecision } from './plan-decision.ts';

/** A plan, as it was made. */
export interface MadePlan {
  readonly plan: ZonePlan;
  readonly why: string;
  readonly made: Date;
}

/** A server as the database knows it. */
export interface KnownServer {
  readonly server: string;
  readonly version: string;
  /** Where it stands; empty: nobody has said. */
  readonly region: string;
  /** It has a lease. */
  readonly alive: boolean;
  readonly leaseLeftMs: number;
  readonly started: Date;
  /** It is to have no zones. */
  readonly drained: boolean;
}

interface PlanRow {
  readonly plan: unknown;
  readonly why: string;
  readonly made: Date;
}

/** The latest plans, newest first; none before the first backend with zones has been started. */
export async function readPlans(sql: Sql, most: number): Promise<MadePlan[]> {
  const rows = await sql.query<PlanRow>('SELECT plan, why, made FROM zone_plans ORDER BY generation DESC LIMIT $1', [
    most,
  ]);
  return rows.map(({ plan: json, why, made }) => {
    const plan = zonePlanOf(json);
    if (plan === undefined) throw new Error('the database has a plan of zones that is none');
    return { plan, why, made };
  });
}

/**
 * False: another plan was made in the meantime, and this one counts for nothing. Throws a ConfigurationError when nobody could read it:
 * it is too large, or its zones are cut too often one in another.
 */
export async function makePlan(sql: Sql, { plan, why }: PlanDecision): Promise<boolean> {
  if (decodeZonePlan(encodeZonePlan(plan)) === undefined)
    throw new ConfigurationError(`The plan of the zones would be more than anybody reads: ${why}.`);
  const [row] = await sql.query<{ made: boolean }>('SELECT make_zone_plan($1, $2, $3) AS made', [
    plan.generation,
    JSON.stringify(zonePlanJson(plan)),
    why,
  ]);
  return row?.made === true;
}

export function readServers(sql: Sql): Promise<KnownServer[]> {
  return sql.query<KnownServer>(
    `SELECT name AS server, version, region, started, drained IS NOT NULL AS drained, lease_until > clock_timestamp() AS alive,
       extract(epoch FROM lease_until - clock_timestamp())::float8 * 1000 AS "leaseLeftMs"
     FROM zone_servers ORDER BY name`,
  );
}

/** From now on, or no more. False: it does not run. */
export async function drainServer(sql: Sql, server: string, isDrained: boolean): Promise<boolean> {
  const [row] = await sql.query<{ found: boolean }>('SELECT drain_server($1, $2) AS found', [server, isDrained]);
  return row?.found === true;
}
