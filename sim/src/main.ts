import {
  ConfigurationError,
  choice,
  flag,
  integer,
  optionalInteger,
  optionsHelp,
  readOptions,
} from '@lifeverse/node-kit';
import { type Outcome, simulate } from './simulation.ts';
import { worldNames } from './worlds/stage.ts';

const options = {
  seed: integer({
    min: 0,
    max: 1e9,
    default: 1,
    sentence: 'Of all chance: the same seed is the same run, bit for bit.',
  }),
  seconds: integer({ min: 1, max: 1e6, default: 60, sentence: 'Of virtual time.' }),
  players: integer({ min: 1, max: 10_000, default: 100, sentence: 'How many play.' }),
  gateways: integer({ min: 1, max: 16, default: 2, sentence: 'How many gateways they come through.' }),
  world: choice({ options: worldNames, default: 'open', sentence: 'Where.' }),
  flipInput: optionalInteger({
    min: 1,
    max: 1e9,
    sentence: 'The walk input, counted from 1, that asks for the opposite way.',
  }),
  json: flag({ sentence: 'Says what happened as one JSON object, before the hash.' }),
} as const;

/** Prints what happened, and as the last line the hash over all of it. Returns the exit code. */
function run(argv: readonly string[]): number {
  if (argv.includes('--help')) {
    console.log(`npm run sim -- [options]: a whole world on virtual time.\n\n${optionsHelp(options)}`);
    return 0;
  }
  const chosen = readOptions(options, argv, {});
  const cpu = process.cpuUsage();
  const outcome = simulate({ ...chosen, plant: null }, progress(chosen.seconds));
  const { user, system } = process.cpuUsage(cpu);
  const timesRealTime = chosen.seconds / ((user + system) / 1e6);
  if (chosen.json) console.log(JSON.stringify(summary(outcome, timesRealTime)));
  else tell(outcome, timesRealTime);
  if (outcome.violation !== null) {
    const { check, what, atS } = outcome.violation;
    const again = Object.entries({
      seed: chosen.seed,
      seconds: chosen.seconds,
      players: chosen.players,
      world: chosen.world,
    })
      .map(([name, value]) => `--${name} ${value}`)
      .join(' ');
    console.error(`broken after ${atS.toFixed(2)} s: ${check}: ${what}; again by: npm run sim -- ${again}`);
  }
  console.log(`hash ${outcome.hash}`);
  return outcome.violation === null ? 0 : 1;
}

function progress(seconds: number): (passed: number) => void {
  if (!process.stderr.isTTY) return () => {};
  return (passed) => process.stderr.write(`\r${Math.floor(passed)} of ${seconds} s${passed >= seconds ? '\n' : ''}`);
}

function summary({ tally, violation }: Outcome, timesRealTime: number): object {
  return { counts: Object.fromEntries(tally.entries()), times_real_time: timesRealTime, violation };
}

function tell({ tally }: Outcome, timesRealTime: number): void {
  for (const [what, count] of [...tally.entries()].sort()) console.log(`${String(count).padStart(10)}  ${what}`);
  console.log(`${timesRealTime.toFixed(1).padStart(10)}  times as fast as real time, on one core, checks on`);
}

try {
  process.exitCode = run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(`sim: ${error.message}`);
  process.exitCode = 1;
}
