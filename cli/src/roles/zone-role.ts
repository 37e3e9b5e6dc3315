import { type OptionValues, optionsHelp, readOptions } from '@lifeverse/node-kit';
import { claimZone, startZone } from '@lifeverse/zone';
import type { Environment } from '../database/options.ts';
import { checkSetting, logOptions, settingOptions } from '../start/options.ts';
import { ZONE } from '../start/server-plan.ts';
import { served, worldOptions } from '../start/worlds.ts';
import { busOptions } from './bus-options.ts';
import { openRoleBus } from './role-bus.ts';
import { roleClock } from './role-clock.ts';
import { type RoleOpen, type RoleRun, type RoleStart, runRole } from './run-role.ts';

/** What `lifeverse zone` can be told. */
export const zoneOptions = { ...settingOptions, ...busOptions, ...logOptions } as const;

type Options = OptionValues<typeof zoneOptions>;

/** `lifeverse zone`: the world itself, as a process of its own. Returns the exit code. */
export function runZone(argv: readonly string[], environment: Environment): Promise<number> {
  const run: RoleRun<Options> = {
    role: 'zone',
    help: `lifeverse zone [options]: runs the world, for the gateways of a cluster.\n\n${optionsHelp(zoneOptions)}`,
    read: (given, from) => {
      const options = readOptions(zoneOptions, given, from);
      checkSetting(options);
      return options;
    },
    start,
  };
  return runRole(run, argv, environment);
}

async function start(options: Options, { life, log, signal }: RoleStart): Promise<RoleOpen> {
  const forRules = worldOptions(options);
  const world = await served(options.world, forRules);
  const zone = ZONE;
  const bus = await openRoleBus(options, { name: `zone-${zone}`, life, log, signal });
  const epoch = await claimZone({ zone, bus, log, signal });
  const setup = { zone, epoch, seed: options.seed, served: world, worldOptions: forRules, keeps: true };
  await life.start(
    'zone',
    () => startZone({ ...setup, bus, clock: roleClock(), log }),
    (it) => it.stop(),
  );
  return { sentence: `Zone ${zone} runs, as its owner number ${epoch}` };
}
