import { expect, it } from 'vitest';
import { headingX, headingY, UNIT } from './heading-table.ts';

const all = Array.from({ length: 1_024 }, (_, heading) => heading);

it('is within a step of its unit of cosine and sine', () => {
  for (const heading of all) {
    const angle = (heading / 1_024) * 2 * Math.PI;
    expect(Math.abs(headingX(heading) / UNIT - Math.cos(angle))).toBeLessThan(1 / UNIT);
    expect(Math.abs(headingY(heading) / UNIT - Math.sin(angle))).toBeLessThan(1 / UNIT);
  }
});

it('turns by quarters exactly, and takes any integer', () => {
  for (const heading of all) {
    expect(headingX(heading + 256) + headingY(heading)).toBe(0);
    expect(headingY(heading + 256)).toBe(headingX(heading));
    expect(headingX(heading - 1_024)).toBe(headingX(heading));
  }
  expect([headingX(0), headingY(0), headingX(256), headingY(256)]).toEqual([UNIT, 0, 0, UNIT]);
});
