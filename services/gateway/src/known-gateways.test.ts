import { expect, it } from 'vitest';
import { KnownGateways } from './known-gateways.ts';

const [a, b, c] = ['https://a.example', 'https://b.example', 'https://c.example'] as const;
const DAY_MS = 86_400_000;

/** As the gateway that is found there says it; `b` is called `b`. */
const says = (address: string, name = address.charAt(8), leaves = false, region = '') => ({
  address,
  name,
  leaves,
  region,
  players: 0,
});
const knownTo = (name: string): KnownGateways => new KnownGateways(name);

it('[GW27] tells those that are there, and itself first', () => {
  const known = knownTo('a');
  expect(known.there).toEqual([]);
  known.heard(says(b), 0);
  known.isAt(a);
  expect([known.heard(says(a), 0), known.heard(says(b), 0), known.there]).toEqual([true, false, [a, b]]);
});

it('[GW32] sends players of a zone to the emptiest of its gateways in the region, and keeps its own', () => {
  const known = knownTo('a');
  known.isAt(a);
  const west = (address: string, players: number) => ({ ...says(address), region: 'west', players });
  known.heard(west(b, 20), 0);
  known.heard(west(c, 10), 0);
  known.heard({ ...says('https://d.example'), region: 'east' }, 0);
  expect(known.better([b, c, 'https://d.example'], 'west')).toBe(c);
  expect(known.better([b, 'https://d.example'], 'west')).toBe(b);
  expect(known.better(['https://d.example', 'https://e.example'], 'west')).toBeNull();
  expect(known.better([a, b], 'west')).toBeNull();
  known.heard({ ...west(c, 0), leaves: true }, 1_000);
  expect(known.better([b, c], 'west')).toBe(b);
});

it('[GW30] sends players who have to leave to gateways of its region, where there are any', () => {
  const known = knownTo('a');
  known.isAt(a);
  for (const [address, region] of [
    [b, 'west'],
    [c, 'east'],
  ] as const)
    known.heard({ ...says(address), region }, 0);
  expect([known.othersIn('east'), known.othersIn('north')]).toEqual([[c], [b, c]]);
});

it('[GW32] sends nobody away from a gateway of which nobody is told', () => {
  const known = knownTo('a');
  known.heard(says(b), 0);
  expect(known.better([b], '')).toBeNull();
});

it('[GW27] tells no more of one that was not heard for five seconds while others were, and lets its pages in', () => {
  const known = knownTo('a');
  known.isAt(a);
  known.heard(says(b), 0);
  known.heard(says(a), 5_000);
  expect(known.there).toEqual([a, b]);
  known.heard(says(a), 5_001);
  expect([known.there, known.remembered, known.has(b)]).toEqual([[a], [a, b], true]);
  known.heard(says(b), 6_000);
  expect(known.there).toEqual([a, b]);
});

it('[GW27] forgets one that was not heard for a day', () => {
  const known = knownTo('a');
  known.heard(says(b), 0);
  known.heard(says(c), DAY_MS);
  expect(known.has(b)).toBe(true);
  known.heard(says(c), DAY_MS + 1);
  expect([known.has(b), known.remembered]).toEqual([false, [c]]);
});

it('[GW27] knows nobody who was not told, and 64 at most', () => {
  const known = knownTo('a');
  for (let i = 0; i < 100; i++) known.heard(says(`https://g${i}.example`), 0);
  expect([known.there.length, known.has('https://g63.example'), known.has('https://g64.example')]).toEqual([
    64,
    true,
    false,
  ]);
  expect(known.has('https://evil.example')).toBe(false);
});

it('[GW30] tells at once no more of one that leaves, and of its successor at the same address', () => {
  const known = knownTo('a');
  known.isAt(a);
  known.heard(says(b), 0);
  known.heard(says(b, 'b', true), 1_000);
  expect([known.there, known.others, known.has(b)]).toEqual([[a], [], true]);
  known.heard(says(b, 'c'), 1_100);
  known.heard(says(b, 'b', true), 2_000);
  expect([known.there, known.others]).toEqual([[a, b], [b]]);
});

it('[GW30] that leaves itself tells of the others, and of its address when its successor is there', () => {
  const known = knownTo('a');
  known.isAt(a);
  known.heard(says(a), 0);
  known.heard(says(b), 0);
  known.leaves = true;
  expect([known.there, known.others]).toEqual([[b], [b]]);
  known.heard(says(a, 'c'), 1_000);
  expect([known.there, known.others]).toEqual([
    [a, b],
    [a, b],
  ]);
});

it('gives the same list until it changes', () => {
  const known = knownTo('a');
  known.heard(says(b), 0);
  const { remembered } = known;
  known.heard(says(b), 1);
  expect(known.remembered).toBe(remembered);
});
