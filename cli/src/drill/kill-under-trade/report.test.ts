import { expect, it } from 'vitest';
import type { Asked } from '../books/history.ts';
import { type Findings, killReport } from './report.ts';

const accepted: Asked = {
  player: 'Ann',
  key: '00',
  wish: { do: 'accept', with: 'Bob', mine: { money: 1, items: [] }, theirs: { money: 0, items: [] } },
  askedMs: 0,
  answeredMs: 1,
  outcome: { ok: true, operation: 7 },
};
const both = [
  { name: 'Ann', entity: 1 },
  { name: 'Bob', entity: 2 },
];
const fine: Findings = {
  rounds: [{ fault: 'server', underWay: 3, done: 4, backS: 2, bytesCut: 0 }],
  asked: [accepted],
  judgement: { lost: [], doubled: [], wrong: [] },
  walkedBackS: [0.5, 4.9],
  lostM: [0, 18.2],
  awayMs: [2_000],
  inputGapsMs: [2_100, 2_300],
  ...{ joined: 2, disconnects: 2, names: ['Ann', 'Bob'] },
  sightings: [[...both, { name: 'Bob', entity: 2 }]],
};

it('passes when everything is as it was told', () => {
  expect(killReport(fine, 1, 9).result).toMatchObject({
    operations_total: 1,
    faults_injected: 1,
    operations_lost: 0,
    operations_doubled: 0,
    passed: true,
    walked_back_s_max: 4.9,
    ...{
      players: 2,
      players_joined: 2,
      repeats: 1,
      position_lost_m_max: 18.2,
      disconnects: 2,
      input_gap_ms_max: 2_300,
    },
    ...{ entities_lost: 0, entities_doubled: 0, handovers: 0, stale_frames: 0 },
  });
});

it.each<[string, Partial<Findings>, RegExp]>([
  ['nothing was injected', { rounds: [] }, /faults_injected is 0/],
  ['nothing was traded', { asked: [{ ...accepted, wish: { do: 'pickUp' } }] }, /nothing was traded/],
  ['a trade was refused', { asked: [{ ...accepted, outcome: null }] }, /nothing was traded/],
  [
    'nothing was done around a fault',
    { rounds: [{ fault: 'power', underWay: 0, done: 0, backS: 1, bytesCut: 0 }] },
    /nothing lasting was done around fault 1/,
  ],
  ['something was lost', { judgement: { lost: ['a gift'], doubled: [], wrong: [] } }, /lost: a gift/],
  ['something was doubled', { judgement: { lost: [], doubled: ['a gift'], wrong: [] } }, /doubled: a gift/],
  ['the books are wrong', { judgement: { lost: [], doubled: [], wrong: ['a sum'] } }, /wrong: a sum/],
  ['somebody has 6 s to walk again', { walkedBackS: [6] }, /6 s before/],
  ['somebody did not join', { joined: 1 }, /players_joined is 1/],
  ['nobody was there', { names: [], joined: 0 }, /players_joined is 0/],
  ['nothing was acknowledged', { inputGapsMs: [] }, /input_gap_ms_p50 is 0/],
  ['somebody is not seen again', { sightings: [[{ name: 'Ann', entity: 1 }]] }, /Bob was seen by nobody/],
  [
    'somebody is there twice',
    { sightings: [...fine.sightings, [...both, { name: 'Ann', entity: 9 }]] },
    /Ann was seen 2/,
  ],
  ['somebody stands elsewhere', { walkedBackS: [Number.POSITIVE_INFINITY] }, /never were/],
])('is no pass when %s', (_what, change, objection) => {
  const { result, objections } = killReport({ ...fine, ...change }, 1, 9);
  expect(result.passed).toBe(false);
  expect(objections.join()).toMatch(objection);
});
