import { Random } from '@lifeverse/base';
import { inPlaceOf, merge, siblings, split, type ZoneArrangement, type ZoneTree, zonesIn } from '@lifeverse/contracts';
import { describe, expect, it } from 'vitest';
import { type Guest, TestHall } from './test-hall.ts';

const CUT = 8;
const whole: ZoneTree = { zone: 1 };
const halves: ZoneTree = { axis: 'x', at: CUT, low: { zone: 1 }, high: { zone: 2 } };
const PLAYERS = 24;
/** A change of zones is felt for so many ticks at most. */
const FELT_TICKS = 3;

/** Players who run about on both sides of where the cut will be, and speak. */
function crowd(tree: ZoneTree, players = PLAYERS): { hall: TestHall; guests: Guest[] } {
  const hall = new TestHall({}, { tree, neighbours: true });
  const guests = hall.join(...Array.from({ length: players }, (_, i) => `p${i}`));
  for (const [i, guest] of guests.entries())
    guest.command('go', { x: String(236 + (i % 6) * 8), y: String(220 + i * 2) });
  hall.run(10);
  return { hall, guests };
}

/** A tick in which everybody runs on, and now and then turns. */
function play(hall: TestHall, guests: readonly Guest[]): void {
  guests.forEach((guest, i) => {
    if ((hall.tick + i) % 7 === 0) guest.walk(((hall.tick + i) % 12) * 0.5);
  });
  hall.run();
}

/** For how many ticks in a row somebody was shown wrongly to anybody, at most. */
function watch(hall: TestHall, guests: readonly Guest[], ticks: number) {
  const wrong = guests.map(() => 0);
  const worst = { wrong: 0 };
  for (let tick = 0; tick < ticks; tick++) {
    play(hall, guests);
    guests.forEach((guest, i) => {
      wrong[i] = hall.wrongFor(guest).length === 0 ? 0 : (wrong[i] as number) + 1;
      worst.wrong = Math.max(worst.wrong, wrong[i] as number);
    });
    for (const guest of guests) {
      const having = [...hall.zones.values()].filter(({ store }) => store.rowOf(guest.id) !== undefined);
      expect(having.length).toBeLessThanOrEqual(1);
    }
  }
  return worst;
}

const holds = (hall: TestHall, zone: number): number => hall.zones.get(zone)?.gauges().players ?? 0;

function expectNobodyNoticed(hall: TestHall, guests: readonly Guest[]): void {
  const before = guests.map(({ id }) => hall.truth(id));
  for (const guest of guests) guest.walk(Math.PI / 2);
  hall.run(6);
  guests.forEach(({ core, id, closedWith, refused }, i) => {
    expect({ closedWith, refused }).toEqual({ closedWith: null, refused: [] });
    expect(core.counters).toMatchObject({ errors: 0, rekeys: 0 });
    expect(hall.truth(id).y - (before[i]?.y as number)).toBeGreaterThan(1_000);
    expect(core.avatar?.errorMm).toBe(0);
  });
}

describe('[WO60] [WO61] a zone that is played in', () => {
  it('is split: half of its cells, and all who stand there, go to another, and nobody notices', () => {
    const { hall, guests } = crowd(whole);
    const split: ZoneArrangement = { generation: 2, zones: halves, former: whole, nextZone: 200 };
    hall.rearrange(split);
    const worst = watch(hall, guests, 60);
    expect(holds(hall, 1) + holds(hall, 2)).toBe(PLAYERS);
    expect(holds(hall, 2)).toBeGreaterThan(PLAYERS / 4);
    expect([...hall.zones.values()].map(({ settled }) => settled)).toEqual([2, 2]);
    expect(worst.wrong).toBeLessThanOrEqual(FELT_TICKS);
    expectNobodyNoticed(hall, guests);
  });

  it('is merged into another, and ends', () => {
    const { hall, guests } = crowd(halves);
    hall.rearrange({ generation: 2, zones: whole, former: halves, nextZone: 200 });
    const worst = watch(hall, guests, 40);
    expect([holds(hall, 1), holds(hall, 2)]).toEqual([PLAYERS, 0]);
    expect([...hall.zones.values()].map(({ settled }) => settled)).toEqual([2, 2]);
    hall.rearrange({ generation: 3, zones: whole, former: null, nextZone: 200 });
    hall.run(2);
    expect(hall.zones.get(1)?.settled).toBe(3);
    hall.zones.delete(2);
    expect(watch(hall, guests, 60).wrong).toBe(0);
    expect(worst.wrong).toBeLessThanOrEqual(FELT_TICKS);
    expectNobodyNoticed(hall, guests);
  });

  it('moves: another has all of its cells from then on', () => {
    const { hall, guests } = crowd(halves);
    const moved: ZoneTree = { axis: 'x', at: CUT, low: { zone: 1 }, high: { zone: 3 } };
    hall.rearrange({ generation: 2, zones: moved, former: halves, nextZone: 200 });
    const worst = watch(hall, guests, 40);
    expect([holds(hall, 2), holds(hall, 1) + holds(hall, 3)]).toEqual([0, PLAYERS]);
    expect(worst.wrong).toBeLessThanOrEqual(FELT_TICKS);
    expectNobodyNoticed(hall, guests);
  });
});

/** A zone is split, moved, or made one with another. */
function changed(tree: ZoneTree, next: number, random: Random): ZoneTree {
  const zone = random.pick(zonesIn(tree));
  const pair = siblings(tree)[0];
  switch (random.below(3)) {
    case 0:
      return (
        split(tree, zone, random.pick(['x', 'y']), 6 + random.below(5), next) ?? inPlaceOf(tree, zone, { zone: next })
      );
    case 1:
      return inPlaceOf(tree, zone, { zone: next });
    default:
      return pair === undefined ? inPlaceOf(tree, zone, { zone: next }) : (merge(tree, pair[1], pair[0]) as ZoneTree);
  }
}

describe('[WO60] [WO61] zones that change again and again, over a bus that loses, delays and doubles', () => {
  it.each(Array.from({ length: 12 }, (_, i) => i + 1))(
    'lose nobody and double nobody, and players see all: seed %i',
    (seed) => {
      const random = new Random(seed);
      const { hall, guests } = crowd(whole, 12);
      hall.random = new Random(seed + 1_000);
      let arrangement: ZoneArrangement = { generation: 1, zones: whole, former: null, nextZone: 200 };
      const rearrange = (zones: ZoneTree, former: ZoneTree | null): void => {
        arrangement = { generation: arrangement.generation + 1, zones, former, nextZone: 200 };
        hall.rearrange(arrangement);
        for (let ticks = 0; ticks < 12 || !isSettled(); ticks++) {
          if (ticks === 400) throw new Error(`not settled: ${JSON.stringify(arrangement)}`);
          watch(hall, guests, 1);
        }
      };
      const isSettled = (): boolean =>
        [...hall.zones.values()].every(({ settled }) => settled === arrangement.generation);
      for (let change = 0; change < 6; change++) {
        const before = arrangement.zones;
        rearrange(changed(before, 100 + change, random), before);
        rearrange(arrangement.zones, null);
        for (const zone of hall.zones.keys()) if (!zonesIn(arrangement.zones).includes(zone)) hall.zones.delete(zone);
      }
      for (let ticks = 0; guests.some((guest) => hall.wrongFor(guest).length > 0); ticks++) {
        if (ticks === 100) throw new Error('somebody is shown wrongly for good');
        hall.run();
      }
      hall.random = null;
      hall.run(20);
      expectNobodyNoticed(hall, guests);
    },
  );
});
