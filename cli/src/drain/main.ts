import { type KnownServer, readServers } from '@lifeverse/backend';
import { ConfigurationError, type Database, optionsHelp, readOptions } from '@lifeverse/node-kit';
import { supervisedRoles } from '../cluster/ask.ts';
import { type Environment, ownDatabase } from '../database/options.ts';
import { checkSchema, withWorldDatabase } from '../database/world-database.ts';
import { Interruption } from '../load/interruption.ts';
import { ProgressDisplay } from '../load/progress-line.ts';
import { drainRole } from './drained-role.ts';
import { drainZoneServer } from './drained-zone-server.ts';
import { drainOptions } from './options.ts';
import type { Told, Wish } from './wish.ts';

/** `lifeverse drain`: has a process of a cluster hand over all that it has. Returns the exit code. */
export async function runDrain(argv: readonly string[], environment: Environment): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(drainHelp());
    return 0;
  }
  const [name, ...rest] = argv;
  if (name === undefined || name.startsWith('-'))
    throw new ConfigurationError('Which server is to be drained? Name it: lifeverse drain zone-1.');
  const { LIFEVERSE_DATA, LIFEVERSE_DATABASE_URL, LIFEVERSE_CLUSTER } = environment;
  const set = { LIFEVERSE_DATA, LIFEVERSE_DATABASE_URL, LIFEVERSE_CLUSTER };
  const { undo, dryRun, wait, json, data, databaseUrl, cluster } = readOptions(drainOptions, rest, set);
  const where = { data, own: ownDatabase(databaseUrl, environment) };
  const display = new ProgressDisplay(process.stderr);
  const interruption = new Interruption();
  const ending = new AbortController();
  void interruption.asked.then(() => ending.abort());
  const wish: Wish = {
    ...{ undo, dryRun, waits: wait || process.stderr.isTTY === true, signal: ending.signal },
    progress: (line) => display.show(line),
  };
  try {
    const told = await withWorldDatabase(where, async (database) => {
      await checkSchema(database);
      return drain(name, { database, data, cluster }, wish);
    });
    display.clear();
    console.log(json ? JSON.stringify({ process: name, ...told.object }) : told.sentence);
    return 0;
  } finally {
    display.clear();
    interruption.end();
  }
}

interface Place {
  readonly database: Database;
  readonly data: string;
  readonly cluster: string;
}

async function drain(name: string, { database, ...place }: Place, wish: Wish): Promise<Told> {
  const servers = (await readServers(database)).filter(({ alive }) => alive);
  const server = serverNamed(name, servers);
  if (server !== undefined) return drainZoneServer(database, server, wish);
  const roles = await supervisedRoles(place);
  if (roles.includes(name)) return drainRole(name, place, wish);
  const known = [...new Set([...servers.map((each) => each.server), ...roles])];
  throw new ConfigurationError(
    known.length === 0
      ? `There is no ${JSON.stringify(name)}: nothing of this cluster runs.`
      : `There is no ${JSON.stringify(name)}; there are ${known.join(', ')}.`,
  );
}

/** A cluster on a database of the operator's own has names that no other cluster has: the table shows how they end. */
function serverNamed(name: string, servers: readonly KnownServer[]): string | undefined {
  const ending = servers.filter(({ server }) => server.endsWith(`-${name}`));
  if (servers.some(({ server }) => server === name)) return name;
  return ending.length === 1 ? ending[0]?.server : undefined;
}

function drainHelp(): string {
  return [
    'lifeverse drain SERVER [options]: all that a process of the cluster has goes to others, while it is played in, and nothing new comes to it.',
    '',
    'Zones of a zone server move, one change after the other; players of a gateway go on by another one. What is drained runs on, empty, until',
    'it is stopped or that is taken back.',
    '',
    optionsHelp(drainOptions),
  ].join('\n');
}
