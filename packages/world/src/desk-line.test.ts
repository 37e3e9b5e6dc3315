import { decodeDeskRequest, encodeDeskAnswer } from '@lifeverse/contracts';
import { expect, it } from 'vitest';
import { askByLine } from './dealings-line.ts';
import { DeskLine } from './desk-line.ts';

function opened() {
  const said: number[] = [];
  const line = new DeskLine({
    zone: 1,
    epoch: 7,
    counters: { desk_requests: 0, desk_repeats: 0, desk_malformed: 0 },
    send: (bytes) => void said.push(decodeDeskRequest(bytes)?.number ?? -1),
  });
  const answers = (number: number, outcome: object, nowMs: number): void =>
    line.answer(encodeDeskAnswer({ zone: 1, epoch: 7, number, outcome } as never), nowMs);
  return { said, line, answers, ask: askByLine(() => line) };
}

const belongings = { ask: 'belongings', holder: 'ann', grants: [] } as const;
const request = {
  ...{ holder: 'ann', key: new Uint8Array(16), fence: { zone: 1, epoch: 7 } },
  operation: { kind: 'pick-up', item: 3 },
} as const;
const done = { kind: 'done', body: new Uint8Array(0) };

it('[WO36] a desk that has owed answers for 3 s and given none has nothing more demanded of it, until it is heard', () => {
  const { said, line, answers, ask } = opened();
  const told: unknown[] = [];
  const asks = (nowMs: number): void => ask(nowMs, { ask: 'operate', request }, (answer) => told.push(answer));
  asks(1_000);
  asks(4_000);
  expect([said, told]).toEqual([[1, 2], []]);
  asks(4_001);
  expect([said, told]).toEqual([[1, 2], []]);
  ask(4_002, belongings, (answer) => told.push(answer));
  // What was said is said again: it may have been done.
  line.remind(4_500);
  expect([said, told]).toEqual([[1, 2, 3, 1, 2, 3], ['journal_unreachable']]);
  answers(1, done, 5_000);
  asks(5_001);
  expect([said.length, told.length]).toEqual([7, 2]);
});

it('one that has put everything off owes nothing, and is asked again; nor does one whose answer nobody waits for', () => {
  const { line, answers, ask } = opened();
  const told: unknown[] = [];
  line.ask('checkpoint', new Uint8Array(0), 1_000, () => undefined);
  expect(line.silentMs(1_500)).toBe(500);
  answers(1, { kind: 'later', code: 'character_unreachable', retryMs: 30_000 }, 2_000);
  expect(line.silentMs(20_000)).toBe(0);
  ask(20_000, { ask: 'operate', request }, (answer) => told.push(answer));
  expect([told, line.silentMs(20_400)]).toEqual([[], 400]);
  line.forget(2);
  line.forget(2);
  expect(line.silentMs(60_000)).toBe(0);
  line.remind(60_000);
  expect(line.silentMs(60_300)).toBe(300);
  answers(1, done, 60_400);
  answers(1, done, 60_500);
  expect([line.silentMs(90_000), line.open]).toEqual([0, 0]);
});
