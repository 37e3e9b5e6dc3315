import { expect, it } from 'vitest';
import { TruthLog } from './truth-log.ts';

const at = (log: TruthLog, id: number, tick: number): readonly [number, number] | null => {
  const out = { x: 0, y: 0 };
  return log.at(id, tick, out) ? [out.x, out.y] : null;
};

it('knows where an entity was at a tick, and between two', () => {
  const log = new TruthLog();
  log.add({ tick: 10, entities: [{ id: 7, xMm: 1_000, yMm: 0 }] });
  log.add({ tick: 11, entities: [{ id: 7, xMm: 1_300, yMm: -200 }] });
  expect(at(log, 7, 10)).toEqual([1_000, 0]);
  expect(at(log, 7, 10.5)).toEqual([1_150, -100]);
  expect(at(log, 7, 11)).toEqual([1_300, -200]);
});

it('says nothing of what it was not told', () => {
  const log = new TruthLog();
  log.add({ tick: 10, entities: [{ id: 7, xMm: 1_000, yMm: 0 }] });
  log.add({ tick: 11, entities: [{ id: 8, xMm: 1_000, yMm: 0 }] });
  expect([at(log, 7, 10.5), at(log, 8, 10.5), at(log, 7, 9.5), at(log, 9, 10)]).toEqual([null, null, null, null]);
});

it('remembers some seconds', () => {
  const log = new TruthLog();
  for (let tick = 0; tick < 1_000; tick++) log.add({ tick, entities: [{ id: 1, xMm: tick, yMm: 0 }] });
  expect(at(log, 1, 700)).toBeNull();
  expect(at(log, 1, 900)).toEqual([900, 0]);
});
