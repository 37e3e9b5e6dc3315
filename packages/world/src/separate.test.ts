import { describe, expect, it } from 'vitest';
import { separate } from './separate.ts';
import { TestZone, WALL_X, type Yard, yard } from './test-zone.ts';

const RADIUS_M = 0.4;

function crowd(places: readonly (readonly [x: number, y: number])[]) {
  const zone = new TestZone({
    populate: ({ spawn }) => {
      for (const [x, y] of places) spawn('cat', { x, y });
    },
    systems: [separate<Yard>({ radiusM: RADIUS_M, strength: 0.3 })],
  });
  const at = () =>
    places.map((_, row) => [zone.zone.store.x[row] as number, zone.zone.store.y[row] as number] as const);
  const nearestMm = () => {
    const all = at();
    return Math.min(...all.flatMap((a, i) => all.slice(i + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1]))));
  };
  return { zone, at, nearestMm };
}

describe('[WO17] entities that stand in one another', () => {
  it('part, both of them', () => {
    const { zone, at, nearestMm } = crowd([
      [50, 50],
      [50.2, 50],
    ]);
    zone.run(60);
    expect(nearestMm()).toBeGreaterThan(2 * RADIUS_M * 1_000 - 100);
    expect(at()[0]?.[0]).toBeLessThan(50_000);
    expect(at()[1]?.[0]).toBeGreaterThan(50_200);
  });

  it('part even from the very same place', () => {
    const { zone, nearestMm } = crowd([
      [50, 50],
      [50, 50],
      [50, 50],
    ]);
    zone.run(200);
    expect(nearestMm()).toBeGreaterThan(500);
  });

  it('are left alone while they are apart', () => {
    const { zone, at } = crowd([
      [50, 50],
      [50.81, 50],
    ]);
    const before = at();
    zone.run(60);
    expect(at()).toEqual(before);
  });

  it('are not pushed into walls', () => {
    const corner = (WALL_X - 301) / 1_000;
    const { zone, at } = crowd(Array.from({ length: 12 }, () => [corner, 0.31] as const));
    zone.run(100);
    for (const [x, y] of at()) expect(yard.map.fits(x, y, 300)).toBe(true);
  });
});
