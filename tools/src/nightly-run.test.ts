import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runNightly } from './nightly-run.ts';
import { type NightlyTask, nightlyTasks, totalMinutesMax } from './nightly-tasks.ts';

async function run(tasks: NightlyTask[], minutes = 1): Promise<{ allWell: boolean; said: string[] }> {
  const said: string[] = [];
  let seed = 100;
  const allWell = await runNightly({
    tasks,
    totalMinutesMax: minutes,
    cwd: tmpdir(),
    newSeed: () => ++seed,
    say: (line) => said.push(line.replaceAll(process.execPath, 'node').replace(/, \d+ s/, '')),
    output: 'collect',
  });
  return { allWell, said };
}

const task = (name: string, code: string, more: Partial<NightlyTask> = {}): NightlyTask => ({
  name,
  command: (seed) => [process.execPath, '-e', code, String(seed)],
  runs: 1,
  minutesMax: 1,
  ...more,
});

describe('the nightly run', () => {
  it('gives every run a fresh seed and says it before and after', async () => {
    expect(await run([task('sim', '0', { runs: 2 })])).toEqual({
      allWell: true,
      said: ['sim, seed 101: node -e 0 101', 'sim, seed 102: node -e 0 102', 'sim, seed 101: ok', 'sim, seed 102: ok'],
    });
  });

  it('goes on after a failure, and says how to see it again', async () => {
    const env = (seed: number) => ({ FUZZ_SEED: String(seed) });
    const fails = task('fuzz', 'process.exit(+process.env.FUZZ_SEED)', { env });
    const { allWell, said } = await run([fails, task('sim', '0')]);
    expect(allWell).toBe(false);
    expect(said.slice(2)).toEqual([
      'fuzz, seed 101: FAILED, exit code 101; again: FUZZ_SEED=101 node -e process.exit(+process.env.FUZZ_SEED) 101',
      'sim, seed 102: ok',
    ]);
  });

  it('ends a run at its own bound, and all of them at theirs', async () => {
    const endless = task('soak', 'setInterval(() => {}, 1000)', { minutesMax: 0.005 });
    expect((await run([endless])).said[1]).toContain('FAILED, was not done in time');
    const patient = task('soak', 'setInterval(() => {}, 1000)');
    const { allWell, said } = await run([patient, patient], 0.005);
    expect(allWell).toBe(false);
    expect(said.filter((line) => line.includes('was not done in time'))).toHaveLength(2);
  });

  it('fits into its hour', () => {
    const minutes = nightlyTasks.reduce((sum, { runs, minutesMax }) => sum + runs * minutesMax, 0);
    expect(minutes).toBeLessThanOrEqual(totalMinutesMax);
    expect(totalMinutesMax).toBe(60);
  });
});
