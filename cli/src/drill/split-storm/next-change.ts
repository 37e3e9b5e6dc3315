import type { ZoneChange } from '@lifeverse/backend';
import type { Random } from '@lifeverse/base';
import { siblings, type ZonePlan, zonesIn } from '@lifeverse/contracts';

export type Kind = 'split' | 'move' | 'merge';

/** In turn, so that in the end there are as many zones as there were. */
export const kinds: readonly Kind[] = ['split', 'move', 'merge'];

/** A change of that kind, of zones and servers that there are: what moves goes to another server, and what is new begins on another. */
export function nextChange(kind: Kind, plan: ZonePlan, servers: readonly string[], random: Random): ZoneChange {
  const zones = zonesIn(plan.arrangement.zones);
  const elsewhere = (zone: number): string =>
    random.pick(servers.filter((server) => server !== plan.servers.get(zone)));
  if (kind === 'merge') {
    const pair = random.pick(siblings(plan.arrangement.zones));
    const [into, from] = random.chance(0.5) ? pair : [pair[1], pair[0]];
    return { change: 'merge', into, from };
  }
  // The newest one moves: it has just been split off.
  const zone = kind === 'move' ? Math.max(...zones) : random.pick(zones);
  if (kind === 'move') return { change: 'move', zone, server: elsewhere(zone) };
  return { change: 'split', zone, cut: null, server: elsewhere(zone) };
}
