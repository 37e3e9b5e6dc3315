import type { OwnedNotice, ZonePlan } from '@lifeverse/contracts';

/** Servers that are to fail, and the zones that these have. */
export interface Victims {
  readonly servers: readonly string[];
  readonly zones: readonly number[];
}

/**
 * The server with the most players; of two that are to fail, the second is the one that stands by for its fullest zone, or where none
 * does, the one with the next most. Null: there are not as many, and one more to go on.
 */
export function victims(
  count: 1 | 2,
  told: ReadonlyMap<string, readonly OwnedNotice[]>,
  plan: Pick<ZonePlan, 'servers' | 'standbys'>,
  alive: readonly string[],
): Victims | null {
  if (alive.length <= count) return null;
  const full = alive.toSorted((a, b) => playersOn(told.get(b)) - playersOn(told.get(a)) || (a < b ? -1 : 1));
  const [first] = full as [string, ...string[]];
  const fullest = (told.get(first) ?? []).toSorted((a, b) => b.players - a.players)[0];
  const standby = plan.standbys.get(fullest?.zone ?? 0);
  const second = alive.find((server) => server === standby && server !== first) ?? full[1];
  const servers = count === 1 ? [first] : [first, second as string];
  const zones = [...plan.servers].filter(([, server]) => servers.includes(server)).map(([zone]) => zone);
  return { servers, zones };
}

function playersOn(zones: readonly OwnedNotice[] = []): number {
  return zones.reduce((sum, { players }) => sum + players, 0);
}
