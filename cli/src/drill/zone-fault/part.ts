import { setTimeout as sleep } from 'node:timers/promises';
import type { Cut } from '../parts/drilled-line.ts';
import type { FarZone } from '../parts/far-zone.ts';
import type { Cast } from '../rounds/rounds.ts';
import type { FaultScene } from './scene.ts';
import { type Struck, takenFrom } from './strikes.ts';
import type { Victims } from './victims.ts';

/** In turn. */
export const cuts: readonly Cut[] = ['whole', 'unheard', 'deaf'];

const LOOK_MS = 250;
const PATIENCE_MS = 60_000;

/** The far server has the zone with the most players from now on. Null: it could not be had to, which is told as trouble. */
export async function giveZone(far: FarZone, cast: Cast<FaultScene>): Promise<Victims | null> {
  const { zones, bus, crowd, signal } = cast;
  await far.run();
  const fromMs = performance.now();
  while (performance.now() - fromMs < PATIENCE_MS && crowd.trouble.length === 0) {
    const { arrangement, servers } = await zones.plan();
    const own = [...servers].filter(([, server]) => server === far.server).map(([zone]) => zone);
    const isQuiet = arrangement.former === null;
    const speaks = own.every((zone) => bus.owners.ownerOf(zone)?.server === far.server);
    if (own.length > 0 && isQuiet && speaks) return { servers: [far.server], zones: own };
    const zone = fullest(cast);
    if (own.length === 0 && isQuiet && zone !== undefined && (await zones.servers()).includes(far.server))
      await zones.change({ change: 'move', zone, server: far.server });
    await sleep(LOOK_MS, undefined, { signal });
  }
  crowd.trouble.push(`waited ${PATIENCE_MS / 1_000} s in vain for ${far.server} to have a zone`);
  return null;
}

function fullest({ bus }: Cast<FaultScene>): number | undefined {
  return [...bus.owners.servers.values()].flat().toSorted((a, b) => b.players - a.players)[0]?.zone;
}

/** It is parted from all others until they have its zones, and `beyondMs` longer. */
export async function part(
  far: FarZone,
  how: Cut,
  { zones }: Victims,
  beyondMs: number,
  { bus, crowd, signal }: Cast<FaultScene>,
): Promise<Struck> {
  const taken = takenFrom(zones, { bus, crowd });
  const atMs = performance.now();
  far.cut(how);
  try {
    const takenMs = await taken();
    await sleep(beyondMs, undefined, { signal });
    return { atMs, happened: takenMs !== null, takenMs, againMs: performance.now() };
  } finally {
    far.mend();
  }
}
