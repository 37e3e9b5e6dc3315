import { expect, it } from 'vitest';
import type { Life, PlayerRecord, Told } from '../walkers/record.ts';
import { annAndBobSeen, counter, gifts, giftsEndMs } from '../walkers/test-gifts.ts';
import { crossingsOf } from './crossings.ts';
import { borderStormReport, type Evidence, sawOfBorder } from './report.ts';

const line = { axis: 'x', atM: 100 } as const;
const PACE_TICKS = 40;
const METRES_PER_TICK = 0.15;

/** Goes three metres east and back, again and again. */
function pacing(record: PlayerRecord): PlayerRecord {
  return withTold(record, (word) => {
    const at = word.applied % (2 * PACE_TICKS);
    const ticks = at < PACE_TICKS ? at : 2 * PACE_TICKS - at;
    return { x: 97 + ticks * METRES_PER_TICK };
  });
}

function withTold(record: PlayerRecord, change: (word: Told) => Partial<Told>): PlayerRecord {
  const lives = record.lives.map((life) => ({
    ...life,
    told: life.told.map((word) => ({ ...word, ...change(word) })),
  }));
  return { ...record, lives };
}

function fine(): Evidence {
  return {
    records: [pacing(counter('Ann', 1, null)), pacing(counter('Bob', 2, null))],
    sightings: [annAndBobSeen],
    stretches: [{ fromMs: 2_000, untilMs: 12_000, handovers: 10 }],
    ...gifts([]),
    ...{ line, endMs: giftsEndMs },
  };
}

const reported = (evidence: Evidence, trouble: readonly string[] = []) =>
  borderStormReport({ players: 2, repeats: 1, trouble }, evidence);

it('who goes over a border and back has crossed it twice, and who stands on it has not', () => {
  const [ann] = fine().records;
  // Behind the first metre beyond the line: at 4 m of the way there and of the way back.
  expect(crossingsOf(ann as PlayerRecord, line).slice(0, 2)).toEqual([2_350, 4_350]);
  const still = withTold(ann as PlayerRecord, ({ applied }) => ({ x: 100 + ((applied % 3) - 1) * 0.9 }));
  expect(crossingsOf(still, line)).toEqual([]);
});

it('passes when nobody waits, with a figure for crossings alone', () => {
  const { result, objections } = reported(fine());
  expect(objections).toEqual([]);
  expect(result).toMatchObject({
    ...{ drill: 'border-storm', passed: true, faults_injected: 1, handovers: 10, input_gap_ms_max: 50 },
    ...{ operations_total: 4, operations_done: 4, operations_unknown: 0 },
    ...{ crossings: 12, crossing_gap_ms_p99: 50, handovers_per_s: 1 },
  });
  // What was before everybody was there does not count.
  expect(reported({ ...fine(), sinceMs: 6_000 }).result.crossings).toBe(6);
  expect(sawOfBorder(result, fine())).toContain('12 times somebody walked over the border');
});

const annSilent = (fromMs: number, untilMs: number) => (evidence: Evidence) => {
  const records = [pacing(counter('Ann', 1, [fromMs, untilMs])), ...evidence.records.slice(1)];
  return { ...evidence, records };
};
const ann = (change: (life: Life) => Partial<Life>) => (evidence: Evidence) => {
  const [first, ...others] = evidence.records as [PlayerRecord, ...PlayerRecord[]];
  return {
    ...evidence,
    records: [{ ...first, lives: first.lives.map((it) => ({ ...it, ...change(it) })) }, ...others],
  };
};
const counted = (by: number) =>
  ann(({ told }) => ({ told: told.map((word, at) => (at < 50 ? word : { ...word, counted: word.counted + by })) }));

it.each<[string, (evidence: Evidence) => Evidence, RegExp]>([
  ['a wait', annSilent(2_300, 2_400), /input_gap_ms_p99 is 150 ms/],
  ['an input that is lost', counted(-1), /operations_lost is 1/],
  ['an input that is done twice', counted(1), /operations_doubled is 1/],
  [
    'a connection that is lost',
    (it) => ({ ...it, records: it.records.map((record) => ({ ...record, lostMs: [5_000] })) }),
    /disconnects is 2/,
  ],
  ['somebody twice', (it) => ({ ...it, sightings: [[...annAndBobSeen, { name: 'Bob', entity: 7 }]] }), /seen 2 times/],
  ['somebody who is gone', (it) => ({ ...it, sightings: [annAndBobSeen.slice(1)] }), /entities_lost is 1/],
  [
    'a coin that was given and is not there',
    ({ books: { durable, ...books }, ...rest }) => ({
      ...rest,
      books: { ...books, durable: { ...durable, operations: durable.operations.slice(0, -1) } },
    }),
    /operations_lost is 1/,
  ],
  [
    'a coin of which nobody knows',
    (it) => ({ ...it, deals: it.deals.map((deal) => ({ ...deal, outcome: null })) }),
    /operations_unknown is 4/,
  ],
  ['nobody who goes over', (it) => ({ ...it, stretches: [] }), /handovers is 0/],
  [
    'nobody who was told to be over',
    (it) => ({ ...it, records: [counter('Ann', 1, null), counter('Bob', 2, null)] }),
    /crossings is 0/,
  ],
])('finds %s', (_what, plant, objection) => {
  const { result, objections } = reported(plant(fine()));
  expect(result.passed).toBe(false);
  expect(objections.join('\n')).toMatch(objection);
});

it('is no pass when it did not come to its end', () => {
  expect(reported(fine(), ['waited in vain']).objections).toContain('waited in vain');
});
