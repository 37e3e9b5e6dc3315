import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { debianInstalling, ensurePrograms, programs } from './debian-programs.ts';
import { runLanes, type Stage, stageLines } from './stages.ts';
import { countTests, type TestReport } from './tier-counts.ts';
import { plainTier, tiers, waitingTiers } from './tiers.ts';

const root = resolve(import.meta.dirname, '../..');
const bin = (name: string): string => join(root, 'node_modules/.bin', name);
const reportFolder = join(root, 'test-output');

/** Ends what hangs. They are to take less than eight minutes on two cores, which a slow machine is no reason to fail for. */
const TESTS_MS_MAX = 900_000;

const computingTiers = [plainTier, ...tiers.filter((tier) => !waitingTiers.includes(tier))];

/** Two lanes for two cores, as long as each other: what waits runs beside what computes. */
const lanes: Stage[][] = [
  [
    { name: 'types', command: bin('tsc'), args: ['--noEmit', '--pretty', 'false'], msMax: 120_000 },
    {
      name: 'lint',
      command: bin('biome'),
      args: ['ci', '--colors=off', '--max-diagnostics=none', '.'],
      msMax: 120_000,
    },
    tests('tests', computingTiers),
  ],
  [
    { name: 'checks', command: process.execPath, args: [join(import.meta.dirname, 'run-checks.ts')], msMax: 300_000 },
    tests('places', waitingTiers),
  ],
];

/** The tests of these tiers. */
function tests(name: string, ofTiers: readonly string[]): Stage {
  const reportPath = join(reportFolder, `${name}.json`);
  const projects = ofTiers.flatMap((tier) => ['--project', tier]);
  return {
    name,
    command: bin('vitest'),
    args: ['run', ...projects, '--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`],
    msMax: TESTS_MS_MAX,
    summarise: () => summariseTests(reportPath),
  };
}

function summariseTests(reportPath: string): { summary: string; objection: string | null } {
  try {
    return countTests(JSON.parse(readFileSync(reportPath, 'utf8')) as TestReport);
  } catch {
    return { summary: '', objection: 'the test runner wrote no report' };
  }
}

function say(line: string): void {
  console.log(line);
}

async function main(): Promise<number> {
  const missing = await ensurePrograms(programs, debianInstalling(), say);
  if (missing !== null) {
    console.error(missing);
    return 1;
  }
  rmSync(reportFolder, { recursive: true, force: true });
  mkdirSync(reportFolder, { recursive: true });
  // Hundreds of processes are started, all of the same code: they need not compile it each.
  process.env.NODE_COMPILE_CACHE = join(reportFolder, 'compiled');
  const startMs = performance.now();
  const results = await runLanes(lanes, root, (result) => stageLines(result).forEach(say));
  const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
  const verdict = failed.length === 0 ? 'all is well' : `failed: ${failed.join(', ')}`;
  say(`${verdict}, in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  return failed.length === 0 ? 0 : 1;
}

process.exitCode = await main();
