import { startBackend } from '@lifeverse/backend';
import { gatewayOptions } from '@lifeverse/gateway';
import { type OptionValues, optionalText, type Sql, tellTime, yieldCpu } from '@lifeverse/node-kit';
import { databaseOptions, type Environment, ownDatabase } from '../database/options.ts';
import { startWorldDatabase } from '../database/world-database.ts';
import { accountOptions } from '../start/account-options.ts';
import { readProviders } from '../start/oidc-providers.ts';
import { addressOptions, checkPublicUrl, logOptions, operatorOptions, settingOptions } from '../start/options.ts';
import { planBackend } from '../start/server-plan.ts';
import { served, worldOptions } from '../start/worlds.ts';
import { apiPlace, apiPlaceOption } from './api-place.ts';
import { awaitDatabase } from './await-database.ts';
import { busOptions } from './bus-options.ts';
import { clusterKeys, secretOptions } from './cluster-keys.ts';
import { healthOptions } from './health-options.ts';
import { joinCluster } from './join-cluster.ts';
import { openRoleBus } from './role-bus.ts';
import { newRoleName } from './role-name.ts';
import { backendsTime } from './role-time.ts';
import { type RoleOpen, type RoleStart, runRole } from './run-role.ts';
import { checkName } from './this-cluster.ts';
import { cellsOf, zoneShares, zonesOption } from './zone-share.ts';

/** What `lifeverse backend` can be told. */
export const backendOptions = {
  name: optionalText({
    expected: 'a name',
    sentence: 'Of this backend in figures, which no other has. A new one at each start when left out.',
  }),
  world: settingOptions.world,
  areaM2: settingOptions.areaM2,
  zones: zonesOption,
  ...databaseOptions,
  api: apiPlaceOption('Where the HTTP API answers the gateways.'),
  ...busOptions,
  ...secretOptions,
  ...addressOptions,
  ...operatorOptions,
  ...accountOptions,
  region: gatewayOptions.region,
  ...healthOptions,
  ...logOptions,
} as const;

type Options = OptionValues<typeof backendOptions>;

const WITHOUT_ADDRESS = 'http://127.0.0.1:8080';
const NICER = 5;

/** `lifeverse backend`: what must last, as a process of its own. Returns the exit code. */
export function runBackend(argv: readonly string[], environment: Environment): Promise<number> {
  return runRole(
    {
      role: 'backend',
      summary: 'what must last, for the zones and gateways of a cluster.',
      options: backendOptions,
      check: checkPublicUrl,
      start,
    },
    argv,
    environment,
  );
}

async function start(options: Options, role: RoleStart): Promise<RoleOpen> {
  const { life, log, environment } = role;
  const keys = clusterKeys(options);
  const providers = options.oidcProviders === null ? [] : readProviders(options.oidcProviders, environment);
  const world = await served(options.world, worldOptions({ ...options, residents: 0, storm: false }));
  const own = ownDatabase(options.databaseUrl, environment);
  const bus = await openRoleBus(options, { ...role, name: 'backend' });
  if (own !== null) await awaitDatabase(own, role);
  const where = { data: options.data, own, check: (sql: Sql) => checkName(sql, options.cluster) };
  const databaseUrl = await startWorldDatabase(where, life, log, (line) => console.log(line));
  await joinCluster({ options, bus, databaseUrl, mark: keys.mark, speaker: 'backend' }, role);
  const time = await backendsTime(databaseUrl, role);
  const publicUrl = options.publicUrl ?? WITHOUT_ADDRESS;
  const plan = planBackend({ served: world, options, databaseUrl, providers, publicUrl, socketFolder: null });
  const operatorToken = options.operatorToken ?? keys.operatorToken;
  const zones = { first: zoneShares(world, options.zones), cells: cellsOf(world) };
  const name = options.name ?? newRoleName();
  const setup = { ...plan, name, keys, operatorToken, apiPlace: apiPlace(options.api), bus, clock: time, log, zones };
  const { api } = await life.start(
    'backend',
    () => startBackend(setup),
    (it) => it.stop(),
  );
  await life.start(
    'telling the time',
    () => tellTime(bus, time),
    (end) => end(),
  );
  // What it does for players may be slow when cores are short; the world may not.
  yieldCpu(NICER);
  const { place } = api;
  return {
    sentence: `The backend answers at ${'socketPath' in place ? place.socketPath : `http://${place.host}:${place.port}`}`,
  };
}
