import { setTimeout as sleep } from 'node:timers/promises';
import { isGatewayAddress } from '@lifeverse/contracts';
import {
  certificatePaths,
  gatewayOptions as ofEveryGateway,
  type RunningGateway,
  startGateway,
} from '@lifeverse/gateway';
import { ConfigurationError, flag, type OptionValues, optionalText, text } from '@lifeverse/node-kit';
import type { Environment } from '../database/options.ts';
import { leaveOperatorToken } from '../operator/operator-token.ts';
import { logOptions, operatorOptions, pageOptions, settingOptions } from '../start/options.ts';
import { builtPage, givenPage } from '../start/page-build.ts';
import { planGateway } from '../start/server-plan.ts';
import { served, worldOptions } from '../start/worlds.ts';
import { apiPlace, apiPlaceOption } from './api-place.ts';
import { busOptions } from './bus-options.ts';
import { clusterKeys, secretOptions } from './cluster-keys.ts';
import { firstPlan } from './first-plan.ts';
import { healthOptions } from './health-options.ts';
import { joinCluster } from './join-cluster.ts';
import { DRAIN_WITHIN_MS } from './parent.ts';
import { openRoleBus } from './role-bus.ts';
import { gatewaysTime } from './role-time.ts';
import { type RoleOpen, type RoleStart, runRole } from './run-role.ts';

/** What `lifeverse gateway` can be told. */
export const gatewayRoleOptions = {
  name: text({
    expected: 'a name of small letters, digits and dashes',
    default: 'gateway-1',
    accept: (value) => /^[a-z0-9][a-z0-9-]{0,31}$/.test(value),
    sentence: 'Of this gateway, which no other has: the older of two of one name gives way.',
  }),
  publicUrl: optionalText({
    expected: 'an address such as https://eu-1.play.example, or listening',
    sentence:
      'Where players find this gateway, so that those who lose another one come here: "listening" is where it listens. When left out, no player is told of it.',
  }),
  sharePort: flag({
    sentence:
      'Whoever is started by this user with the same setting may listen at the same port: so one gateway takes the place of another. On Linux.',
  }),
  world: settingOptions.world,
  areaM2: settingOptions.areaM2,
  ...pageOptions,
  backend: apiPlaceOption('Where the HTTP API of the backend answers.'),
  ...busOptions,
  ...secretOptions,
  ...operatorOptions,
  ...healthOptions,
  ...logOptions,
  ...ofEveryGateway,
} as const;

type Options = OptionValues<typeof gatewayRoleOptions>;

/** `lifeverse gateway`: holds players' connections, as a process of its own. Returns the exit code. */
export function runGateway(argv: readonly string[], environment: Environment): Promise<number> {
  return runRole(
    {
      role: 'gateway',
      summary: 'lets players into the world of a cluster.',
      options: gatewayRoleOptions,
      check: (options) => {
        certificatePaths(options);
        checkPublicUrl(options);
      },
      start,
    },
    argv,
    environment,
  );
}

function checkPublicUrl({ publicUrl }: Options): void {
  if (publicUrl !== null && publicUrl !== 'listening' && !isGatewayAddress(publicUrl))
    throw new ConfigurationError(
      '--public-url must be an address such as https://eu-1.play.example, without a path, or listening.',
    );
}

async function start(options: Options, role: RoleStart): Promise<RoleOpen> {
  const { life, log, waits } = role;
  const { ticketKey, apiSecret: secret, mark, ...keys } = clusterKeys(options);
  const assets = options.page === null ? await builtPage((line) => console.log(line)) : givenPage(options.page);
  const forRules = worldOptions({ ...options, residents: 0, storm: false });
  const world = await served(options.world, forRules);
  const bus = await openRoleBus(options, { ...role, name: options.name });
  await joinCluster({ options, bus, databaseUrl: null, mark, speaker: options.name }, role);
  const clock = await gatewaysTime(bus, options.name, role);
  const operatorToken = options.operatorToken ?? keys.operatorToken;
  const api = { place: apiPlace(options.backend), secret, operatorToken };
  const { generation, zones } = await firstPlan(bus, role);
  const plan = planGateway({ served: world, options, forRules, assets, gateway: options.name, zones });
  const { publicUrl, sharePort } = options;
  const gateway = await life.start(
    'gateway',
    () => startGateway({ ...plan, generation, publicUrl, sharePort, ticketKey, api, bus, clock, log, waits }),
    (it) => it.stop(),
  );
  const { url } = gateway;
  await life.start(
    'operator',
    () => leaveOperatorToken(Number(new URL(url).port), operatorToken),
    (takeAway) => takeAway(),
  );
  return {
    ...{ sentence: `The world is open at ${url}`, url },
    drain: (signal) => emptied(gateway, signal),
    turn: async (isDrained) => {
      if (isDrained) gateway.drain();
      else await gateway.resume();
      return gateway.draining;
    },
  };
}

const DRAIN_LOOK_MS = 100;

/** Resolves when no player is left, and at once when there is no other gateway for them. */
async function emptied(gateway: RunningGateway, signal: AbortSignal): Promise<void> {
  if (!gateway.drain(DRAIN_WITHIN_MS)) return;
  while (gateway.players > 0 && !signal.aborted)
    await sleep(DRAIN_LOOK_MS, undefined, { signal }).catch(() => undefined);
}
