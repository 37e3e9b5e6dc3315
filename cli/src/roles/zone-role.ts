import { isRegion } from '@lifeverse/contracts';
import { type OptionValues, optionalText } from '@lifeverse/node-kit';
import { startZoneServer } from '@lifeverse/zone';
import { databaseOptions, type Environment, ownDatabase } from '../database/options.ts';
import { checkSetting, logOptions, settingOptions } from '../start/options.ts';
import { endWhenLost } from '../start/own-lease.ts';
import { served, worldOptions } from '../start/worlds.ts';
import { version } from '../version.ts';
import { awaitWorldDatabase } from './await-database.ts';
import { busOptions } from './bus-options.ts';
import { healthOptions } from './health-options.ts';
import { joinCluster } from './join-cluster.ts';
import { openRoleBus } from './role-bus.ts';
import { newRoleName } from './role-name.ts';
import { ownersTime } from './role-time.ts';
import { type RoleOpen, type RoleStart, runRole } from './run-role.ts';

/** What `lifeverse zone` can be told. */
export const zoneOptions = {
  name: optionalText({
    expected: 'a name',
    sentence:
      'Of this server as the owner of its zones: who is started by the same name takes its place at once, anybody else once its lease is over. A new one at each start when left out.',
  }),
  region: optionalText({
    expected: 'a name such as eu-west',
    accept: isRegion,
    sentence: 'Where this server stands: second copies of its zones are kept in another region, where there is one.',
  }),
  ...settingOptions,
  ...databaseOptions,
  ...busOptions,
  ...healthOptions,
  ...logOptions,
} as const;

type Options = OptionValues<typeof zoneOptions>;

/** `lifeverse zone`: the world itself, as a process of its own. Returns the exit code. */
export function runZone(argv: readonly string[], environment: Environment): Promise<number> {
  return runRole(
    {
      role: 'zone',
      summary: 'runs the world, for the gateways of a cluster.',
      options: zoneOptions,
      check: checkSetting,
      start,
    },
    argv,
    environment,
  );
}

async function start(options: Options, role: RoleStart): Promise<RoleOpen> {
  const { life, log, environment } = role;
  const forRules = worldOptions(options);
  const world = await served(options.world, forRules);
  const server = options.name ?? newRoleName();
  const own = ownDatabase(options.databaseUrl, environment);
  const bus = await openRoleBus(options, { ...role, name: `zone ${server}` });
  const databaseUrl = await awaitWorldDatabase({ data: options.data, own }, role);
  await joinCluster({ options, bus, databaseUrl, mark: '', speaker: server }, role);
  const clock = await ownersTime(databaseUrl, role);
  const lease = { databaseUrl, server, version: version(), region: options.region ?? '', ownBus: false };
  const setup = { lease, seed: options.seed, served: world, worldOptions: forRules, keeps: true };
  const zones = await life.start(
    'zones',
    () => startZoneServer({ ...setup, bus, clock, log, lost: endWhenLost(life, log) }),
    (it) => it.stop(),
  );
  return { sentence: `The zone server ${server} runs`, drain: (signal) => zones.drain(signal) };
}
