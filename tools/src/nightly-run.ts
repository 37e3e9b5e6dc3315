import { runBounded } from './bounded-command.ts';
import type { NightlyTask } from './nightly-tasks.ts';

export interface NightlyOptions {
  readonly tasks: readonly NightlyTask[];
  readonly totalMinutesMax: number;
  readonly cwd: string;
  readonly newSeed: () => number;
  readonly say: (line: string) => void;
  /** `pass` for a person or a log that wants to see the commands' own words. */
  readonly output: 'pass' | 'collect';
}

const minuteMs = 60_000;

/** Runs every task one after another, whatever the others find; true when all went well. */
export async function runNightly({
  tasks,
  totalMinutesMax,
  cwd,
  newSeed,
  say,
  output,
}: NightlyOptions): Promise<boolean> {
  const endMs = performance.now() + totalMinutesMax * minuteMs;
  const verdicts: string[] = [];
  let allWell = true;
  for (const task of tasks) {
    for (let run = 0; run < task.runs; run++) {
      const seed = newSeed();
      const [command, ...args] = task.command(seed) as [string, ...string[]];
      const given = task.env?.(seed) ?? {};
      const again = [...Object.entries(given).map(([name, value]) => `${name}=${value}`), command, ...args].join(' ');
      say(`${task.name}, seed ${seed}: ${again}`);
      const msMax = Math.max(1, Math.min(task.minutesMax * minuteMs, endMs - performance.now()));
      const result = await runBounded({ command, args, cwd, env: { ...process.env, ...given }, msMax, output });
      const ok = result.code === 0;
      allWell &&= ok;
      const seconds = (result.ms / 1000).toFixed(0);
      const how = ok ? 'ok' : result.timedOut ? 'FAILED, was not done in time' : `FAILED, exit code ${result.code}`;
      verdicts.push(`${task.name}, seed ${seed}: ${how}, ${seconds} s${ok ? '' : `; again: ${again}`}`);
    }
  }
  for (const verdict of verdicts) say(verdict);
  return allWell;
}
