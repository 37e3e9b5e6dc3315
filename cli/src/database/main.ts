import { migrations } from '@lifeverse/backend/migrations';
import {
  ConfigurationError,
  migrate,
  migrationStatus,
  type OptionValues,
  optionsHelp,
  readOptions,
} from '@lifeverse/node-kit';
import { busOptions } from '../roles/bus-options.ts';
import { renameThisCluster } from '../roles/this-cluster.ts';
import { databaseOptions, type Environment, ownDatabase } from './options.ts';
import { withWorldDatabase } from './world-database.ts';

/** What `lifeverse db rename` can be told. */
export const renameOptions = {
  cluster: { ...busOptions.cluster, sentence: 'For rename alone: the name.' },
  ...databaseOptions,
} as const;

const commands = ['status', 'migrate', 'rename'] as const;

/** `lifeverse db status|migrate|rename`. Returns the exit code. */
export async function runDatabase(argv: readonly string[], environment: Environment): Promise<number> {
  const [command, ...rest] = argv;
  if (command === undefined || argv.includes('--help') || argv.includes('-h')) {
    console.log(databaseHelp());
    return 0;
  }
  if (!commands.some((known) => known === command))
    throw new ConfigurationError(`db ${JSON.stringify(command)} is no command; "lifeverse db --help" lists them.`);
  const { LIFEVERSE_DATA, LIFEVERSE_DATABASE_URL, LIFEVERSE_CLUSTER } = environment;
  const set = { LIFEVERSE_DATA, LIFEVERSE_DATABASE_URL };
  if (command === 'rename') return rename(readOptions(renameOptions, rest, { ...set, LIFEVERSE_CLUSTER }), environment);
  const { data, databaseUrl } = readOptions(databaseOptions, rest, set);
  const where = { data, own: ownDatabase(databaseUrl, environment) };
  if (command === 'status') {
    const steps = await withWorldDatabase(where, (database) => migrationStatus(database, migrations));
    for (const { number, name, appliedAt } of steps)
      console.log(`${String(number).padStart(4, '0')}  ${name.padEnd(20)}  ${appliedAt?.toISOString() ?? 'to be run'}`);
    return 0;
  }
  const applied = await withWorldDatabase(where, (database) => migrate(database, migrations));
  for (const { number, name } of applied) console.log(`${String(number).padStart(4, '0')}  ${name}`);
  console.log(applied.length === 0 ? 'The schema is up to date.' : 'The schema is up to date now.');
  return 0;
}

async function rename(
  { data, databaseUrl, cluster }: OptionValues<typeof renameOptions>,
  environment: Environment,
): Promise<number> {
  await withWorldDatabase({ data, own: ownDatabase(databaseUrl, environment) }, async (database) => {
    await migrate(database, migrations);
    await renameThisCluster(database, cluster);
  });
  console.log(`The database is that of the cluster ${JSON.stringify(cluster)} now.`);
  return 0;
}

function databaseHelp(): string {
  return [
    'lifeverse db status [options]: which steps of the schema a database has.',
    'lifeverse db migrate [options]: runs those that are missing, as every start does.',
    'lifeverse db rename [options]: makes it the database of a cluster of another name, which --cluster says.',
    '',
    optionsHelp(renameOptions),
  ].join('\n');
}
