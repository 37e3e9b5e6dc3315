import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Faults, type Look, runOwners, twoServers } from './test-owners.ts';

/** What is so of two servers at one moment; a sentence when it is not. */
function broken({ flushing, epoch }: Look): string | null {
  if (flushing.filter(({ state }) => state === 'owning').length > 1) return 'two own the zone';
  const [lower, higher] = [...flushing].sort((a, b) => a.epoch - b.epoch);
  if (lower === undefined || higher === undefined) return null;
  if (lower.epoch === higher.epoch) return 'two flush by the same epoch';
  if (lower.state !== 'coasting') return 'the lower epoch flushes, and does not coast';
  return higher.epoch === epoch ? null : 'what both want kept is refused';
}

const seen = { owned: 0, coasted: 0, changed: 0, both: 0 };

/** Fails at the first moment at which something is broken. */
const races = (faults: Faults) =>
  fc.property(twoServers, (course) => {
    const epochs = new Set<number>();
    runOwners(course, faults, (look) => {
      const what = broken(look);
      if (what !== null) throw new Error(`${what} at ${look.atMs} ms: ${JSON.stringify(look)}`);
      for (const { state, epoch } of look.flushing) {
        epochs.add(epoch);
        if (state === 'owning') seen.owned++;
        else seen.coasted++;
      }
      if (look.flushing.length > 1) seen.both++;
    });
    if (epochs.size > 1) seen.changed++;
  });

it('[WO43] two never own a zone at the same moment; [WO45] of two that flush, the lower epoch coasts and is refused', () => {
  fc.assert(races({}));
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(0);
});

it.each<[string, Faults]>([
  ['[WO43] a database that gives a zone away while the lease of its owner runs', { takesEarly: true }],
  ['[WO42] a server that counts its lease from the answer', { countsFromAnswer: true }],
])('finds %s', (_what, faults) => {
  const { failed, errorInstance } = fc.check(races(faults), { endOnFailure: true });
  expect([failed, String(errorInstance)]).toEqual([true, expect.stringMatching(/lower epoch flushes|two own/)]);
});
