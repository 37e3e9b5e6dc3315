import { ManualClock } from '@lifeverse/base';
import { type ServedWorld, serve, ZoneCore } from '@lifeverse/world';
import { expect, it } from 'vitest';
import { open } from './index.ts';
import { rules } from './server.ts';

const world = open({ areaM2: 40_000 });

function start(storm: boolean): ZoneCore {
  const { systems = [] } = rules(world, { storm }).rules;
  const served = serve(world, {
    systems,
    populate: ({ spawn }) => {
      for (let i = 0; i < 20; i++) spawn('mover', { x: 100, y: 100 });
    },
  });
  const ports = {
    toGateway: () => {},
    truth: () => {},
    fault: (where: string, error: unknown) => expect.fail(`${where}: ${error}`),
  };
  const zone = new ZoneCore({
    served: served as unknown as ServedWorld,
    zone: 1,
    epoch: 1,
    seed: 3,
    clock: new ManualClock(),
    options: {},
    ports,
  });
  for (let row = 0; row < zone.store.end; row++)
    zone.hands.act(row, 'walk', { towards: (row / 20) * 6, pace: row === 0 ? 'stand' : 'run' });
  return zone;
}

/** How far each is from where two ticks' worth of the last tick's way would have led, millimetres. */
function surprises(zone: ZoneCore, ticks: number): number[] {
  const all: number[] = [];
  for (let tick = 1; tick <= ticks; tick++) {
    const expected = Array.from({ length: 20 }, (_, row) => [
      (zone.store.x[row] as number) + (zone.store.vx[row] as number),
      (zone.store.y[row] as number) + (zone.store.vy[row] as number),
    ]);
    zone.tick(tick, tick * 50);
    if (tick < 3) continue;
    expected.forEach(([x, y], row) => {
      if (row > 0)
        all.push(
          Math.hypot((zone.store.x[row] as number) - (x as number), (zone.store.y[row] as number) - (y as number)),
        );
    });
  }
  return all;
}

it('a storm surprises every mover in every tick by more than the tolerance, and leaves their speed', () => {
  const zone = start(true);
  expect(Math.min(...surprises(zone, 100))).toBeGreaterThan(world.definition.components.position.toleranceM * 1_000);
  expect(Math.hypot(zone.store.vx[5] as number, zone.store.vy[5] as number)).toBeCloseTo(300, -1);
});

it('a storm turns one around the way they asked for, and lets stand who stands', () => {
  const zone = start(true);
  for (let tick = 1; tick <= 200; tick++) zone.tick(tick, tick * 50);
  expect([zone.store.x[0], zone.store.y[0]]).toEqual([100_000, 100_000]);
  const row = 3;
  const [dx, dy] = [(zone.store.x[row] as number) - 100_000, (zone.store.y[row] as number) - 100_000];
  expect(Math.cos(Math.atan2(dy, dx) - (row / 20) * 6)).toBeGreaterThan(0.98);
});

it('without a storm nobody is surprised', () => {
  expect(Math.max(...surprises(start(false), 100))).toBeLessThanOrEqual(1);
});
