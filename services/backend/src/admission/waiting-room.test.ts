import { Random } from '@lifeverse/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CrowdPlan, TestCrowd, type Wait } from './test-crowd.ts';
import { type Lane, lanes, type RoomAnswer, type Supply, type Visitor, WaitingRoom } from './waiting-room.ts';

const limits = { places: 100_000, placesPerAddress: 100 };
const wide: Supply = { open: true, capacity: 1_000_000, taken: 0, joinsPerS: 200 };
const full: Supply = { ...wide, capacity: 10, taken: 10 };

function visitor(subject: string, change: Partial<Visitor> = {}): Visitor {
  return { subject, lane: 'new', address: null, since: null, ...change };
}

function room(change: Partial<typeof limits> = {}): WaitingRoom {
  return new WaitingRoom({ ...limits, ...change }, new Random(1), 0);
}

function told(answer: RoomAnswer): Extract<RoomAnswer, { kind: 'wait' }> {
  if (answer.kind !== 'wait') throw new Error(`not waiting: ${answer.kind}`);
  return answer;
}

const exponential = (meanMs: number) => (random: Random) => -Math.log(1 - random.float()) * meanMs;
const forever = () => 1e12;

function arrivals(count: number, everyMs: number, lane: (index: number) => Lane = () => 'new', fromMs = 0) {
  return Array.from({ length: count }, (_, index) => ({ atMs: fromMs + index * everyMs, lane: lane(index) }));
}

/** In virtual time, to its end. */
function played(seed: number, plan: Partial<CrowdPlan> & Pick<CrowdPlan, 'arrivals'>): TestCrowd {
  const crowd = new TestCrowd(
    { capacity: 1_000_000, joinsPerS: 200, present: 0, stayMs: forever, untilMs: 1e9, limits, ...plan },
    new Random(seed),
  );
  crowd.run();
  return crowd;
}

describe('who is let in', () => {
  it('at once, while there is room and nobody waits', () => {
    expect(room().ask(visitor('a'), wide, 1_000)).toEqual({ kind: 'come' });
  });

  it('nobody, while the world is full; then whoever came first, when they ask again', () => {
    const doors = room();
    expect(told(doors.ask(visitor('a'), full, 0))).toMatchObject({ position: 1, waiting: 1, full: true });
    expect(told(doors.ask(visitor('b'), full, 100))).toMatchObject({ position: 2, waiting: 2, full: true });
    const one = { ...full, taken: 9 };
    expect(told(doors.ask(visitor('b'), one, 2_000)).position).toBe(1);
    expect(doors.ask(visitor('a'), one, 2_500)).toEqual({ kind: 'come' });
    doors.admitted('a');
    expect(told(doors.ask(visitor('b'), full, 3_000)).position).toBe(1);
  });

  it('nobody at all, while the database is gone: no estimate is told then', () => {
    const doors = room();
    const shut = { ...wide, open: false };
    expect(told(doors.ask(visitor('a'), shut, 1_000)).estimate).toBeNull();
    expect(doors.ask(visitor('a'), wide, 2_000)).toEqual({ kind: 'come' });
    expect(told(doors.ask(visitor('a'), shut, 2_100)).position).toBe(1);
  });

  it('first who has an avatar in the world still, full or not, then who came back, then who is new', () => {
    const doors = room();
    for (const lane of [...lanes].reverse()) doors.ask(visitor(lane, { lane }), full, 0);
    // One turn has come since: it takes no seat.
    expect(told(doors.ask(visitor('returning', { lane: 'returning' }), full, 10_000)).position).toBe(1);
    expect(told(doors.ask(visitor('new'), full, 10_000)).position).toBe(2);
    expect(doors.ask(visitor('seated', { lane: 'seated' }), full, 10_000)).toEqual({ kind: 'come' });
  });

  it('who turns out to come back keeps the time at which they came', () => {
    const doors = room();
    doors.ask(visitor('early'), full, 0);
    doors.ask(visitor('back', { lane: 'returning' }), full, 1_000);
    expect(told(doors.ask(visitor('early', { lane: 'returning' }), full, 2_000)).position).toBe(1);
    expect(told(doors.ask(visitor('early', { lane: 'new' }), full, 3_000)).position).toBe(1);
    expect(told(doors.ask(visitor('back', { lane: 'returning' }), full, 3_000)).position).toBe(2);
  });

  it('one of ten is new, however many come back: nobody waits for ever', () => {
    const back = arrivals(40_000, 5, () => 'returning');
    const crowd = played(3, { arrivals: [{ atMs: 1_000, lane: 'new' }, ...back], untilMs: 200_000 });
    expect(crowd.waits[0]?.cameMs).toBeLessThan(10_000);
  });
});

describe('a place', () => {
  it('is kept while it is asked about, for a minute at a time', () => {
    const doors = room();
    doors.ask(visitor('a'), full, 0);
    doors.ask(visitor('b'), full, 0);
    for (let nowMs = 0; nowMs <= 600_000; nowMs += 59_000) doors.ask(visitor('b'), full, nowMs);
    expect(told(doors.ask(visitor('b'), full, 600_000))).toMatchObject({ position: 1, waiting: 1 });
    expect(told(doors.ask(visitor('a'), full, 600_000)).position).toBe(2);
  });

  it('that is brought along takes its holder back to where they stood, in a room that knows nobody', () => {
    const before = room();
    const places = ['a', 'b', 'c'].map((subject, index) => told(before.ask(visitor(subject), full, index * 10)));
    const doors = room();
    doors.ask(visitor('late'), full, 1_000);
    for (const index of [2, 0, 1])
      doors.ask(visitor('abc'[index] as string, { since: places[index] as Place }), full, 1_100);
    const positions = ['a', 'b', 'c', 'late'].map((subject) => told(doors.ask(visitor(subject), full, 1_200)).position);
    expect(positions).toEqual([1, 2, 3, 4]);
  });

  it('of the future is one of now', () => {
    const doors = room();
    doors.ask(visitor('a'), full, 1_000);
    const since = { arrivedMs: 9_000, tie: 0 };
    expect(told(doors.ask(visitor('b', { since }), full, 2_000)).arrivedMs).toBe(2_000);
  });

  it('who was called and does not come is passed over, and keeps the place for when they do', () => {
    const doors = room();
    doors.ask(visitor('a'), full, 0);
    doors.ask(visitor('b'), full, 10);
    const one = { ...full, taken: 9 };
    expect(told(doors.ask(visitor('b'), one, 5_000)).position).toBe(1);
    expect(doors.ask(visitor('b'), one, 30_000)).toEqual({ kind: 'come' });
    doors.admitted('b');
    doors.ask(visitor('c'), full, 31_000);
    expect(told(doors.ask(visitor('a'), full, 32_000)).position).toBe(1);
  });

  it('is one of a bounded number for an address, and for all', () => {
    const doors = room({ places: 5, placesPerAddress: 2 });
    const of = (subject: string, address: string | null) => doors.ask(visitor(subject, { address }), full, 0).kind;
    expect([of('a', 'x'), of('b', 'x'), of('c', 'x'), of('a', 'x')]).toEqual(['wait', 'wait', 'refused', 'wait']);
    expect([of('d', 'y'), of('e', null), of('f', null), of('g', null)]).toEqual(['wait', 'wait', 'wait', 'refused']);
    expect(doors.size).toBe(5);
    doors.gone('a');
    expect(of('c', 'x')).toBe('wait');
    // A minute on, none of them has asked.
    expect(doors.ask(visitor('late', { address: 'x' }), full, 61_000).kind).toBe('wait');
    expect(doors.size).toBe(1);
  });
});

type Place = NonNullable<Visitor['since']>;

describe('10,000 at once', () => {
  const storm = (seed: number, change: Partial<CrowdPlan> = {}) =>
    played(seed, { arrivals: arrivals(10_000, 0.02), ...change });

  it('all come in, in the order in which they came, as fast as is allowed', () => {
    const { waits, room: doors, questions } = storm(1);
    expect(waits.every(({ cameMs }) => cameMs !== null)).toBe(true);
    expect(doors.size).toBe(0);
    const last = Math.max(...waits.map(({ cameMs }) => cameMs ?? 0));
    expect(last).toBeGreaterThan(10_000 / 0.2 - 1_000);
    expect(last).toBeLessThan(10_000 / 0.2 + 5_000);
    // Nobody before one who came more than a few seconds earlier: as long as a question is in flight.
    const byArrival = waits.map(({ cameMs }) => cameMs ?? 0);
    let latest = 0;
    for (const cameMs of byArrival) {
      expect(cameMs).toBeGreaterThan(latest - 16_000);
      latest = Math.max(latest, cameMs);
    }
    // Each asks a few times in the best part of a minute.
    expect(questions / waits.length).toBeLessThan(5);
  });

  it('are called in exactly the order of their arrival, whoever asks first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 0xffff }), fc.integer({ min: 1, max: 300 }), (seed, count) => {
        const random = new Random(seed);
        const doors = room();
        for (let i = 0; i < count; i++) doors.ask(visitor(`${i}`), full, i);
        let called = 0;
        for (let nowMs = 1_000; called < count; nowMs += 5) {
          const one = `${random.below(count)}`;
          const answer = doors.ask(visitor(one), { ...wide, joinsPerS: 100 }, nowMs);
          if (answer.kind !== 'come') continue;
          // Everyone who came before has been called as well: none of them is told a position.
          for (let i = 0; i < Number(one); i++)
            if (doors.has(`${i}`) && doors.ask(visitor(`${i}`), { ...wide, joinsPerS: 1e-9 }, nowMs).kind !== 'come')
              return false;
          called = Math.max(called, Number(one) + 1);
        }
        return true;
      }),
      { numRuns: 25 },
    );
  });

  it('never more are in the world than there is room for, and none is turned away who waits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 0xffff }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 400 }),
        (seed, capacity, count) => {
          const crowd = played(seed, {
            capacity,
            arrivals: arrivals(count, 3, (index) => lanes[1 + (index % 2)] as Lane),
            stayMs: exponential(20_000),
          });
          return crowd.mostInWorld <= capacity && crowd.waits.every(({ cameMs }) => cameMs !== null);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('who come back are in before who is new, but for the tenth', () => {
    const { waits } = storm(2, { arrivals: arrivals(4_000, 0.02, (index) => (index % 2 === 0 ? 'new' : 'returning')) });
    const latest = (lane: Lane) => Math.max(...waits.filter((wait) => wait.lane === lane).map((w) => w.cameMs ?? 0));
    expect(latest('returning')).toBeLessThan(2_000 / 0.18 + 5_000);
    expect(latest('new')).toBeGreaterThan(4_000 / 0.2 - 1_000);
  });

  it('ask so seldom that they cost little', () => {
    const crowd = played(1, { capacity: 0, arrivals: arrivals(10_000, 0.1), untilMs: 300_000 });
    expect(crowd.questions / 300).toBeLessThan(500);
    expect(crowd.room.size).toBe(10_000);
  });
});

describe('what one is told of the wait', () => {
  /** Of all that was told, how much came true. */
  function kept(waits: readonly Wait[]): { share: number; bounded: number; told: number } {
    let [within, count, bounded] = [0, 0, 0];
    for (const { told: answers, cameMs } of waits) {
      if (cameMs === null) continue;
      for (const { atMs, answer } of answers) {
        const { least, most } = answer.estimate ?? { least: Number.NaN, most: null };
        count++;
        if (most !== null) bounded++;
        if (cameMs - atMs >= least && (most === null || cameMs - atMs <= most)) within++;
      }
    }
    return { share: within / count, bounded: bounded / count, told: count };
  }

  const minutes = 60_000;
  const worlds: Record<string, Partial<CrowdPlan> & Pick<CrowdPlan, 'arrivals'>> = {
    'a storm': { arrivals: arrivals(10_000, 0.02) },
    'a storm of which half come back': { arrivals: arrivals(6_000, 1, (i) => lanes[1 + (i % 2)] as Lane) },
    'a full world': {
      capacity: 1_000,
      present: 1_000,
      stayMs: exponential(15 * minutes),
      arrivals: arrivals(1_500, 600, () => 'new', 10 * minutes),
    },
    'a full world, seen from the start': {
      capacity: 1_000,
      present: 1_000,
      stayMs: exponential(15 * minutes),
      arrivals: arrivals(800, 300),
    },
    'stays of very different length': {
      capacity: 500,
      present: 500,
      stayMs: (random) =>
        2 * minutes + (random.chance(0.2) ? exponential(60 * minutes) : exponential(8 * minutes))(random),
      arrivals: arrivals(1_200, 700),
    },
    'a tenth comes back while others wait': {
      capacity: 1_000,
      present: 1_000,
      stayMs: exponential(15 * minutes),
      arrivals: arrivals(1_500, 600, (index) => (index % 10 === 0 ? 'returning' : 'new'), 10 * minutes),
    },
    'many who give up': {
      capacity: 1_000,
      present: 1_000,
      stayMs: exponential(15 * minutes),
      patienceMs: exponential(6 * minutes),
      arrivals: arrivals(2_000, 450, () => 'new', 10 * minutes),
    },
    'one seat': {
      capacity: 1,
      present: 1,
      stayMs: exponential(minutes),
      arrivals: arrivals(30, minutes / 2, () => 'new', 10 * minutes),
    },
  };

  it.each(Object.entries(worlds))('is true in nine of ten cases: %s', (_, plan) => {
    for (const seed of [1, 2, 3]) {
      const { share, bounded, told: answers } = kept(played(seed, plan).waits);
      expect(answers).toBeGreaterThan(100);
      expect(share).toBeGreaterThanOrEqual(0.9);
      expect(bounded).toBeGreaterThan(0.8);
    }
  });

  it('says nothing that cannot be known: without an end while no seat has become free', () => {
    expect(told(room().ask(visitor('a'), full, 1_000)).estimate?.most).toBeNull();
  });

  it('is a range that helps: of the middle of a storm within a factor of four', () => {
    const { waits } = played(4, { arrivals: arrivals(4_000, 0.02) });
    for (const { told: answers } of waits.slice(2_000)) {
      const { least, most } = (answers[0] as Wait['told'][number]).answer.estimate ?? { least: 0, most: 0 };
      expect((most ?? Number.POSITIVE_INFINITY) / Math.max(1, least)).toBeLessThan(4);
    }
  });
});
