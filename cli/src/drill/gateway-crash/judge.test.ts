import { expect, it } from 'vitest';
import type { Input, Life, PlayerRecord, Told } from '../walkers/record.ts';
import { backMs, fineWalks, strikeMs } from '../walkers/test-walks.ts';
import { type Evidence, judge } from './judge.ts';
import { gatewayCrashReport } from './report.ts';

const played = { players: 2, repeats: 1, trouble: [] };
const reported = (evidence: Evidence, change: Partial<typeof played> = {}) => {
  const { result: report, objections } = gatewayCrashReport({ ...played, ...change }, evidence, judge(evidence));
  return { report, objections };
};
const fineEvidence = (): Evidence => ({
  ...fineWalks(),
  strikes: [{ gateway: 0, atMs: strikeMs, died: true, againMs: 1_500 }],
});
const unnoticed = fineWalks().records.map((record) => ({ ...record, lostMs: [] }));

type Plant = (evidence: Evidence) => Evidence;
const first = (change: (record: PlayerRecord) => PlayerRecord): Plant => {
  return (evidence) => ({ ...evidence, records: evidence.records.map((it, at) => (at === 0 ? change(it) : it)) });
};
const life = (number: number, change: (life: Life) => Life): Plant =>
  first((record) => ({ ...record, lives: record.lives.map((it, at) => (at === number ? change(it) : it)) }));
/** The server's words from that one on. */
const words = (number: number, from: number, change: (word: Told) => Partial<Told>): Plant =>
  life(number, (it) => ({ ...it, told: it.told.map((word, at) => (at < from ? word : { ...word, ...change(word) })) }));
/** From that input on, the server has said nothing. */
const unheard = (number: number, from: number): Plant =>
  life(number, (it) => ({
    ...it,
    inputs: it.inputs.map((input, at): Input => (at < from ? input : { ...input, ackedMs: null })),
    told: it.told.slice(0, from + 1),
  }));

it('passes when all came back as who they were, with all that was acknowledged', () => {
  const { report, objections } = reported(fineEvidence());
  expect(objections).toEqual([]);
  expect(report).toEqual({
    ...{ drill: 'gateway-crash', players: 2, players_joined: 2, repeats: 1, faults_injected: 1, operations_total: 24 },
    ...{ handovers: 0, stale_frames: 0, entities_lost: 0, entities_doubled: 0, disconnects: 2 },
    ...{
      operations_lost: 0,
      operations_doubled: 0,
      position_lost_m_max: 0,
      back_ms_p99: backMs - strikeMs,
      restart_ms_max: 1_500,
    },
    ...{ input_gap_ms_p50: 1_000, input_gap_ms_p99: 1_000, input_gap_ms_max: 1_000, passed: true },
    objections: [],
  });
});

it.each<[string, Plant, object, RegExp]>([
  [
    'is applied twice',
    words(0, 3, (it) => ({ counted: it.counted + 1 })),
    { operations_doubled: 1 },
    /operations_doubled is 1/,
  ],
  ['is skipped', words(0, 3, (it) => ({ counted: it.counted - 1 })), { operations_lost: 1 }, /operations_lost is 1/],
  ['stands in place of another', words(1, 3, ({ last }) => ({ last: last - 1 })), { passed: false }, /and not done/],
  [
    'is forgotten by the next life',
    words(1, 0, (it) => ({ counted: it.counted - 1 })),
    { operations_lost: 1 },
    /and not done/,
  ],
  [
    'is done again in the next life',
    words(1, 0, (it) => ({ counted: it.counted + 1 })),
    { operations_doubled: 1 },
    /more than once/,
  ],
  ['is unacknowledged', words(0, 4, () => ({ applied: 2 })), { passed: false }, /and then only 2/],
  [
    'is acknowledged unsent',
    words(1, 6, () => ({ applied: 9 })),
    { passed: false },
    /9 was acknowledged and never sent/,
  ],
])('finds an input that %s', (_what, plant, figures, objection) => {
  const { report, objections } = reported(plant(fineEvidence()));
  expect(report).toMatchObject({ ...figures, passed: false });
  expect(objections.join('\n')).toMatch(objection);
});

it('does not hold against anyone that an input without an answer was done, or was not, or was refused', () => {
  const done = unheard(0, 4)(fineEvidence());
  expect(reported(done).objections).toEqual([]);
  const undone = words(1, 0, ({ counted, last }) => ({ counted: counted - 2, last }))(done);
  expect(reported(undone).report).toMatchObject({ operations_lost: 0, operations_doubled: 0 });
  const refused = life(1, (it) => ({
    ...it,
    inputs: it.inputs.map((input) => (input.sequence === 3 ? { ...input, refused: true } : input)),
  }));
  const uncounted = words(1, 3, ({ counted, last, applied }) => ({
    counted: counted - 1,
    last: applied === 3 ? last - 1 : last,
  }));
  expect(reported(uncounted(refused(fineEvidence()))).report).toMatchObject({ operations_lost: 0, passed: true });
});

it('finds an entity that is doubled, and one that is another', () => {
  const fine = fineEvidence();
  const doubled = { ...fine, sightings: [[...(fine.sightings[0] ?? []), { name: 'Ann', entity: 7 }]] };
  expect(reported(doubled).report).toMatchObject({ entities_doubled: 1, passed: false });
  const other = life(1, (it) => ({ ...it, entity: 7 }))(fine);
  expect(reported(other).report).toMatchObject({ entities_lost: 1, passed: false });
});

it('finds a place to which no input leads, and takes every one to which some do', () => {
  const lost = words(1, 0, ({ x }) => ({ x: x - 4 }))(fineEvidence());
  expect(reported(lost).report.position_lost_m_max).toBeGreaterThan(1.5);
  expect(reported(lost).report.passed).toBe(false);
  const north = life(0, (it) => ({
    ...it,
    inputs: it.inputs.map((input) => (input.sequence === 5 ? { ...input, does: { towards: Math.PI / 2 } } : input)),
  }));
  const turning = north(unheard(0, 4)(fineEvidence()));
  for (const [x, y, lostM] of [
    [104, 0, 0],
    [100.75, 5, 0],
    [104, 5, 3.25],
  ] as const) {
    const { report } = reported(words(1, 0, () => ({ x, y }))(turning));
    expect(report.position_lost_m_max).toBeCloseTo(lostM, 1);
  }
});

it('finds who did not come back, came back late, or was put out', () => {
  const away = first((record) => ({ ...record, lives: record.lives.slice(0, 1) }))(fineEvidence());
  expect(reported(away).objections).toContain('Ann did not come back');
  const late = words(1, 0, ({ atMs }) => ({ atMs: atMs + 9_500 }))(fineEvidence());
  expect(reported(late).objections.join()).toMatch(/back_ms_p99 is 10.5 s, and was to be at most 10 s/);
  const out = first((record) => ({ ...record, ended: 'banned' }))(fineEvidence());
  expect(reported(out).objections).toContain('Ann was put out of the world: banned');
});

it('counts only who was there by the gateway that was killed', () => {
  const elsewhere = life(0, (it) => ({ ...it, gateway: 1 }))(fineEvidence());
  expect(judge(elsewhere).backMs).toHaveLength(1);
});

it.each<[string, Partial<Evidence>, Partial<typeof played>, RegExp]>([
  ['nobody joined', { records: [], strikes: [] }, {}, /players_joined is 0, and was to be at least 2/],
  ['somebody did not join', {}, { players: 3 }, /players_joined is 2/],
  ['nothing was killed', { strikes: [] }, {}, /faults_injected is 0, and was to be at least 1/],
  [
    'what was killed lives',
    { strikes: [{ gateway: 0, atMs: strikeMs, died: false, againMs: 1_500 }] },
    {},
    /faults_injected is 0/,
  ],
  ['nothing was to be killed', { strikes: [] }, { repeats: 0 }, /faults_injected is 0/],
  ['nobody noticed', { records: unnoticed }, {}, /disconnects is 0, and was to be at least 1/],
  ['it did not come to its end', {}, { trouble: ['waited in vain'] as never }, /in vain/],
])('is no pass when %s', (_what, evidence, change, objection) => {
  const { report, objections } = reported({ ...fineEvidence(), ...evidence }, change);
  expect(report.passed).toBe(false);
  expect(objections.join('\n')).toMatch(objection);
});
