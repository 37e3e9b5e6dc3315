import { setFlagsFromString } from 'node:v8';
import { ConfigurationError, type OptionValues, optionsHelp, readOptions } from '@lifeverse/node-kit';
import { simOptions } from './options.ts';
import { plants } from './plants/index.ts';
import { countsTable, violationLine } from './report/report.ts';
import { clusterSim } from './search/main.ts';
import { clusterOptions } from './search/options.ts';
import { type Settings, simulate } from './simulation.ts';
import { tradeOptions, tradeSim } from './trade/main.ts';

const NODE_MAJOR = 24;

/**
 * The engine compiles ahead on the other cores, as is right for who waits for an answer: more than a third of a short
 * run's time of all cores together. Nobody waits here. What happens, and the hash, are the same without these flags.
 */
const THRIFT = ['--efficiency-mode', '--max-inlined-bytecode-size-cumulative=300'];

/** On a terminal: how far it has got, in place. */
function progressLine(settings: Settings): (seconds: number) => void {
  if (!process.stderr.isTTY) return () => {};
  return (seconds) => {
    const end = seconds >= settings.seconds ? '\r\u001b[K' : '';
    process.stderr.write(`\rseed ${settings.seed}: ${seconds.toFixed(0)} of ${settings.seconds} s${end}`);
  };
}

/** Answers the exit code: 1 when something did not hold that always must. */
function run(options: OptionValues<typeof simOptions>): number {
  const plant = plants.find(({ name }) => name === options.plant) ?? null;
  const settings: Settings = { ...options, plant };
  const started = process.cpuUsage();
  const outcome = simulate(settings, progressLine(settings));
  const { user, system } = process.cpuUsage(started);
  const cpuS = (user + system) / 1_000_000;
  const seconds = outcome.violation?.atS ?? settings.seconds;
  const timesRealTime = seconds / cpuS;
  const shown = options.json ? process.stderr : process.stdout;
  shown.write(`${countsTable(outcome)}\n`);
  shown.write(`${seconds.toFixed(1)} s in ${cpuS.toFixed(2)} s of CPU: ${timesRealTime.toFixed(0)} times real time\n`);
  if (options.json) {
    const counts = Object.fromEntries(outcome.tally.entries());
    const { violation, hash } = outcome;
    const { json: _, ...asked } = options;
    console.log(JSON.stringify({ ...asked, violation, counts, cpuS, timesRealTime, hash }));
  }
  if (outcome.violation === null) {
    console.log(`hash ${outcome.hash}`);
    return 0;
  }
  console.error(violationLine(outcome, settings));
  return 1;
}

function thriftily(run: () => number): number {
  for (const flag of THRIFT) setFlagsFromString(flag);
  return run();
}

/** What is run by a name; all else is one run by its seed. */
const scenarios: Readonly<Record<string, (argv: readonly string[]) => number>> = {
  cluster: (argv) => thriftily(() => clusterSim(argv)),
  trade: tradeSim,
};

/** The scenario that is asked for, anywhere, and what else is; a name that is none is for the options to refuse. */
function chosen(all: readonly string[]): () => number {
  const at = all.indexOf('--scenario');
  const scenario = at < 0 ? undefined : scenarios[all[at + 1] ?? ''];
  if (scenario === undefined) return () => thriftily(() => run(readOptions(simOptions, all, {})));
  return () => scenario(all.toSpliced(at, 2));
}

const argv = process.argv.slice(2);
if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR) {
  process.stderr.write(`the simulator needs Node ${NODE_MAJOR}, not ${process.version}: run it with 'npm run sim'\n`);
  process.exitCode = 1;
} else if (argv.includes('--help')) {
  console.log(`npm run sim -- [options]\n\n${optionsHelp(simOptions)}`);
  console.log(`\nnpm run sim -- --scenario cluster [options]\n\n${optionsHelp(clusterOptions)}`);
  console.log(`\nnpm run sim -- --scenario trade [options]\n\n${optionsHelp(tradeOptions)}`);
} else {
  try {
    process.exitCode = chosen(argv)();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
