import { readOptions } from '@lifeverse/node-kit';
import { plants } from '../plants/index.ts';
import { countsTable } from '../report/report.ts';
import type { Tally } from '../report/tally.ts';
import { clusterOptions } from './options.ts';
import { search } from './search.ts';

/** Where nobody watches a terminal, a line about as often, ms. */
const PROGRESS_EVERY_MS = 30_000;

/** On a terminal in place, elsewhere a line now and then: how far it has got. */
function progressOf(seeds: number, startedMs: number): (runs: number, sofar: Tally) => void {
  let saidMs = startedMs;
  return (runs, sofar) => {
    const nowMs = performance.now();
    const { isTTY } = process.stderr;
    if (!isTTY && nowMs - saidMs < PROGRESS_EVERY_MS) return;
    saidMs = nowMs;
    const leftS = Math.round((((nowMs - startedMs) / runs) * (seeds - runs)) / 1_000);
    const text = `${runs} of ${seeds} seeds, ${sofar.of('handovers').toLocaleString('en')} handovers, ${leftS} s to go`;
    process.stderr.write(isTTY ? `\r${text}\u001b[K${runs === seeds ? '\r\u001b[K' : ''}` : `${text}\n`);
  };
}

/** Answers the exit code: 1 when something did not hold that always must. */
export function clusterSim(argv: readonly string[]): number {
  const { seeds, from, json, plant: planted, ...rest } = readOptions(clusterOptions, argv, {});
  const plant = plants.find(({ name }) => name === planted) ?? null;
  const started = process.cpuUsage();
  const found = search({ ...rest, plant, flipInput: null }, { from, seeds }, progressOf(seeds, performance.now()));
  const { user, system } = process.cpuUsage(started);
  const cpuS = (user + system) / 1_000_000;
  const timesRealTime = found.seconds / cpuS;
  const shown = json ? process.stderr : process.stdout;
  const { runs, seconds, faultsMin, tally, violation } = found;
  shown.write(`${countsTable({ tally })}\n`);
  shown.write(
    `${runs} of ${seeds} seeds from ${from} hold all that must hold; ${faultsMin} faults in a run at least\n`,
  );
  shown.write(`${seconds.toFixed(0)} s in ${cpuS.toFixed(1)} s of CPU: ${timesRealTime.toFixed(1)} times real time\n`);
  if (violation !== null) console.error(violation);
  if (json) {
    const counts = Object.fromEntries(tally.entries());
    const scenario = { scenario: 'cluster', ...rest, plant: planted, from, seeds, runs };
    console.log(JSON.stringify({ ...scenario, faultsMin, cpuS, timesRealTime, counts, violation }));
  }
  return violation === null ? 0 : 1;
}
