import { expect, it } from 'vitest';
import { KnownGateways } from './known-gateways.ts';

const [a, b, c] = ['https://a.example', 'https://b.example', 'https://c.example'] as const;
const DAY_MS = 86_400_000;

it('[GW27] tells those that are there, and itself first', () => {
  const known = new KnownGateways();
  expect(known.there).toEqual([]);
  known.heard(b, 0);
  known.isAt(a);
  expect([known.heard(a, 0), known.heard(b, 0), known.there]).toEqual([true, false, [a, b]]);
});

it('[GW27] tells no more of one that was not heard for five seconds while others were, and lets its pages in', () => {
  const known = new KnownGateways();
  known.isAt(a);
  known.heard(b, 0);
  known.heard(a, 5_000);
  expect(known.there).toEqual([a, b]);
  known.heard(a, 5_001);
  expect([known.there, known.remembered, known.has(b)]).toEqual([[a], [a, b], true]);
  known.heard(b, 6_000);
  expect(known.there).toEqual([a, b]);
});

it('[GW27] forgets one that was not heard for a day', () => {
  const known = new KnownGateways();
  known.heard(b, 0);
  known.heard(c, DAY_MS);
  expect(known.has(b)).toBe(true);
  known.heard(c, DAY_MS + 1);
  expect([known.has(b), known.remembered]).toEqual([false, [c]]);
});

it('[GW27] knows nobody who was not told, and 64 at most', () => {
  const known = new KnownGateways();
  for (let i = 0; i < 100; i++) known.heard(`https://g${i}.example`, 0);
  expect([known.there.length, known.has('https://g63.example'), known.has('https://g64.example')]).toEqual([
    64,
    true,
    false,
  ]);
  expect(known.has('https://evil.example')).toBe(false);
});

it('gives the same list until it changes', () => {
  const known = new KnownGateways();
  known.heard(b, 0);
  const { remembered } = known;
  known.heard(b, 1);
  expect(known.remembered).toBe(remembered);
});
