import { setTimeout as sleep } from 'node:timers/promises';
import type { Cast } from '../rounds/rounds.ts';
import type { Strike } from './judge.ts';
import type { FaultScene } from './scene.ts';
import type { Victims } from './victims.ts';

export type Struck = Pick<Strike, 'atMs' | 'happened' | 'takenMs' | 'againMs'>;

/** `restartDelayMs`: for how long the supervisor is held. */
export async function kill(
  { servers, zones }: Victims,
  restartDelayMs: number,
  { cluster, crowd, bus }: Cast<FaultScene>,
): Promise<Struck> {
  const taken = takenFrom(zones, { bus, crowd });
  const was = servers.map((name) => ({ name, deaths: cluster.deaths(name), starts: cluster.starts(name) }));
  const atMs = performance.now();
  cluster.kill(servers, restartDelayMs);
  const takenMs = await taken();
  const died = (): boolean => was.every(({ name, deaths }) => cluster.deaths(name) > deaths);
  const isAgain = (): boolean => was.every(({ name, starts }) => cluster.starts(name) > starts);
  await crowd.until(() => died() && isAgain(), 'what was killed to be there again');
  return { atMs, happened: died(), takenMs, againMs: isAgain() ? performance.now() : null };
}

/** Until others have its zones, and `beyondMs` longer. The supervisor is held as well: it would kill what gives no sign of life. */
export async function pause(
  { servers, zones }: Victims,
  beyondMs: number,
  { cluster, crowd, bus, signal }: Cast<FaultScene>,
): Promise<Struck> {
  const taken = takenFrom(zones, { bus, crowd });
  const atMs = performance.now();
  cluster.hold();
  try {
    for (const name of servers) cluster.pause(name);
    const takenMs = await taken();
    await sleep(beyondMs, undefined, { signal });
    return { atMs, happened: takenMs !== null, takenMs, againMs: performance.now() };
  } finally {
    for (const name of servers) cluster.goOn(name);
    cluster.release();
  }
}

/** When the last of those zones is heard by a later epoch than now; null: not in all that time. */
export function takenFrom(
  zones: readonly number[],
  { bus, crowd }: Pick<Cast<FaultScene>, 'bus' | 'crowd'>,
): () => Promise<number | null> {
  const before = zones.flatMap((zone) => bus.owners.ownerOf(zone) ?? []);
  const later = () => before.map(({ zone, epoch }) => ({ epoch, owner: bus.owners.ownerOf(zone) }));
  const isTaken = (): boolean => later().every(({ epoch, owner }) => (owner?.epoch ?? 0) > epoch);
  return async () => {
    await crowd.until(isTaken, 'another owner of the zones');
    return isTaken() ? Math.max(...later().map(({ owner }) => owner?.firstMs ?? 0)) : null;
  };
}
