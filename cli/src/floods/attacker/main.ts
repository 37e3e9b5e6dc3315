import { Random } from '@lifeverse/base';
import { attacks } from '../attacks.ts';
import type { AttackOrder, AttackReport } from './order.ts';

/** The attacker's process: does as it is told by its parent, and ends with it. */
async function obey({ name, url, forMs, seed }: AttackOrder): Promise<AttackReport> {
  const attack = attacks.find((known) => known.name === name);
  if (attack === undefined) return { deeds: {}, cpuS: 0, failure: `there is no attack called ${name}` };
  const before = process.cpuUsage();
  try {
    const deeds = await attack.run({ url, forMs, random: new Random(seed) });
    const { user, system } = process.cpuUsage(before);
    return { deeds, cpuS: (user + system) / 1e6, failure: null };
  } catch (error) {
    return { deeds: {}, cpuS: 0, failure: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', (order: AttackOrder) => {
  obey(order).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit(0));
