import { expect, it } from 'vitest';
import type { Life, PlayerRecord, Told } from '../walkers/record.ts';
import { fineWalks, strikeMs } from '../walkers/test-walks.ts';
import { type Evidence, judge, type Round } from './judge.ts';
import { type Played, rollingReplaceReport, sawOfReplacement } from './report.ts';

const played: Played = { players: 2, repeats: 1, wanted: 2, trouble: [] };
const fineRound: Round = {
  before: [
    { name: 'backend', pid: 1 },
    { name: 'zone-1', pid: 2 },
  ],
  after: [
    { name: 'nats', pid: 9 },
    { name: 'backend-2', pid: 3 },
    { name: 'zone-2', pid: 4 },
  ],
  replaced: [
    { name: 'backend', by: 'backend-2', atMs: 10, overMs: 2_000 },
    { name: 'zone-1', by: 'zone-2', atMs: 2_100, overMs: 9_000.4 },
  ],
};
/** Two who walk all the while, by one connection each. */
const fineEvidence = (): Evidence => {
  const walks = fineWalks();
  const records = walks.records.map((record) => ({ ...record, lives: record.lives.slice(0, 1), lostMs: [] }));
  return { ...walks, records, endMs: strikeMs + 50, rounds: [fineRound], handovers: 3, sinceMs: strikeMs - 300 };
};
const reported = (evidence: Evidence, change: Partial<Played> = {}) =>
  rollingReplaceReport({ ...played, ...change }, evidence, judge(evidence));

type Plant = (evidence: Evidence) => Evidence;
const first = (change: (record: PlayerRecord) => PlayerRecord): Plant => {
  return (evidence) => ({ ...evidence, records: evidence.records.map((it, at) => (at === 0 ? change(it) : it)) });
};
const life = (change: (life: Life) => Partial<Life>): Plant =>
  first((record) => ({ ...record, lives: record.lives.map((it) => ({ ...it, ...change(it) })) }));
/** The server's words from that one on. */
const words = (from: number, change: (word: Told) => Partial<Told>): Plant =>
  life(({ told }) => ({ told: told.map((word, at) => (at < from ? word : { ...word, ...change(word) })) }));
const round = (change: Partial<Round>): Plant => {
  return (evidence) => ({ ...evidence, rounds: [{ ...fineRound, ...change }] });
};
const [backend, zone] = fineRound.after.slice(1) as [(typeof fineRound.after)[0], (typeof fineRound.after)[0]];

it('passes when all went on as if nothing were, and every process is another one', () => {
  const { result, objections } = reported(fineEvidence());
  expect(objections).toEqual([]);
  expect(result).toMatchObject({
    ...{ drill: 'rolling-replace', players_joined: 2, faults_injected: 2, handovers: 3, passed: true },
    ...{ disconnects: 0, entities_lost: 0, entities_doubled: 0, operations_lost: 0, operations_doubled: 0 },
    ...{ operations_total: 12, input_gap_ms_p99: 50, replace_ms_max: 9_000 },
  });
  expect(sawOfReplacement(result)).toContain('Nobody was told anything.');
});

it.each<[string, Plant, RegExp]>([
  ['an input is done twice', words(3, ({ counted }) => ({ counted: counted + 1 })), /operations_doubled is 1/],
  ['an input is lost', words(3, ({ counted }) => ({ counted: counted - 1 })), /operations_lost is 1/],
  ['an input stands in place of another', words(6, ({ last }) => ({ last: last - 1 })), /operations_lost is 1/],
  ['somebody waits too long', words(5, ({ atMs }) => ({ atMs: atMs + 201 })), /input_gap_ms_p99 is 251 ms/],
  ['somebody is never heard again', words(5, () => ({ applied: 4 })), /input_gap_ms_p99 is/],
  ['a connection is lost', first((it) => ({ ...it, lostMs: [strikeMs] })), /disconnects is 1, and was to be 0/],
  ['somebody is put out', first((it) => ({ ...it, ended: 'server_stopping' })), /was put out of the world/],
  [
    'somebody is there twice',
    (it) => ({
      ...it,
      sightings: [
        ...it.sightings,
        [
          { name: 'Ann', entity: 1 },
          { name: 'Ann', entity: 7 },
        ],
      ],
    }),
    /entities_doubled is 1/,
  ],
  ['nothing was replaced', round({ before: [], replaced: [] }), /faults_injected is 0, and was to be at least 2/],
  [
    'a process runs on beside its successor',
    round({ after: [...fineRound.after, { name: 'zone-1', pid: 2 }] }),
    /zone-1, process 2, runs still/,
  ],
  [
    'a process only has another name',
    round({ after: [backend, { name: 'zone-2', pid: 2 }] }),
    /zone-1, process 2, runs still/,
  ],
  [
    'a successor does not run',
    round({ after: [zone] }),
    /backend-2, which was to take the place of backend, does not run/,
  ],
  [
    'a process is only gone',
    round({ replaced: fineRound.replaced.map((one) => ({ ...one, by: null, overMs: null })) }),
    /nobody has taken the place of zone-1/,
  ],
])('is no pass when %s', (_what, plant, objection) => {
  const evidence = plant(fineEvidence());
  const endMs = Math.max(evidence.endMs, ...evidence.records.flatMap(({ lives }) => lives[0]?.told.at(-1)?.atMs ?? 0));
  const { result, objections } = reported({ ...evidence, endMs: endMs + 300 * Number(/never heard/.test(_what)) });
  expect(objections.join('\n')).toMatch(objection);
  expect(result.passed).toBe(false);
});

it('counts how long somebody waits from when everybody was there', () => {
  const late = { ...fineEvidence(), sinceMs: strikeMs - 400 };
  expect(judge(late).inputGapsMs).toEqual([100, 100]);
  expect(judge({ ...late, endMs: strikeMs + 200 }).inputGapsMs).toEqual([200, 200]);
});

it('is no pass when fewer joined, or it did not come to its end', () => {
  expect(reported(fineEvidence(), { players: 3 }).objections.join()).toMatch(/players_joined is 2/);
  expect(reported(fineEvidence(), { trouble: ['it ended'] }).objections).toEqual(['it ended']);
});
