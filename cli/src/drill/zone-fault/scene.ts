import { DrilledCluster } from '../parts/drilled-cluster.ts';
import { DrilledDatabase } from '../parts/drilled-database.ts';
import { DrilledNats } from '../parts/drilled-nats.ts';
import { DrilledZones } from '../parts/drilled-zones.ts';
import { FarZone } from '../parts/far-zone.ts';
import { Handovers } from '../rounds/handovers.ts';
import type { Scene, Stage } from '../rounds/rounds.ts';
import type { Heard } from '../walkers/record.ts';
import { BusWitness } from '../witness/bus-witness.ts';
import { WriteWitness } from '../witness/write-witness.ts';

export interface FaultScene extends Scene {
  readonly database: DrilledDatabase;
  readonly zones: DrilledZones;
  readonly bus: BusWitness;
  readonly writes: WriteWitness;
  readonly handovers: Handovers;
  /** The one that can be parted from all others; null where none is to be. */
  readonly far: FarZone | null;
  /** What players heard about when a former owner spoke, and how many of its messages were looked at. */
  readonly stale: { heard: Heard[]; strays: number };
}

export interface SceneOptions {
  readonly sideM: number;
  readonly zoneServers: number;
  /** Gateways and zone servers stand in two regions in turn. */
  readonly isParted: boolean;
  /** How another one is parted; null: there is none. */
  readonly far: { readonly proxy: boolean } | null;
}

/** A cluster with NATS and a database of the drill's own, and who looks on. */
export async function openScene(
  { folder, life, lanes, seed, signal }: Stage,
  { sideM, zoneServers, isParted, far }: SceneOptions,
): Promise<FaultScene> {
  const nats = await life.start(
    'nats',
    () => DrilledNats.start(folder),
    (it) => it.stop(),
  );
  const database = await life.start(
    'database',
    () => DrilledDatabase.start(folder),
    (it) => it.stop(),
  );
  for (const { name } of [nats, database]) lanes.note(name, 'alive', performance.now());
  const own = { natsUrl: nats.url, databaseUrl: database.url };
  const cluster = await life.start(
    'cluster',
    () => new DrilledCluster({ folder, seed, sideM, zoneServers, isParted, lanes, ...own }),
    (it) => it.stop(),
  );
  await cluster.opened(signal);
  const bus = await life.start(
    'witness of the bus',
    () => BusWitness.start(nats.url),
    (it) => it.stop(),
  );
  const writes = await life.start(
    'witness of the database',
    () => WriteWitness.start(database.url),
    (it) => it.stop(),
  );
  const zones = await life.start(
    'zones',
    () => new DrilledZones(database.url),
    (it) => it.stop(),
  );
  const ways = { natsUrl: nats.url, databaseUrl: database.url };
  const farZone =
    far === null
      ? null
      : await life.start(
          'far zone server',
          () => FarZone.start({ folder, seed, lanes, ...ways, ...far }),
          (it) => it.stop(),
        );
  const stale = { heard: [], strays: 0 };
  return { cluster, database, zones, bus, writes, handovers: new Handovers(cluster), far: farZone, stale };
}
