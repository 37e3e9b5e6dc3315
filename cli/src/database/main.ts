import { migrations } from '@lifeverse/backend';
import { ConfigurationError, migrate, migrationStatus, optionsHelp, readOptions } from '@lifeverse/node-kit';
import { databaseOptions, type Environment, ownDatabase } from './options.ts';
import { withWorldDatabase } from './world-database.ts';

/** `lifeverse db status|migrate`. Returns the exit code. */
export async function runDatabase(argv: readonly string[], environment: Environment): Promise<number> {
  const [command, ...rest] = argv;
  if (command === undefined || argv.includes('--help') || argv.includes('-h')) {
    console.log(databaseHelp());
    return 0;
  }
  if (command !== 'status' && command !== 'migrate')
    throw new ConfigurationError(`db ${JSON.stringify(command)} is no command; "lifeverse db --help" lists them.`);
  const { LIFEVERSE_DATA, LIFEVERSE_DATABASE_URL } = environment;
  const { data, databaseUrl } = readOptions(databaseOptions, rest, { LIFEVERSE_DATA, LIFEVERSE_DATABASE_URL });
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

function databaseHelp(): string {
  return [
    'lifeverse db status [options]: which steps of the schema a database has.',
    'lifeverse db migrate [options]: runs those that are missing, as every start does.',
    '',
    optionsHelp(databaseOptions),
  ].join('\n');
}
