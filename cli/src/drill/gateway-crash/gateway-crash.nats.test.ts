import { expect, it } from 'vitest';
import type { Life } from '../walkers/record.ts';
import { gatewayCrash } from './gateway-crash.ts';
import { type Evidence, judge } from './judge.ts';

const BOUND_MS = 180_000;

it(
  '[GW24] players of gateways that are killed are back as who they were, and every acknowledged input was done once',
  async () => {
    const { signal } = new AbortController();
    const options = { players: 8, repeat: 2, seed: 1, restartDelayMs: 500, progress: () => {}, signal };
    const { report, evidence } = await gatewayCrash(options);
    // How soon depends on how long a gateway takes to start beside other tests: that is measured where nothing else runs.
    expect(report.objections.filter((what) => !what.startsWith('back_ms_p99'))).toEqual([]);
    expect(report.result).toMatchObject({
      ...{ players_joined: 8, faults_injected: 2, disconnects: 12 },
      ...{ operations_lost: 0, operations_doubled: 0, entities_lost: 0, entities_doubled: 0 },
    });
    expect(report.result.operations_total).toBeGreaterThan(8 * 40);
    // Half of them by the first, then all by the second, and by the first again.
    const ways = evidence.records.map(({ lives }) => lives.map(({ gateway }) => gateway).join());
    expect(ways.sort()).toEqual([...Array(4).fill('0,1,0'), ...Array(4).fill('1,0')]);
    expectTheJudgeToFind(evidence);
  },
  BOUND_MS,
);

/** That the same judgement fails as soon as anything of what was recorded were otherwise. */
function expectTheJudgeToFind(evidence: Evidence): void {
  const otherwise = (change: (last: Life) => Partial<Life>): Evidence => {
    const [record, ...others] = evidence.records;
    if (record === undefined) throw new Error('nobody played');
    const lives = record.lives.map((life, at, all) => (at === all.length - 1 ? { ...life, ...change(life) } : life));
    return { ...evidence, records: [{ ...record, lives }, ...others] };
  };
  /** From the middle of that life on. */
  const counted = (by: number) =>
    otherwise(({ told }) => ({
      told: told.map((word, at) => (at < told.length / 2 ? word : { ...word, counted: word.counted + by })),
    }));
  expect(judge(counted(1)).inputsDoubled).toBe(1);
  expect(judge(counted(-1)).inputsLost).toBe(1);
  expect(judge(otherwise(({ told }) => ({ told: told.slice(0, 1) }))).inputGapsMs[0]).toBeGreaterThan(500);
  expect(judge(otherwise(() => ({ entity: -1 }))).entitiesLost).toBe(1);
  const moved = otherwise(({ told }) => ({ told: told.map((word) => ({ ...word, x: word.x + 60, y: word.y + 60 })) }));
  expect(Math.max(...judge(moved).positionsLostM)).toBeGreaterThan(1.5);
}
