import { relative } from 'node:path';
import { distributedBench } from './distributed/main.ts';
import { steeringBench } from './distributed/steering.ts';
import { provenance } from './harness/machine.ts';
import { type Options, parseOptions, usage } from './harness/options.ts';
import { writeResults } from './harness/results.ts';
import { runRounds } from './harness/rounds.ts';
import { published, summarize } from './harness/summary.ts';
import { ratioTable, resultTable, targetTable } from './harness/table.ts';
import { heldAgainstTargets } from './harness/targets.ts';
import { journalBench } from './journal/main.ts';
import { logInBench } from './log-in/main.ts';
import { tickUnderJournalBench } from './tick-under-journal/main.ts';

const NODE_MAJOR = 24;

/** Measures, tells and writes. Answers the exit code: 1 when a run failed. */
async function bench(options: Options): Promise<number> {
  const about = provenance(new Date());
  const progress = (line: string) => process.stderr.write(`${line}\n`);
  progress(`${about.cores} x ${about.cpu}, ${about.kernel}, Node ${about.node}, commit ${about.commit}`);
  const rounds = await runRounds(options, progress);
  const results = summarize(rounds);
  const files = writeResults(about, options, results, rounds);
  progress(`written: ${files.map((file) => relative(process.cwd(), file)).join(', ')}`);
  const tables = [resultTable(results), ratioTable(results), targetTable(heldAgainstTargets(results))];
  const text = tables.filter((table) => table !== '').join('\n\n');
  if (options.json) {
    process.stderr.write(`${text}\n`);
    for (const result of results) console.log(JSON.stringify(published(result)));
  } else {
    console.log(text);
  }
  return rounds.some((round) => round.failure !== null) ? 1 : 0;
}

/** These are measured on their own: they have other figures, and no peer among the servers of worlds. */
const alone: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  journal: journalBench,
  distributed: distributedBench,
  steering: steeringBench,
  'log-in': logInBench,
  'tick-under-journal': tickUnderJournalBench,
};

function asksForAlone(args: readonly string[]): string | undefined {
  const at = args.indexOf('--scenario');
  return Object.keys(alone).find((name) => (at >= 0 && args[at + 1] === name) || args.includes(`--scenario=${name}`));
}

const args = process.argv.slice(2);
const scenario = asksForAlone(args);
const options = scenario === undefined ? parseOptions(args) : null;
if (scenario !== undefined) {
  process.exitCode = await alone[scenario]?.(args);
} else if (options === null) {
  console.log(usage);
} else if (typeof options === 'string') {
  process.stderr.write(`${options}\n`);
  process.exitCode = 1;
} else if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR) {
  process.stderr.write(`the bench needs Node ${NODE_MAJOR}, not ${process.version}: run it with 'npm run bench'\n`);
  process.exitCode = 1;
} else {
  process.exitCode = await bench(options);
}
