import { ConfigurationError, type OptionValues, optionsHelp, readOptions } from '@lifeverse/node-kit';
import { simOptions } from './options.ts';
import { plants } from './plants/index.ts';
import { countsTable, violationLine } from './report/report.ts';
import { type Settings, simulate } from './simulation.ts';

const NODE_MAJOR = 24;

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

const argv = process.argv.slice(2);
if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR) {
  process.stderr.write(`the simulator needs Node ${NODE_MAJOR}, not ${process.version}: run it with 'npm run sim'\n`);
  process.exitCode = 1;
} else if (argv.includes('--help')) {
  console.log(`npm run sim -- [options]\n\n${optionsHelp(simOptions)}`);
} else {
  try {
    process.exitCode = run(readOptions(simOptions, argv, {}));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
