import { openDatabase } from '@lifeverse/node-kit';
import { describe, expect, it } from 'vitest';
import { type Evidence, judge } from '../books/judge.ts';
import { type DrillOptions, type DrillResult, killUnderTrade } from './kill-under-trade.ts';

const BOUND_MS = 240_000;
const earlyAnswers = new URL('test-early-answers.ts', import.meta.url).href;

const { signal } = new AbortController();
const drill = (options: Partial<DrillOptions>): Promise<DrillResult> =>
  killUnderTrade({ repeat: 1, players: 6, seed: 1, fault: 'any', progress: () => undefined, signal, ...options });

describe('a server that is killed under trade', { timeout: BOUND_MS }, () => {
  it('ten times, itself, its database, both, or with the power gone, loses nothing and doubles nothing', async () => {
    const { report, evidence } = await drill({ repeat: 10 });
    expect(report.objections).toEqual([]);
    expect(report.result).toMatchObject({
      faults_injected: 10,
      operations_lost: 0,
      operations_doubled: 0,
      passed: true,
    });
    expect(Object.keys(report.result.faults).sort()).toEqual(['both', 'database', 'power', 'server']);
    expect(report.result.positions_judged).toBeGreaterThan(0);
    expectTheJudgeToFind(evidence);
  });

  it('is found out when its journal answers before it has committed', async () => {
    const { report } = await drill({ repeat: 4, fault: 'both', preload: earlyAnswers, patienceMs: 15_000 });
    expect(report.objections.join()).toMatch(/lost|is shown/);
    expect(report.result.passed).toBe(false);
  });

  it('is found out by a power cut when its commits do not wait for the disk', async () => {
    const { report } = await drill({ repeat: 6, fault: 'power', plant: lateFlush });
    expect(report.result.operations_lost).toBeGreaterThan(0);
    expect(report.result.passed).toBe(false);
  });
});

/** That the same judgement fails as soon as anything of what was read were otherwise. */
function expectTheJudgeToFind({ durable, ...rest }: Evidence): void {
  const given = rest.asked.find(({ wish, outcome }) => wish.do === 'give' && outcome?.ok === true);
  const id = given?.outcome?.ok === true ? given.outcome.operation : 0;
  const gift = durable.operations.find((row) => row.id === id);
  if (gift === undefined) throw new Error('nothing was given in all that time');
  const dropped = durable.operations.filter((row) => row !== gift);
  const copy = { ...gift, id: -1 };
  const [first, ...others] = durable.balances;
  const otherwise: [keyof ReturnType<typeof judge>, Partial<typeof durable>][] = [
    ['lost', { operations: dropped }],
    ['doubled', { operations: [...durable.operations, copy] }],
    ['wrong', { balances: [{ ...(first as NonNullable<typeof first>), amount: (first?.amount ?? 0) + 1 }, ...others] }],
    ['wrong', { items: durable.items.slice(1) }],
    ['wrong', { entries: durable.entries.filter(({ operation }) => operation !== id) }],
  ];
  for (const [where, change] of otherwise)
    expect(judge({ ...rest, durable: { ...durable, ...change } })[where]).not.toEqual([]);
}

/** A killed process loses nothing by it, a power cut does. */
async function lateFlush(url: string): Promise<void> {
  const database = openDatabase({ url, maxConnections: 1 });
  await database.query(`CREATE FUNCTION hurry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM set_config('synchronous_commit', 'off', true); RETURN NULL; END $$`);
  await database.query('CREATE TRIGGER hurry AFTER INSERT ON operations EXECUTE FUNCTION hurry()');
  await database.query("ALTER SYSTEM SET wal_writer_delay = '10s'");
  await database.query('SELECT pg_reload_conf()');
  await database.close();
}
