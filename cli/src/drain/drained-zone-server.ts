import { setTimeout as sleep } from 'node:timers/promises';
import { drainServer, emptied, readPlans, readServers } from '@lifeverse/backend';
import { type ZonePlan, zonesOf } from '@lifeverse/contracts';
import { ConfigurationError, type Database } from '@lifeverse/node-kit';
import type { Told, Wish } from './wish.ts';

const LOOK_MS = 500;

/** A zone server that runs is to have no zones, or may have some again. */
export async function drainZoneServer(database: Database, server: string, wish: Wish): Promise<Told> {
  const { undo, dryRun, waits } = wish;
  if (dryRun) return wouldBe(database, server, undo);
  if (!(await drainServer(database, server, !undo))) throw new ConfigurationError(`${server} has ended by now.`);
  if (undo) return told(`${server} may have zones again.`, false, await zonesOn(database, server));
  const left = waits ? await emptiedBy(database, server, wish) : await zonesOn(database, server);
  return left.length === 0
    ? told(`${server} is drained: it has no zones.`, true, left)
    : told(`${server} is drained: ${counted(left)} of it to others.`, true, left);
}

const told = (sentence: string, drained: boolean, left: readonly number[]): Told => {
  return { sentence, object: { drained, zones: left } };
};

const counted = (zones: readonly number[]): string =>
  zones.length === 1 ? `zone ${zones[0]} goes` : `zones ${zones.join(', ')} go`;

/** Returns what is left when that is nothing, when the server has ended, and when the waiting is ended. */
async function emptiedBy(database: Database, server: string, { signal, progress }: Wish): Promise<readonly number[]> {
  for (;;) {
    const left = await zonesOn(database, server);
    const isThere = (await readServers(database)).some((each) => each.server === server && each.alive);
    if (left.length === 0 || !isThere || signal.aborted) return left;
    const [latest] = await readPlans(database, 1);
    progress(`${server} has ${left.length === 1 ? 'zone' : 'zones'} ${left.join(', ')} still: ${latest?.why ?? ''}`);
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function zonesOn(database: Database, server: string): Promise<readonly number[]> {
  const plan = await planOf(database);
  return zonesOf(plan.arrangement).filter((zone) => plan.servers.get(zone) === server);
}

async function planOf(database: Database): Promise<ZonePlan> {
  const [latest] = await readPlans(database, 1);
  if (latest === undefined) throw new ConfigurationError('There are no zones yet: nothing is to be drained.');
  return latest.plan;
}

/** As far as the plan tells; what zones have to do by then decides where they go. */
async function wouldBe(database: Database, server: string, undo: boolean): Promise<Told> {
  const plan = await planOf(database);
  const servers = (await readServers(database)).filter(({ alive }) => alive);
  if (undo) return told(`${server} would get zones again.`, false, await zonesOn(database, server));
  const draining = new Set([server, ...servers.filter(({ drained }) => drained).map((each) => each.server)]);
  const alive = new Set(servers.map((each) => each.server));
  const settled = { ...plan, arrangement: { ...plan.arrangement, former: null } };
  const next = emptied(settled, { alive, draining, zones: new Map() });
  const left = await zonesOn(database, server);
  if (left.length === 0) return told(`${server} has no zones, and would get none.`, true, left);
  if (next === null) return told(`${server} would keep its zones: no other server may have them.`, true, left);
  return told(`It would be so: ${next.why}.`, true, left);
}
