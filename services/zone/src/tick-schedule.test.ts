import { expect, it } from 'vitest';
import { TickSchedule } from './tick-schedule.ts';

it('has each tick begin at its number of periods', () => {
  const schedule = new TickSchedule(50, 120);
  expect(schedule.untilNextMs(120)).toBe(30);
  expect(schedule.take(149.9)).toEqual({ first: 3, count: 0, skipped: 0 });
  expect(schedule.take(150)).toEqual({ first: 3, count: 1, skipped: 0 });
  expect(schedule.untilNextMs(170)).toBe(30);
  expect(schedule.take(203)).toEqual({ first: 4, count: 1, skipped: 0 });
  expect(schedule.untilNextMs(260)).toBe(-10);
});

it('makes up for two ticks, and skips what is older', () => {
  const schedule = new TickSchedule(50, 0);
  expect(schedule.take(150)).toEqual({ first: 1, count: 3, skipped: 0 });
  expect(schedule.take(400)).toEqual({ first: 6, count: 3, skipped: 2 });
  expect(schedule.take(450)).toEqual({ first: 9, count: 1, skipped: 0 });
});
