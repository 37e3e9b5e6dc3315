import { expect, it } from 'vitest';
import { ManualClock } from './clock.ts';

it('goes forward when told, and never back', () => {
  const clock = new ManualClock(5);
  clock.advanceTo(7.5);
  clock.advanceTo(6);
  expect(clock.nowMs()).toBe(7.5);
  expect(new ManualClock().nowMs()).toBe(0);
});
