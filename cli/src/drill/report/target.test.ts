import { describe, expect, it } from 'vitest';
import { drillReport } from './drill-report.ts';
import { figuresOf, type Measured } from './figures.ts';
import { commonTargets, type Target } from './target.ts';
import { targetTable } from './target-table.ts';

const fine: Measured = {
  ...{ drill: 'a-drill', players: 2, playersJoined: 2, repeats: 1, faultsInjected: 1, operationsTotal: 9 },
  ...{ inputGapsMs: [60.4, 3_000], positionsLostM: [0.1234], entitiesLost: 0, entitiesDoubled: 0 },
  ...{ disconnects: 0, operationsLost: 0, operationsDoubled: 0 },
};
const reported = (change: Partial<Measured>, more: readonly Target[] = [], wrong: readonly string[] = []) => {
  const figures = figuresOf({ ...fine, ...change });
  return drillReport(figures, { own: 1 }, { targets: [...commonTargets(figures, {}), ...more], wrong });
};

describe('the result of a drill', () => {
  it('has the keys that all drills have first, in their order', () => {
    const keys =
      'drill, players, players_joined, repeats, faults_injected, operations_total, handovers, input_gap_ms_p50, input_gap_ms_p99, input_gap_ms_max, position_lost_m_max, entities_lost, entities_doubled, disconnects, operations_lost, operations_doubled, stale_frames, passed';
    const { result } = reported({});
    expect(Object.keys(result)).toEqual([...keys.split(', '), 'own', 'objections']);
    expect(result).toMatchObject({
      input_gap_ms_p50: 60,
      input_gap_ms_max: 3_000,
      position_lost_m_max: 0.123,
      passed: true,
    });
  });

  it.each<[string, Partial<Measured>, RegExp]>([
    ['nobody was asked to play', { players: 0, playersJoined: 0 }, /players_joined is 0, and was to be at least 1/],
    ['somebody did not join', { playersJoined: 1 }, /players_joined is 1, and was to be at least 2/],
    ['nothing was to happen', { repeats: 0, faultsInjected: 0 }, /faults_injected is 0, and was to be at least 1/],
    ['too little happened', { repeats: 3 }, /faults_injected is 1, and was to be at least 3/],
    ['nothing was done', { operationsTotal: 0 }, /operations_total is 0, and was to be at least 1/],
    ['nothing was acknowledged', { inputGapsMs: [] }, /input_gap_ms_p50 is 0 ms, and was to be at least 1 ms/],
    ['somebody is another', { entitiesLost: 1 }, /entities_lost is 1, and was to be 0/],
    ['somebody is doubled', { entitiesDoubled: 2 }, /entities_doubled is 2, and was to be 0/],
    ['something is lost', { operationsLost: 1 }, /operations_lost is 1, and was to be 0: acknowledged and not done/],
    ['something is doubled', { operationsDoubled: 1 }, /operations_doubled is 1, and was to be 0/],
  ])('is no pass when %s', (_what, change, objection) => {
    const { result, objections } = reported(change);
    expect(result.passed).toBe(false);
    expect(objections.join()).toMatch(objection);
  });

  it('is none when a figure of its own is beyond its target or was never measured, or something else is wrong', () => {
    const most = { key: 'back_ms', words: 'back', unit: 'ms', most: 10_000 } as const;
    expect(reported({}, [{ ...most, value: 9_999 }]).result.passed).toBe(true);
    expect(reported({}, [{ ...most, value: 12_345 }]).objections).toEqual([
      'back_ms is 12.35 s, and was to be at most 10 s: back',
    ]);
    expect(reported({}, [{ ...most, value: null }]).objections).toEqual([
      'back_ms is not measured, and was to be at most 10 s: back',
    ]);
    expect(reported({}, [{ ...most, value: Number.POSITIVE_INFINITY }]).result.passed).toBe(false);
    expect(reported({}, [], ['the sky fell']).result).toMatchObject({ passed: false, objections: ['the sky fell'] });
  });
});

it('the table has every figure beside its target, and marks what was missed', () => {
  const lines = targetTable(reported({ operationsLost: 1, inputGapsMs: [61_234] }).targets);
  expect(lines.find((line) => line.includes('operations_lost'))).toMatch(
    /^MISSED {2}operations_lost +1 {2}0 +acknowledged/,
  );
  expect(lines.find((line) => line.includes('input_gap_ms_max'))).toMatch(
    /^ +input_gap_ms_max +61.23 s {3,}the same, of any/,
  );
});
