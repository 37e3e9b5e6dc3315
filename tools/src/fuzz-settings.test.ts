import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fuzzSettings } from './fuzz-settings.ts';

it('is in force in files that use fast-check', () => {
  expect(fc.readConfigureGlobal()).toEqual(fuzzSettings(process.env));
  const seen: number[][] = [[], []];
  for (const values of seen) fc.assert(fc.property(fc.nat(), (n) => values.push(n) > 0));
  expect(seen[0]).toEqual(seen[1]);
});

it('is the same every day, and further out when asked', () => {
  expect(fuzzSettings({})).toEqual({ seed: 7331, numRuns: 100 });
  expect(fuzzSettings({ FUZZ_RUNS: '2000', FUZZ_SEED: '5' })).toEqual({
    seed: 5,
    numRuns: 2000,
    interruptAfterTimeLimit: 240_000,
  });
});

it.each(['', 'many', '-1', '1.5', '1e9'])("refuses '%s'", (text) => {
  expect(() => fuzzSettings({ FUZZ_SEED: text })).toThrow('FUZZ_SEED');
});
