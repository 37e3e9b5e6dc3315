import { expect, it } from 'vitest';
import { Pulse } from './pulse.ts';

const policy = { lookMs: 500, hangsMs: 2_000, loadsMs: 4_000 };

const looks = (pulse: Pulse, times: number): boolean[] => Array.from({ length: times }, () => pulse.look());

it('a process hangs that was heard, and is silent for so long', () => {
  const pulse = new Pulse(policy);
  pulse.beat();
  expect([looks(pulse, 4), pulse.silentMs]).toEqual([[false, false, false, true], 2_000]);
});

it('one that is slow does not', () => {
  const pulse = new Pulse(policy);
  for (let turn = 0; turn < 10; turn++) {
    pulse.beat();
    expect(looks(pulse, 3)).toEqual([false, false, false]);
  }
  pulse.beat();
  expect(pulse.silentMs).toBe(0);
});

it('one that loads has longer, and the next one has it again', () => {
  const pulse = new Pulse(policy);
  expect(looks(pulse, 8).indexOf(true)).toBe(7);
  pulse.beat();
  pulse.started();
  expect(looks(pulse, 8).indexOf(true)).toBe(7);
});
