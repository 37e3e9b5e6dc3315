import { Random } from '@lifeverse/base';
import { open } from '@lifeverse/open';
import { expect, it } from 'vitest';
import { Visitor } from './visitor.ts';

it('is there most of the time, and comes and goes', () => {
  const random = new Random(7);
  const { map } = open({ areaM2: 10_000 });
  const visitors = Array.from({ length: 50 }, () => new Visitor(map, random.fork()));
  let there = 0;
  let changes = 0;
  const before = visitors.map((visitor) => visitor.present(0));
  for (let second = 0; second < 600; second++) {
    visitors.forEach((visitor, i) => {
      const here = visitor.present(second * 1_000);
      there += here ? 1 : 0;
      changes += here === before[i] ? 0 : 1;
      before[i] = here;
    });
  }
  expect(there / (50 * 600)).toBeGreaterThan(0.7);
  expect(there / (50 * 600)).toBeLessThan(0.9);
  // About every 34 s, one way or the other.
  expect(changes).toBeGreaterThan(50 * 10);
});
