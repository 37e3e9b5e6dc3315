import { type MadePlan, makePlan, planOf, readPlans, readServers, type ZoneChange } from '@lifeverse/backend';
import {
  ConfigurationError,
  type Database,
  flag,
  type OptionValues,
  optionalText,
  optionsHelp,
  readOptions,
} from '@lifeverse/node-kit';
import { databaseOptions, type Environment, ownDatabase } from '../database/options.ts';
import { checkSchema, withWorldDatabase } from '../database/world-database.ts';
import { planAsJson, planTable } from './plan-table.ts';

/** What `lifeverse zones` can be told. */
export const zonesOptions = {
  axis: optionalText({ expected: 'x or y', sentence: 'For split, with --at: which way the cut counts cells.' }),
  at: optionalText({
    expected: 'the number of a cell',
    sentence: 'For split, with --axis: the first cell of the new zone. Left out, the zone is cut in the middle.',
  }),
  server: optionalText({
    expected: 'the name of a zone server',
    sentence: 'For split and move: the server of the new zone. Left out for split, the one with the fewest zones.',
  }),
  dryRun: flag({ sentence: 'Says what would be, and does nothing.' }),
  json: flag({ sentence: 'As one object of JSON.' }),
  ...databaseOptions,
} as const;

type Options = OptionValues<typeof zonesOptions>;

/** So many decisions are told. */
const TOLD = 10;

/** `lifeverse zones`: shows which zones there are, and changes them while they are played in. Returns the exit code. */
export async function runZones(argv: readonly string[], environment: Environment): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(zonesHelp());
    return 0;
  }
  const first = argv.findIndex((word) => word.startsWith('-'));
  const words = argv.slice(0, first < 0 ? argv.length : first);
  const { LIFEVERSE_DATA, LIFEVERSE_DATABASE_URL } = environment;
  const options = readOptions(zonesOptions, argv.slice(words.length), { LIFEVERSE_DATA, LIFEVERSE_DATABASE_URL });
  const change = words.length === 0 ? null : changeOf(words, options);
  const where = { data: options.data, own: ownDatabase(options.databaseUrl, environment) };
  const told = await withWorldDatabase(where, async (database) => {
    await checkSchema(database);
    const made = change === null ? null : await make(database, change, options);
    const plans = await readPlans(database, TOLD);
    const servers = await readServers(database);
    return {
      plans: made === null ? plans : [made, ...plans.filter(({ plan }) => plan.generation < made.plan.generation)],
      servers,
    };
  });
  if (told.plans.length === 0)
    throw new ConfigurationError(
      'There are no zones yet: the first cluster that is started on this database makes them.',
    );
  console.log(options.json ? JSON.stringify(planAsJson(told)) : planTable(told));
  return 0;
}

async function make(database: Database, change: ZoneChange, options: Options): Promise<MadePlan | null> {
  const [latest] = await readPlans(database, 1);
  if (latest === undefined) return null;
  const servers = await readServers(database);
  const wanted = 'server' in change ? change.server : null;
  const running = servers.filter(({ alive }) => alive);
  const known = running.map(({ server }) => server);
  if (running.some(({ server, drained }) => server === wanted && drained))
    throw new ConfigurationError(
      `${wanted} is drained, and gets no zones: "lifeverse drain ${wanted} --undo" takes that back.`,
    );
  if (wanted !== null && !known.includes(wanted))
    throw new ConfigurationError(`No zone server ${JSON.stringify(wanted)} runs; ${runs(known)}.`);
  const decision = planOf(change, latest.plan);
  if (options.dryRun) return { ...decision, why: `${decision.why} (not done)`, made: new Date() };
  if (await makePlan(database, decision)) return null;
  const [now] = await readPlans(database, 1);
  // Servers alone have changed, which does not matter to what is asked for.
  if (now?.plan.arrangement.generation === latest.plan.arrangement.generation) return make(database, change, options);
  throw new ConfigurationError('The zones have changed in the meantime: look at them, and ask again.');
}

const runs = (servers: readonly string[]): string =>
  servers.length === 0 ? 'none does' : `there are ${servers.join(', ')}`;

function changeOf([command, ...words]: readonly string[], { axis, at, server }: Options): ZoneChange {
  const zones = words.map(zoneOf);
  const [zone, other] = zones;
  if (command === 'split' && zone !== undefined && zones.length === 1)
    return { change: 'split', zone, cut: cutOf(axis, at), server };
  if (command === 'merge' && zone !== undefined && other !== undefined && zones.length === 2)
    return { change: 'merge', into: zone, from: other };
  if (command === 'move' && zone !== undefined && zones.length === 1) {
    if (server === null) throw new ConfigurationError('A zone is moved to another server: name it with --server.');
    return { change: 'move', zone, server };
  }
  if ((command === 'pin' || command === 'unpin') && zone !== undefined && zones.length === 1)
    return { change: command, zone };
  throw new ConfigurationError(
    `"zones ${[command, ...words].join(' ')}" is no command; "lifeverse zones --help" lists them.`,
  );
}

function cutOf(axis: string | null, at: string | null): { readonly axis: 'x' | 'y'; readonly at: number } | null {
  if (axis === null && at === null) return null;
  if (axis === null || at === null)
    throw new ConfigurationError('--axis and --at belong together; one of them is missing.');
  if (axis !== 'x' && axis !== 'y') throw new ConfigurationError(`--axis must be x or y, not ${JSON.stringify(axis)}.`);
  if (!/^-?\d{1,5}$/.test(at)) throw new ConfigurationError(`--at must be a whole number, not ${JSON.stringify(at)}.`);
  return { axis, at: Number(at) };
}

function zoneOf(word: string): number {
  if (!/^[1-9]\d{0,14}$/.test(word))
    throw new ConfigurationError(`A zone is a whole number, not ${JSON.stringify(word)}.`);
  return Number(word);
}

function zonesHelp(): string {
  return [
    'lifeverse zones [options]: which zones there are, which server has which, and why.',
    'lifeverse zones split ZONE [options]: half of its cells, and all who stand there, go to a new zone.',
    'lifeverse zones merge ZONE OTHER [options]: all cells of the other one become the first one’s.',
    'lifeverse zones move ZONE --server NAME [options]: all of it goes to another server, as a new zone.',
    'lifeverse zones pin ZONE, lifeverse zones unpin ZONE: nobody but you changes it from now on, or anybody again.',
    '',
    'They are played in meanwhile: nobody is disconnected.',
    '',
    optionsHelp(zonesOptions),
  ].join('\n');
}
