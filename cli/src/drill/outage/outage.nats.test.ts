import { expect, it } from 'vitest';
import { type Evidence, judge } from './judge.ts';
import { outage } from './outage.ts';
import { databaseLoss } from './outage-kind.ts';

const BOUND_MS = 120_000;

it(
  '[WO36] while the database of a cluster is gone, players walk on, what they give is put off, and none of it is lost or doubled',
  async () => {
    const { signal } = new AbortController();
    const options = {
      kind: databaseLoss,
      players: 4,
      repeat: 1,
      forMs: 2_000,
      seed: 1,
      progress: () => undefined,
      signal,
    };
    const { report, evidence, course } = await outage(options);
    // How soon depends on what runs beside it: that is measured where nothing else does.
    const isTime = (what: string): boolean => /^(input_gap|inputs_resumed|operations_again)_ms/.test(what);
    expect(report.objections.filter((what) => !isTime(what))).toEqual([]);
    expect(report.result).toMatchObject({ players_joined: 4, faults_injected: 1, disconnects: 0, operations_lost: 0 });
    expect(course.lanes.find(({ name }) => name === 'database')?.spans.map(({ state }) => state)).toEqual([
      'alive',
      'gone',
      'alive',
    ]);
    expectTheJudgeToFind(evidence);
  },
  BOUND_MS,
);

/** That the same judgement fails as soon as anything of what was recorded were otherwise. */
function expectTheJudgeToFind(evidence: Evidence): void {
  const { books, deals } = evidence;
  const { operations } = books.durable;
  const given = operations.find(({ kind }) => kind === 'give');
  if (given === undefined) throw new Error('nothing was given in all that time');
  const durably = (others: typeof operations) =>
    judge({ ...evidence, books: { ...books, durable: { ...books.durable, operations: others } } });
  expect(durably(operations.filter((one) => one !== given)).operationsLost).toBe(1);
  expect(durably([...operations, { ...given, id: -1 }]).operationsDoubled).toBeGreaterThan(0);
  const otherwise = deals.map((deal) => ({
    ...deal,
    refusals: deal.refusals.map((refusal) => ({ ...refusal, sentence: 'Something went wrong.' })),
  }));
  expect(judge({ ...evidence, deals: otherwise }).refusedOtherwise).toBe(judge(evidence).putOff);
}
