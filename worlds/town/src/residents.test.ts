import { ManualClock, Random } from '@lifeverse/base';
import { type ServedWorld, ZoneCore } from '@lifeverse/world';
import { describe, expect, it } from 'vitest';
import type { Life } from './day.ts';
import { town } from './index.ts';
import { namesFor } from './people.ts';
import { rules } from './server.ts';

const MINUTE = 1_200;

interface Watched {
  readonly zone: ZoneCore;
  readonly said: { row: number; tick: number; text: string }[];
  run(ticks: number): void;
}

function start(residents: number, seed: number, areaM2?: number): Watched {
  const world = town(areaM2 === undefined ? {} : { areaM2 });
  const faults: unknown[] = [];
  const fault = (_where: string, error: unknown): void => {
    faults.push(error);
  };
  const ports = { toGateway: () => {}, truth: () => {}, fault };
  const zone = new ZoneCore({
    served: rules(world) as unknown as ServedWorld,
    zone: 1,
    epoch: 1,
    seed,
    clock: new ManualClock(),
    options: { residents },
    ports,
  });
  const said: Watched['said'] = [];
  const emit = zone.hands.emit.bind(zone.hands);
  zone.hands.emit = (row, event, input) => {
    if (event === 'speech') said.push({ row, tick: zone.tickNumber, text: (input as { text: string }).text });
    emit(row, event, input);
  };
  const run = (ticks: number): void => {
    for (let i = 0; i < ticks; i++) zone.tick(zone.tickNumber + 1, (zone.tickNumber + 1) * 50);
    expect(faults).toEqual([]);
  };
  return { zone, said, run };
}

const rowsOf = (zone: ZoneCore): number[] => Array.from({ length: zone.store.end }, (_, row) => row);
const lifeAt = (zone: ZoneCore, row: number): Life => zone.store.memory[row]?.life as Life;

describe('five minutes of a town with 200 residents', () => {
  const { zone, said, run } = start(200, 7);
  const { map } = town();
  const strayed: string[] = [];
  const walked = new Float64Array(200);
  const still = new Int32Array(200);
  let stillLongest = 0;
  for (let tick = 0; tick < 5 * MINUTE; tick += 20) {
    const before = rowsOf(zone).map((row) => [zone.store.x[row], zone.store.y[row]] as [number, number]);
    run(20);
    for (const row of rowsOf(zone)) {
      const [x, y] = [zone.store.x[row] as number, zone.store.y[row] as number];
      if (!map.fits(x, y, 300)) strayed.push(`resident ${row} at ${x}, ${y}`);
      const moved = Math.hypot(x - (before[row]?.[0] ?? x), y - (before[row]?.[1] ?? y));
      walked[row] = (walked[row] as number) + moved / 1_000;
      still[row] = lifeAt(zone, row)?.doing === 'walking' && moved < 100 ? (still[row] as number) + 1 : 0;
      stillLongest = Math.max(stillLongest, still[row] as number);
    }
  }

  it('nobody ever stands in a wall', () => expect(strayed).toEqual([]));

  it('everyone has been somewhere else, most at several places', () => {
    const visits = rowsOf(zone).map((row) => lifeAt(zone, row).visited.length);
    expect(Math.min(...visits)).toBeGreaterThanOrEqual(1);
    expect(visits.filter((count) => count >= 3).length).toBeGreaterThan(100);
    expect(Math.min(...walked)).toBeGreaterThan(20);
  });

  it('nobody who is on the way is stuck for long', () => expect(stillLongest).toBeLessThan(10));

  it('some stand together, facing one another', () => {
    const { facing, x, y } = {
      facing: zone.store.components.find((slot) => slot.name === 'facing'),
      x: zone.store.x,
      y: zone.store.y,
    };
    const standing = rowsOf(zone).filter((row) => lifeAt(zone, row).doing === 'staying');
    const pairs = standing.flatMap((a) =>
      standing
        .filter(
          (b) => a < b && Math.hypot((x[a] as number) - (x[b] as number), (y[a] as number) - (y[b] as number)) < 2_500,
        )
        .map((b) => [a, b] as const),
    );
    expect(pairs.length).toBeGreaterThan(10);
    const turned = pairs.filter(([a, b]) => {
      if (facing === undefined) return false;
      const towards = Math.atan2((y[b] as number) - (y[a] as number), (x[b] as number) - (x[a] as number));
      const looks = facing.codec.fromRaw(zone.store.raw(a, facing)) as number;
      return Math.cos(looks - towards) > 0.2;
    });
    expect(turned.length).toBeGreaterThan(pairs.length / 2);
  });

  it('what they remember is what goes along to another zone', () => {
    const lives = rowsOf(zone).map((row) => lifeAt(zone, row));
    expect(lives.filter(({ greeted }) => greeted.length > 0).length).toBeGreaterThan(20);
    expect(JSON.parse(JSON.stringify(lives))).toEqual(lives);
  });

  it('they speak, but nobody without pause', () => {
    expect(said.length).toBeGreaterThan(100);
    expect(said.length).toBeLessThan(2_000);
    const last = new Map<number, number>();
    for (const { row, tick, text } of said) {
      expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(200);
      expect(text).not.toContain('{');
      expect(tick - (last.get(row) ?? -1_000)).toBeGreaterThan(10);
      last.set(row, tick);
    }
  });
});

it('with the same seed the same day, with another one another', () => {
  const places = (seed: number): string => {
    const { zone, run } = start(40, seed, 20_000);
    run(2 * MINUTE);
    return rowsOf(zone)
      .map((row) => `${zone.store.x[row]},${zone.store.y[row]}`)
      .join(' ');
  };
  expect(places(3)).toBe(places(3));
  expect(places(3)).not.toBe(places(4));
});

it('takes as many residents as asked for, and refuses what is no number of them', () => {
  expect(start(0, 1).zone.store.count).toBe(0);
  expect(start(17, 1).zone.store.count).toBe(17);
  for (const residents of [-1, 1.5, 1e9]) expect(() => start(residents, 1)).toThrow(/residents/);
});

it('gives everyone a name of their own while there are enough', () => {
  const names = namesFor(500, new Random(1));
  expect(new Set(names).size).toBe(500);
  for (const name of names) expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(32);
  expect(namesFor(20_000, new Random(1))).toHaveLength(20_000);
});
