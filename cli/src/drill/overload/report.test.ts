import { expect, it } from 'vitest';
import type { PlayerRecord } from '../walkers/record.ts';
import { annAndBobSeen, counter, giftsEndMs } from '../walkers/test-gifts.ts';
import { type Evidence, overloadReport, sawOfOverload } from './report.ts';

const told = (...rates: readonly (readonly [atMs: number, rate: number])[]) =>
  rates.map(([atMs, rate]) => ({ atMs, rate }));
const slower = told([900, 256], [4_000, 224], [5_000, 192], [9_000, 196], [11_000, 256]);

function fine(): Evidence {
  return {
    records: [1, 2].map((entity) => ({ ...counter(entity === 1 ? 'Ann' : 'Bob', entity, null), rates: slower })),
    sightings: [annAndBobSeen],
    toils: [{ fromMs: 3_000, untilMs: 8_000 }],
    endMs: giftsEndMs,
  };
}

const reported = (evidence: Evidence, trouble: readonly string[] = []) =>
  overloadReport({ players: 2, repeats: 1, trouble }, evidence);

it('passes when everyone is told that time goes slower, and then as ever', () => {
  const { result, objections } = reported(fine());
  expect(objections).toEqual([]);
  expect(result).toMatchObject({
    ...{ drill: 'overload', passed: true, faults_injected: 1, disconnects: 0, operations_lost: 0 },
    ...{ players_slowed: 2, slowest_percent: 75, slowed_ms_max: 1_000, as_ever_ms_max: 3_000 },
  });
  expect(sawOfOverload(result, fine())).toContain('at 75 % of its pace');
});

const ann = (change: (record: PlayerRecord) => Partial<PlayerRecord>) => (evidence: Evidence) => {
  const [first, ...others] = evidence.records as [PlayerRecord, ...PlayerRecord[]];
  return { ...evidence, records: [{ ...first, ...change(first) }, ...others] };
};

it.each<[string, (evidence: Evidence) => Evidence, RegExp]>([
  ['somebody who is told nothing', ann(() => ({ rates: told([900, 256]) })), /players_slowed is 1/],
  [
    'time that goes as ever',
    (it) => ({ ...it, records: it.records.map((one) => ({ ...one, rates: [] })) }),
    /faults_injected is 0/,
  ],
  ['time that goes too slowly', ann(() => ({ rates: told([4_000, 64], [9_000, 256]) })), /slowest_percent is 25/],
  [
    'time that never goes as ever again',
    ann(() => ({ rates: told([4_000, 224]) })),
    /as_ever_ms_max is beyond all bounds/,
  ],
  ['a connection that is lost', ann(() => ({ lostMs: [5_000] })), /disconnects is 1/],
  ['somebody who is put out', ann(() => ({ ended: 'zone_unreachable' })), /Ann was put out of the world/],
  ['somebody who is gone', (it) => ({ ...it, sightings: [annAndBobSeen.slice(1)] }), /entities_lost is 1/],
  [
    'an input that is lost',
    ann(({ lives }) => ({
      lives: lives.map((life) => ({
        ...life,
        told: life.told.map((word, at) => (at < 50 ? word : { ...word, counted: word.counted - 1 })),
      })),
    })),
    /operations_lost is 1/,
  ],
])('finds %s', (_what, plant, objection) => {
  const { result, objections } = reported(plant(fine()));
  expect(result.passed).toBe(false);
  expect(objections.join('\n')).toMatch(objection);
});

it('is no pass when it did not come to its end', () => {
  expect(reported(fine(), ['waited in vain']).objections).toContain('waited in vain');
});
