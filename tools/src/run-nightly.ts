import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { runNightly } from './nightly-run.ts';
import { nightlyTasks, totalMinutesMax } from './nightly-tasks.ts';

const allWell = await runNightly({
  tasks: nightlyTasks,
  totalMinutesMax,
  cwd: resolve(import.meta.dirname, '../..'),
  newSeed: () => randomInt(1, 1_000_000_000),
  say: (line) => console.log(line),
  output: 'pass',
});
process.exitCode = allWell ? 0 : 1;
