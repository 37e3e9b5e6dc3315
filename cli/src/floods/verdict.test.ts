import { describe, expect, it } from 'vitest';
import type { Attack } from './attack.ts';
import { type Evidence, objections, type Round, stalenessMove, type WindowFigures } from './verdict.ts';

const attack: Attack = {
  name: 'example',
  what: 'an example',
  seconds: 1,
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
const round = (calmMs: number, duringMs: number, more: Partial<Round> = {}): Round => ({
  before: seen(calmMs - 1),
  during: seen(duringMs),
  after: seen(calmMs + 1),
  deeds: { frames: 100 },
  attackerCpuS: 1,
  failure: null,
  joinsMs: [50, 999],
  ...more,
});
const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  attack,
  rounds: [round(20, 21), round(30, 60), round(20, 23)],
  rssBytes: 100 * 2 ** 20,
  rssBytesPeak: 164 * 2 ** 20,
  disconnects: 0,
  protocolErrors: 0,
  refusals: { malformed_message: 3 },
  grown: { a_total: 1 },
  ...more,
});

const unsteady = 'staleness cannot be judged: the machine was steady in 0 of 1 rounds only';
const unseen = 'staleness cannot be judged: too little was seen in a window';

describe('the verdict on an attack', () => {
  it('is good where nothing moved', () => {
    expect(objections(evidence())).toEqual([]);
  });

  it('takes each round against the calm beside it, and the middle of the rounds', () => {
    expect(stalenessMove(evidence())).toEqual({ ratio: 1.15, moreMs: 3 });
  });

  it.each<[string, Partial<Evidence>]>([
    ["the server's memory grew by 64.5 MiB", { rssBytesPeak: 164.5 * 2 ** 20 }],
    ['staleness p99 moved by 20 % (4.0 ms)', { rounds: [round(20, 24), round(20, 24), round(20, 24)] }],
    [unseen, { rounds: [round(20, 20, { during: seen(20, 999) })] }],
    [unseen, { rounds: [round(20, 20, { after: seen(null, 0) })] }],
    [unsteady, { rounds: [round(20, 36, { after: seen(25) })] }],
    ['1 well-behaved players lost their connection', { disconnects: 1 }],
    ['2 protocol errors at well-behaved players', { protocolErrors: 2 }],
    ['only 99 of 100 frames in a round', { rounds: [round(20, 20, { deeds: { frames: 99 } })] }],
    ['the attack failed: no way', { rounds: [round(20, 20, { failure: 'no way' })] }],
    ['only 2 of 3 refusals with malformed_message', { refusals: { malformed_message: 2 } }],
    ['a_total did not grow', { grown: {} }],
    ['nobody tried to join', { rounds: [round(20, 20, { joinsMs: [] })] }],
    ['a newcomer could not join', { rounds: [round(20, 20, { joinsMs: [null] })] }],
    ['a newcomer took 1000 ms to join', { rounds: [round(20, 20, { joinsMs: [1_000] })] }],
  ])('says: %s', (sentence, more) => {
    expect(objections(evidence(more))).toEqual([sentence]);
  });

  it('leaves out rounds around which the machine was not steady', () => {
    const rounds = [round(20, 21), round(20, 400, { before: seen(200) })];
    expect(objections(evidence({ rounds }))).toEqual([]);
  });

  it('takes the middle of all calms and of all attacks where the machine was not steady', () => {
    const rounds = [
      round(20, 24, { after: seen(40) }),
      round(20, 22, { before: seen(40), after: seen(21) }),
      round(20, 60, { before: seen(21), after: seen(90) }),
    ];
    expect(stalenessMove({ attack, rounds })).toEqual({ ratio: 24 / 21, moreMs: 3 });
    expect(objections(evidence({ rounds }))).toEqual([unsteady.replace('0 of 1', '0 of 3')]);
  });

  it('lets a small staleness move by what any window moves by', () => {
    expect(objections(evidence({ rounds: [round(4, 5.9, { before: seen(4), after: seen(4) })] }))).toEqual([]);
  });
});
