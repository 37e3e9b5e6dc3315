import type { Refused } from '@lifeverse/client';
import { catalogue } from '@lifeverse/protocol';
import { describe, expect, it } from 'vitest';
import { keyed } from '../books/test-books.ts';
import type { Deal, Life, PlayerRecord, Refusal, Told } from '../walkers/record.ts';
import { annAndBobSeen, counter, gifts, giftsEndMs } from '../walkers/test-gifts.ts';
import { type Evidence, judge } from './judge.ts';
import { databaseLoss, natsLoss, type OutageKind } from './outage-kind.ts';
import { outageReport } from './report.ts';
import { sawOf } from './saw.ts';

const FROM_MS = 4_000;
const UNTIL_MS = 6_000;
const END_MS = giftsEndMs;

const putOff: Refusal = {
  ...{ atMs: 4_500, code: 'journal_unreachable', sentence: catalogue.journal_unreachable.message, retryAfterMs: 2_000 },
};

/** Ann gives before, Bob and Ann while it is gone, and both behind it. */
function fine(silentMs: readonly [number, number] | null): Evidence {
  return {
    records: [counter('Ann', 1, silentMs), counter('Bob', 2, silentMs)],
    sightings: [annAndBobSeen],
    outages: [{ how: 'killed', fromMs: FROM_MS, untilMs: UNTIL_MS }],
    ...gifts(silentMs === null ? [putOff] : []),
    endMs: END_MS,
  };
}

const goesOn = (): Evidence => fine(null);
const stands = (): Evidence => fine([FROM_MS, 6_200]);

function reported(kind: OutageKind, evidence: Evidence, trouble: readonly string[] = []) {
  const played = { kind, players: 2, repeats: 1, forMs: 2_000, trouble };
  const report = outageReport(played, evidence, judge(evidence));
  return { ...report, saw: sawOf(kind, report.result, evidence) };
}

describe('an outage that players get over', () => {
  it('passes, and what they saw is told with the sentence that they read: the database', () => {
    const { result, objections, saw } = reported(databaseLoss, goesOn());
    expect(objections).toEqual([]);
    expect(result).toMatchObject({
      ...{ drill: 'database-loss', passed: true, players_joined: 2, faults_injected: 1, operations_total: 4 },
      ...{ input_gap_ms_max: 50, operations_done: 4, operations_put_off: 2, operations_unknown: 0, disconnects: 0 },
      ...{ inputs_resumed_ms_max: 0, operations_again_ms_max: 700, position_lost_m_max: 0 },
    });
    expect(saw).toContain('“Nothing can be traded for the moment. Nothing is lost.” (2 times)');
    expect(saw).toContain('Everyone walked on: of 99 players in 100 the longest wait for an answer was 50 ms.');
  });

  it('passes likewise: NATS', () => {
    const { result, objections, saw } = reported(natsLoss, stands());
    expect(objections).toEqual([]);
    expect(result).toMatchObject({
      drill: 'nats-loss',
      passed: true,
      input_gap_ms_p50: 2_250,
      inputs_resumed_ms_max: 250,
      input_gap_calm_ms_p99: 50,
    });
    expect(saw).toContain('Everyone stood still while NATS was gone, and walked on at most 250 ms after its return.');
  });
});

type Plant = (evidence: Evidence) => Evidence;
const ofDeals = (change: (deal: Deal) => Deal | null): Plant => {
  return (evidence) => ({ ...evidence, deals: evidence.deals.flatMap((one) => change(one) ?? []) });
};
const deals = (id: number, change: Partial<Deal>): Plant =>
  ofDeals((one) => (one.key === keyed(id) ? { ...one, ...change } : one));
const refusedBy = (change: Partial<Refusal>): Plant => deals(4, { refusals: [{ ...putOff, ...change }] });
const annsLife = (change: (life: Life) => Partial<Life>): Plant => {
  return ({ records: [ann, ...others], ...rest }) => {
    const lives = (ann as PlayerRecord).lives.map((life) => ({ ...life, ...change(life) }));
    return { ...rest, records: [{ ...(ann as PlayerRecord), lives }, ...others] };
  };
};
const words = (fromMs: number, change: (word: Told) => Partial<Told>): Plant =>
  annsLife(({ told }) => ({ told: told.map((word) => (word.atMs < fromMs ? word : { ...word, ...change(word) })) }));
const durably = (change: (durable: Evidence['books']['durable']) => object): Plant => {
  return ({ books, ...rest }) => ({
    ...rest,
    books: { ...books, durable: { ...books.durable, ...change(books.durable) } },
  });
};
const never: Refused = {
  ...{ ok: false, code: 'outcome_unknown', sentence: '', retry: 'later', retryAfterMs: 1 },
  again: () => Promise.resolve(never),
};

it.each<[string, OutageKind, Plant, RegExp]>([
  [
    'a coin that was given is not there',
    databaseLoss,
    durably(({ operations }) => ({ operations: operations.filter(({ id }) => id !== 6) })),
    /operations_lost is 1/,
  ],
  [
    'a coin was given twice',
    databaseLoss,
    durably(({ operations }) => ({ operations: [...operations, { ...operations.at(-1), id: 9 }] })),
    /operations_doubled is [1-9]/,
  ],
  [
    'a coin changed hands that nobody gave',
    databaseLoss,
    ofDeals((one) => (one.key === keyed(6) ? null : one)),
    /was not asked for/,
  ],
  [
    'it was refused and done',
    databaseLoss,
    deals(4, { outcome: { ...never, code: 'journal_unreachable' } }),
    /was refused \(journal_unreachable\) and is done/,
  ],
  [
    'nobody knows what became of it',
    databaseLoss,
    deals(6, { outcome: null, answeredMs: Number.POSITIVE_INFINITY }),
    /operations_unknown is 1/,
  ],
  ['the sentence is another one', databaseLoss, refusedBy({ sentence: 'internal error' }), /refused: "internal error"/],
  ['the refusal is another one', databaseLoss, refusedBy({ code: 'internal' }), /operations_refused_otherwise is 1/],
  ['no time was told with it', databaseLoss, refusedBy({ retryAfterMs: null }), /operations_refused_otherwise is 1/],
  ['it was refused long before', databaseLoss, refusedBy({ atMs: 3_000 }), /operations_refused_otherwise is 1/],
  [
    'nothing was put off',
    databaseLoss,
    ofDeals((one) => ({ ...one, refusals: [] })),
    /operations_put_off is 0, and was to be at least 1/,
  ],
  [
    'nobody felt it',
    databaseLoss,
    ofDeals((one) => ({ ...one, refusals: [], askedMs: 7_000 })),
    /faults_injected is 0/,
  ],
  [
    'players stood',
    databaseLoss,
    annsLife(({ told }) => ({ told: told.filter(({ atMs }) => atMs < 4_000 || atMs > 4_400) })),
    /input_gap_ms_p99 is \d+ ms, and was to be at most 250 ms/,
  ],
  [
    'somebody lost the connection',
    databaseLoss,
    ({ records, ...rest }) => ({ ...rest, records: records.map((it) => ({ ...it, lostMs: [5_000] })) }),
    /disconnects_meanwhile is 2, and was to be 0/,
  ],
  ['an input was lost', natsLoss, words(6_100, ({ counted }) => ({ counted: counted - 1 })), /operations_lost is 1/],
  [
    'an input was done twice',
    natsLoss,
    words(6_100, ({ counted }) => ({ counted: counted + 1 })),
    /operations_doubled is 1/,
  ],
  ['somebody stands elsewhere', natsLoss, words(6_100, ({ x }) => ({ x: x + 4 })), /position_lost_m_max is 4 m/],
  ['it went on as if nothing were', natsLoss, () => goesOn(), /input_gap_ms_p50 is 50 ms, and was to be at least 2 s/],
  [
    'it went on late',
    natsLoss,
    () => fine([FROM_MS, 11_100]),
    /inputs_resumed_ms_max is 5.15 s, and was to be at most 5 s/,
  ],
  [
    'somebody does not go on',
    natsLoss,
    annsLife(({ told }) => ({ told: told.filter(({ atMs }) => atMs < 5_000) })),
    /Ann had no input acknowledged again behind outage 1/,
  ],
  [
    'somebody gives nothing any more',
    natsLoss,
    ofDeals((one) => (one.player === 'Bob' ? null : one)),
    /Bob could give nothing again behind outage 1/,
  ],
])('is no pass when %s', (_what, kind, plant, objection) => {
  const { result, objections } = reported(kind, plant(kind === natsLoss ? stands() : goesOn()));
  expect(result.passed).toBe(false);
  expect(objections.join('\n')).toMatch(objection);
});

it('is no pass when giving works again only late, or it did not come to its end', () => {
  const late = deals(5, { answeredMs: 11_500 })(goesOn());
  expect(reported(databaseLoss, late).objections.join()).toMatch(
    /operations_again_ms_max is 5.5 s, and was to be at most 5 s/,
  );
  expect(reported(databaseLoss, goesOn(), ['waited in vain']).result.passed).toBe(false);
});

it('holds against nobody that a coin was for somebody who was on the way back, and against all that it was for one who was there', () => {
  const gone = { ...putOff, atMs: 6_300, code: 'target_unknown', retryAfterMs: null };
  const evidence = deals(4, { refusals: [gone] })(stands());
  expect(judge(evidence).refusedOtherwise).toBe(1);
  const records = evidence.records.map((record) => (record.name === 'Bob' ? { ...record, lostMs: [6_100] } : record));
  expect(judge({ ...evidence, records }).refusedOtherwise).toBe(0);
});
