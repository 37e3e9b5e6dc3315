import { migrations } from '@lifeverse/backend';
import { createLog, Lifecycle, migrate, NatsBus, openDatabase, readOptions } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { TestNats } from '@lifeverse/node-kit/test-nats';
import { expect, it, onTestFinished } from 'vitest';
import { busOptions } from './bus-options.ts';
import { joinCluster } from './join-cluster.ts';
import { renameThisCluster } from './this-cluster.ts';

/** Of an empty world, its schema up to date. */
async function emptyWorld(): Promise<string> {
  const { url, database } = await testDatabase();
  await migrate(database, migrations);
  return url;
}
const [ours, theirs, moved, shared, older] = await Promise.all([
  emptyWorld(),
  emptyWorld(),
  emptyWorld(),
  emptyWorld(),
  emptyWorld(),
]);

interface Process {
  readonly nats: TestNats;
  readonly databaseUrl: string | null;
  readonly cluster?: string;
  readonly mark?: string;
  readonly isLast?: boolean;
  readonly version?: string;
}

/** Of a process that joins, until it is stopped. Rejects with why it does not. */
async function joined({ nats, databaseUrl, cluster = 'town', mark = '', isLast = false, version = '0.2.0' }: Process) {
  const life = new Lifecycle();
  onTestFinished(() => life.stop());
  const options = readOptions(busOptions, ['--nats', nats.url, '--cluster', cluster], {});
  const bus = await life.start(
    'bus',
    () => NatsBus.connect({ servers: options.nats, name: 'test', prefix: cluster }),
    (it) => it.close(),
  );
  const log = createLog({ role: 'test', level: 'silent' });
  const { signal } = new AbortController();
  await joinCluster({ options, bus, databaseUrl, mark, speaker: 'zone-1', isLast, version }, { life, log, signal });
  return life;
}

async function renamed(url: string, name: string): Promise<void> {
  const database = openDatabase({ url, maxConnections: 1 });
  await renameThisCluster(database, name).finally(() => database.close());
}

const shown = (generation: number): string => `the cluster "town" \\(identity [0-9a-f]{8}, generation ${generation}\\)`;

it('a cluster of another database is refused where the name is taken, and not under another name', async () => {
  const nats = await TestNats.start();
  await joined({ nats, databaseUrl: ours });
  await expect(joined({ nats, databaseUrl: theirs })).rejects.toThrow(
    new RegExp(
      `^NATS at ${nats.url} has ${shown(1)} already, for which zone-1 speaks, and this process is of ${shown(0)}: give one of the two another name by --cluster, or a NATS of its own\\.$`,
    ),
  );
  await joined({ nats, databaseUrl: theirs, cluster: 'village' });
  await expect(joined({ nats, databaseUrl: theirs })).rejects.toThrow(
    /^The database is that of the cluster "village" \(identity \w{8}, generation 1\), and this process is of "town": start it with --cluster village, or give it a database of its own\.$/,
  );
});

it('the same cluster on another NATS is refused while it runs, and may move there, or be renamed, once it is stopped', async () => {
  const [here, there] = [await TestNats.start(), await TestNats.start()];
  const databaseUrl = moved;
  const first = await joined({ nats: here, databaseUrl, isLast: true });
  await expect(joined({ nats: there, databaseUrl })).rejects.toThrow(
    new RegExp(`^The database is in use by ${shown(1)}, of which nothing is heard on NATS at ${there.url}: `),
  );
  await first.stop();
  const second = await joined({ nats: there, databaseUrl, isLast: true });
  await expect(renamed(databaseUrl, 'village')).rejects.toThrow('A cluster runs on this database: stop it first.');
  await second.stop();
  await renamed(databaseUrl, 'village');
  await joined({ nats: there, databaseUrl, cluster: 'village' });
});

it('processes of one cluster may come and go one after the other, and those without a database by the secret', async () => {
  const nats = await TestNats.start();
  const databaseUrl = shared;
  let before = await joined({ nats, databaseUrl, mark: 'ab'.repeat(8) });
  for (let turn = 0; turn < 3; turn++) {
    const next = await joined({ nats, databaseUrl, mark: 'ab'.repeat(8) });
    await before.stop();
    before = next;
  }
  await joined({ nats, databaseUrl: null, mark: 'ab'.repeat(8) });
  await expect(joined({ nats, databaseUrl: null, mark: 'cd'.repeat(8) })).rejects.toThrow(
    new RegExp(`has ${shown(1)} already, for which zone-1 speaks, and this process is of another secret: `),
  );
});

it('a process two versions away is refused by a cluster that runs, which goes on; those next to it are not', async () => {
  const nats = await TestNats.start();
  const databaseUrl = older;
  await joined({ nats, databaseUrl, version: '0.1.0' });
  await expect(joined({ nats, databaseUrl, version: '0.3.0' })).rejects.toThrow(
    'zone-1 of the cluster "town" is of version 0.1.0, and this process is of 0.3.0: only versions next to each other run in one cluster, so it goes there by those between, one after the other.',
  );
  await joined({ nats, databaseUrl, version: '0.2.7' });
});
