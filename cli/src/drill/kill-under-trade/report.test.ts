import { expect, it } from 'vitest';
import type { Asked } from '../books/history.ts';
import { type DrillFindings, drillReport } from './report.ts';

const accepted: Asked = {
  player: 'Ann',
  key: '00',
  wish: { do: 'accept', with: 'Bob', mine: { money: 1, items: [] }, theirs: { money: 0, items: [] } },
  askedMs: 0,
  answeredMs: 1,
  outcome: { ok: true, operation: 7 },
};
const fine: DrillFindings = {
  rounds: [{ fault: 'server', underWay: 3, done: 4, backS: 2, bytesCut: 0 }],
  asked: [accepted],
  judgement: { lost: [], doubled: [], wrong: [] },
  walkedBackS: [0.5, 4.9],
  awayMs: [2_000],
};

it('passes when everything is as it was told', () => {
  expect(drillReport(fine, 1, 9)).toMatchObject({
    operations_total: 1,
    faults_injected: 1,
    operations_lost: 0,
    operations_doubled: 0,
    passed: true,
    walked_back_s_max: 4.9,
  });
});

it.each<[string, Partial<DrillFindings>, RegExp]>([
  ['nothing was injected', { rounds: [] }, /0 of 1 faults/],
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
  ['somebody stands elsewhere', { walkedBackS: [Number.POSITIVE_INFINITY] }, /never were/],
])('is no pass when %s', (_what, change, objection) => {
  const report = drillReport({ ...fine, ...change }, 1, 9);
  expect(report.passed).toBe(false);
  expect(report.objections.join()).toMatch(objection);
});
