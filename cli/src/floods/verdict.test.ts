import { describe, expect, it } from 'vitest';
import type { Attack } from './attack.ts';
import { type Evidence, isClear, objections, type Round, stalenessShift, type WindowFigures } from './verdict.ts';

const attack: Attack = {
  name: 'example',
  what: 'an example',
  seconds: 1,
  windows: 1,
  rounds: 1,
  least: { frames: 100 },
  refusals: { malformed_message: 3 },
  grows: ['a_total'],
  newcomers: true,
  run: async () => ({}),
};
const seen = (stalenessMsP99: number | null, samples = 10_000): WindowFigures => ({
  stalenessMsP50: 5,
  stalenessMsP90: 7,
  stalenessMsP99,
  samples,
  serverCpu: 0.2,
  latenessMs: 3,
});
/** An attacked window, and the calm after it. */
const round = (duringMs: number, afterMs: number, more: Partial<Round> = {}): Round => ({
  during: [seen(duringMs)],
  after: [seen(afterMs)],
  deeds: { frames: 100 },
  attackerCpuS: 1,
  failure: null,
  joinsMs: [50, 999],
  ...more,
});
const rounds = (duringMs: number, afterMs: number): Round[] =>
  Array.from({ length: 5 }, () => round(duringMs, afterMs));
const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  attack,
  before: [seen(20)],
  rounds: rounds(23, 20),
  rssBytes: 100 * 2 ** 20,
  rssBytesPeak: 164 * 2 ** 20,
  disconnects: 0,
  protocolErrors: 0,
  refusals: { malformed_message: 3 },
  grown: { a_total: 1 },
  ...more,
});

const unseen = 'staleness cannot be judged: too little was seen';
const few = rounds(20, 20).slice(1);

describe('the verdict on an attack', () => {
  it('is good where nothing moved', () => {
    expect(objections(evidence())).toEqual([]);
  });

  it.each<[string, Partial<Evidence>]>([
    ["the server's memory grew by 64.5 MiB", { rssBytesPeak: 164.5 * 2 ** 20 }],
    ['staleness p99 moved by 20 % (4.0 ms)', { rounds: rounds(24, 20) }],
    [unseen, { rounds: [...few, round(20, 20, { during: [seen(20, 999)] })] }],
    [unseen, { rounds: [...few, round(20, 20, { after: [seen(null, 0)] })] }],
    [unseen, { rounds: [round(20, 20)] }],
    [
      'staleness cannot be judged: 1.05 times the calm, but anything from 0.80 to 1.40',
      { rounds: [round(28, 20), round(16, 20), round(28, 20), round(16, 20), round(21, 20)] },
    ],
    ['1 well-behaved players lost their connection', { disconnects: 1 }],
    ['2 protocol errors at well-behaved players', { protocolErrors: 2 }],
    ['only 99 of 100 frames in a round', { rounds: [...few, round(20, 20, { deeds: { frames: 99 } })] }],
    ['the attack failed: no way', { rounds: [...few, round(20, 20, { failure: 'no way' })] }],
    ['only 2 of 3 refusals with malformed_message', { refusals: { malformed_message: 2 } }],
    ['a_total did not grow', { grown: {} }],
    ['nobody tried to join', { rounds: rounds(20, 20).map((each) => ({ ...each, joinsMs: [] })) }],
    ['a newcomer could not join', { rounds: [...few, round(20, 20, { joinsMs: [null] })] }],
    ['a newcomer took 1000 ms to join', { rounds: [...few, round(20, 20, { joinsMs: [1_000] })] }],
  ])('says: %s', (sentence, more) => {
    expect(objections(evidence(more))).toEqual([sentence]);
  });

  it('lets a small staleness move by what nobody notices', () => {
    expect(objections(evidence({ before: [seen(4)], rounds: rounds(5.9, 4) }))).toEqual([]);
  });
});

describe('rounds', () => {
  const shift = (duringMs: number, more: readonly Round[] = []) =>
    stalenessShift({ before: [seen(20)], rounds: [...rounds(duringMs, 20), ...more] });

  it('are enough when the bound is far from what was seen', () => {
    expect(isClear(shift(20))).toBe(true);
    expect(isClear(shift(30))).toBe(true);
  });

  it('are not enough when it is near, when they contradict each other, or when there are too few', () => {
    const near = [22, 23, 23.9, 25, 26].map((ms) => round(ms, 20));
    const apart = [34, 14, 34, 14, 20].map((ms) => round(ms, 20));
    for (const some of [near, apart, [round(20, 20)]])
      expect(isClear(stalenessShift({ before: [seen(20)], rounds: some }))).toBe(false);
  });

  it('are enough although one of them was disturbed', () => {
    expect(isClear(shift(20, [round(400, 20)]))).toBe(true);
  });
});
