import { expect, it } from 'vitest';
import { stepSentence, type TimeSource, timeWait } from './time-wait.ts';

const told = { uncertaintyMs: 3, silentMs: 0, steppedMs: 0, why: null };
const unknown = { uncertaintyMs: Number.POSITIVE_INFINITY, silentMs: 9_000, steppedMs: 0, why: 'connection refused' };
const byDatabase: TimeSource = { teller: 'database', withinMs: 20 };
const byBackend: TimeSource = { teller: 'backend', withinMs: 250 };

it('is waited for until it is told', () => {
  expect(timeWait(told, byDatabase)).toBeNull();
  expect(timeWait(told, byBackend)).toBeNull();
  expect(timeWait(unknown, byDatabase)).toEqual({
    what: 'time',
    why: 'the database does not tell it: connection refused',
  });
  expect(timeWait(unknown, byBackend)).toEqual({ what: 'backend', why: 'none has told the time yet' });
});

it('goes on while the database does not tell it, and a gateway without a backend lets nobody in', () => {
  const silent = { ...told, silentMs: 60_000, why: 'connection refused' };
  expect(timeWait(silent, byDatabase)).toBeNull();
  expect(timeWait({ ...silent, silentMs: 5_000 }, byBackend)).toBeNull();
  expect(timeWait(silent, byBackend)).toEqual({ what: 'backend', why: 'none has told the time for 5 s' });
});

it('is of no use when it is not known well enough', () => {
  expect(timeWait({ ...told, uncertaintyMs: 20 }, byDatabase)).toBeNull();
  for (const source of [byDatabase, byBackend])
    expect(timeWait({ ...told, uncertaintyMs: source.withinMs + 1 }, source)).toMatchObject({ what: 'time' });
});

it('says which way it was set', () => {
  expect(stepSentence(3_600_000)).toContain('set forward by 3600.0 s');
  expect(stepSentence(-1_600)).toContain('set back by 1.6 s');
});
