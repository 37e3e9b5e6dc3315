import { describe, expect, it } from 'vitest';
import type { Settings } from '../simulation.ts';
import { countsTable, violationLine } from './report.ts';
import { RunHash } from './run-hash.ts';
import { Tally } from './tally.ts';

const settings: Settings = {
  seed: 7,
  seconds: 60,
  players: 10,
  gateways: 2,
  zones: 1,
  world: 'yard',
  flipInput: 3,
  plant: null,
};

describe('the report', () => {
  it('says in one line what did not hold, when, and how to see it again', () => {
    const violation = { check: 'nothing crashes', what: 'TypeError: no\n    at all', atS: 1.25 } as const;
    expect(violationLine({ hash: '', tally: new Tally(), faults: 0, violation }, settings)).toBe(
      'violated after 1.250 s with seed 7: nothing crashes: TypeError: no | at all; again: npm run sim -- --seed 7 ' +
        '--seconds 60 --players 10 --gateways 2 --world yard --flip-input 3',
    );
  });

  it('counts by kind', () => {
    const tally = new Tally();
    tally.add('b', 1_234);
    tally.add('a');
    tally.add('never', 0);
    expect(countsTable({ tally })).toBe('    1  a\n1,234  b');
  });
});

describe('the hash', () => {
  const hashOf = (...pieces: Uint8Array[]): string => {
    const hash = new RunHash();
    for (const piece of pieces) hash.bytes(piece);
    return hash.end();
  };

  it('tells apart where one piece ends and the next begins, of any size', () => {
    const [one, two, large] = [new Uint8Array([1]), new Uint8Array([1, 1]), new Uint8Array(100_000)];
    const hashes = [
      hashOf(one, two),
      hashOf(two, one),
      hashOf(large),
      hashOf(large, one),
      hashOf(one, large),
      hashOf(),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hashOf(one, large, two)).toBe(hashOf(one, large, two));
  });
});
