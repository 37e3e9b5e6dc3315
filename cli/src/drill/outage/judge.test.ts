import type { Refused } from '@lifeverse/client';
import { catalogue } from '@lifeverse/protocol';
import { describe, expect, it } from 'vitest';
import { entry, keyed, row } from '../books/test-books.ts';
import type { Deal, Input, Life, PlayerRecord, Refusal, Told } from '../walkers/record.ts';
import { type Evidence, judge } from './judge.ts';
import { databaseLoss, natsLoss, type OutageKind } from './outage-kind.ts';
import { outageReport } from './report.ts';
import { sawOf } from './saw.ts';

const TICK_MS = 50;
const FROM_MS = 4_000;
const UNTIL_MS = 6_000;
const END_MS = 13_000;
const [MINT, ANN, BOB] = [1, 10, 11];

/** Stands, and counts in every tick. `silentMs`: when the server said nothing. */
function player(name: string, entity: number, silentMs: readonly [number, number] | null): PlayerRecord {
  const steps = Array.from({ length: (END_MS - 1_000) / TICK_MS }, (_, at) => at + 1);
  const inputs = steps.map((step): Input => {
    const sentMs = 1_000 + (step - 1) * TICK_MS;
    return { sequence: step, tick: step, sentMs, does: { count: step }, ackedMs: sentMs + TICK_MS, refused: false };
  });
  const told = [0, ...steps].map((step): Told => {
    const atMs = 1_000 + step * TICK_MS;
    return { atMs, tick: step & 0xff, applied: step, x: 100, y: 100, counted: step, last: step };
  });
  const heard = told.filter(({ atMs }) => silentMs === null || atMs <= silentMs[0] || atMs > silentMs[1]);
  return { name, lives: [{ gateway: 0, entity, inputs, told: heard }], lostMs: [], ended: null };
}

const putOff: Refusal = {
  ...{ atMs: 4_500, code: 'journal_unreachable', sentence: catalogue.journal_unreachable.message, retryAfterMs: 2_000 },
};

function deal(
  name: string,
  to: string,
  id: number,
  [askedMs, answeredMs]: [number, number],
  refusals: Refusal[] = [],
): Deal {
  const wish = { do: 'give', to, gives: { money: 1, items: [] } } as const;
  return { player: name, key: keyed(id), wish, askedMs, answeredMs, outcome: { ok: true, operation: id }, refusals };
}

/** Ann gives before, Bob and Ann while it is gone, and both behind it. */
function fine(silentMs: readonly [number, number] | null): Evidence {
  const refusals = silentMs === null ? [putOff] : [];
  const durable = {
    holders: new Map(Object.entries({ mint: MINT, ground: 3, ann: ANN, bob: BOB }).map(([name, id]) => [name, { id }])),
    operations: [
      row(1, ANN, 'mint'),
      row(2, BOB, 'mint'),
      ...[3, 4, 6].map((id) => row(id, ANN, 'give')),
      row(5, BOB, 'give'),
    ],
    entries: [
      entry(1, [MINT, -50], [ANN, 50], 50),
      entry(2, [MINT, -100], [BOB, 50], 50),
      entry(3, [ANN, 49], [BOB, 51], 1),
      entry(4, [ANN, 48], [BOB, 52], 1),
      entry(5, [BOB, 51], [ANN, 49], 1),
      entry(6, [ANN, 48], [BOB, 52], 1),
    ],
    balances: [
      { holder: MINT, currency: 'coin', amount: -100, mayOwe: true },
      { holder: ANN, currency: 'coin', amount: 48, mayOwe: false },
      { holder: BOB, currency: 'coin', amount: 52, mayOwe: false },
    ],
    ...{ moves: [], items: [], trades: [] },
  };
  const shown = [
    { player: 'Ann', purse: 48, items: [] },
    { player: 'Bob', purse: 52, items: [] },
  ];
  const characters = new Map([
    ['Ann', 'ann'],
    ['Bob', 'bob'],
  ]);
  return {
    records: [player('Ann', 1, silentMs), player('Bob', 2, silentMs)],
    sightings: [[1, 2].map((entity) => ({ name: entity === 1 ? 'Ann' : 'Bob', entity }))],
    outages: [{ how: 'killed', fromMs: FROM_MS, untilMs: UNTIL_MS }],
    deals: [
      deal('Ann', 'Bob', 3, [2_000, 2_010]),
      deal('Ann', 'Bob', 4, [4_400, 6_600], refusals),
      deal('Bob', 'Ann', 5, [4_500, 6_700], refusals),
      deal('Ann', 'Bob', 6, [7_000, 7_010]),
    ],
    books: { durable, characters, shown, currency: 'coin' },
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
