import { BitWriter, limits } from '@lifeverse/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bodyOf,
  east,
  north,
  RUN_MM_PER_TICK,
  SPAWN,
  stand,
  TestZone,
  type Voice,
  WALL_X,
  west,
  yard,
} from './test-zone.ts';

/** So many ticks may an input be ahead. */
const FUTURE_TICKS = limits.futureMs / 50;

interface Scene {
  readonly zone: TestZone;
  readonly voice: Voice;
  readonly ann: number;
}

function annInTheYard(): Scene {
  const zone = new TestZone();
  const voice = zone.voice();
  const ann = voice.join(1, 'ann');
  zone.run(9);
  return { zone, voice, ann };
}

describe('[WO4] an input', () => {
  it('counts once, however often it arrives', () => {
    const { zone, voice, ann } = annInTheYard();
    for (let i = 0; i < 3; i++) voice.input(1, 1, 11, ['walk', east]);
    zone.run(5);
    for (let i = 0; i < 3; i++) voice.input(1, 1, 11, ['walk', west]);
    zone.run(5);
    expect(zone.at(ann)).toEqual({ x: SPAWN.x + 10 * RUN_MM_PER_TICK, y: SPAWN.y });
    expect(zone.zone.counters).toMatchObject({ inputs: 1, inputs_refused: 0 });
    expect(voice.bodies(1).at(-1)?.applied).toBe(1);
  });

  it('that comes again is answered again: its answer may have been lost', () => {
    const { zone, voice } = annInTheYard();
    voice.input(1, 1, 11, ['walk', east]);
    zone.run(3);
    const before = voice.records(1).length;
    voice.input(1, 1, 11, ['walk', east]);
    zone.run();
    expect(
      voice
        .records(1)
        .slice(before)
        .map(({ stable }) => stable),
    ).toEqual([1]);
  });

  it('waits for one that is missing ahead of it, and both count then', () => {
    const { zone, voice, ann } = annInTheYard();
    voice.input(1, 2, 12, ['walk', north]);
    zone.run(4);
    expect([zone.at(ann), zone.zone.counters.inputs]).toEqual([SPAWN, 0]);
    voice.input(1, 1, 11, ['walk', east]);
    zone.run(1);
    // One tick east in tick 11, then north in 12 to 15.
    expect(zone.at(ann)).toEqual({ x: SPAWN.x + RUN_MM_PER_TICK, y: SPAWN.y + 4 * RUN_MM_PER_TICK });
    expect(voice.bodies(1).at(-1)?.applied).toBe(2);
  });

  it('does not count before the one ahead of it, whatever tick it names', () => {
    const { zone, voice, ann } = annInTheYard();
    voice.input(1, 1, 11, ['walk', east]);
    voice.input(1, 2, 14, ['walk', north]);
    voice.input(1, 3, 12, ['walk', stand]);
    zone.run(8);
    // East in ticks 11 to 13, and the last two from 14 on.
    expect(zone.at(ann)).toEqual({ x: SPAWN.x + 3 * RUN_MM_PER_TICK, y: SPAWN.y });
    expect(zone.zone.counters.inputs).toBe(3);
  });

  it('of a burst waits its turn: eight a tick', () => {
    const { zone, voice } = annInTheYard();
    for (let sequence = 1; sequence <= 20; sequence++) voice.input(1, sequence, 11, ['walk', east]);
    const applied = [1, 2, 3].map(() => {
      zone.run();
      return voice.bodies(1).at(-1)?.applied;
    });
    expect(applied).toEqual([8, 16, 20]);
  });

  it('of a player says nothing of another', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    const [ann, bob] = [voice.join(1, 'ann'), voice.join(2, 'bob')];
    voice.input(2, 1, zone.tick + 1, ['walk', east]);
    voice.input(3, 1, zone.tick + 1, ['walk', east]);
    zone.voice('g2').input(1, 1, zone.tick + 1, ['walk', east]);
    zone.run(4);
    expect(zone.at(ann)).toEqual(SPAWN);
    expect(zone.at(bob)).toEqual({ x: SPAWN.x + 4 * RUN_MM_PER_TICK, y: SPAWN.y });
  });

  it('has the same outcome in whatever order a burst arrives', () => {
    const headings = fc.array(fc.nat(1_023), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(headings, fc.infiniteStream(fc.nat(1_000)), (list, chance) => {
        const outcome = (order: readonly number[]) => {
          const { zone, voice, ann } = annInTheYard();
          for (const i of order) {
            const towards = ((list[i] as number) / 1_024) * 2 * Math.PI;
            voice.input(1, i + 1, 11 + i, ['walk', { towards, pace: 'run' }]);
            voice.input(1, i + 1, 11 + i, ['walk', { towards, pace: 'run' }]);
          }
          zone.run(list.length + 3);
          return zone.at(ann);
        };
        const inOrder = list.map((_, i) => i);
        const shuffled = inOrder
          .map((i) => ({ i, key: chance.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ i }) => i);
        expect(outcome(shuffled)).toEqual(outcome(inOrder));
      }),
    );
  });
});

describe('[WO5] an input that comes late', () => {
  it.each([1, 2, 3, 4, 5])('by %i ticks has the outcome of one in time', (late) => {
    const places = [0, late].map((by) => {
      const { zone, voice, ann } = annInTheYard();
      voice.input(1, 1, 11, ['walk', east]);
      zone.run(3);
      if (by === 0) voice.input(1, 2, 14, ['walk', north]);
      zone.run(by === 0 ? late : by);
      if (by > 0) voice.input(1, 2, 14, ['walk', north]);
      zone.run(4);
      return { at: zone.at(ann), replayed: zone.zone.counters.inputs_replayed_late };
    });
    expect(places[1]?.at).toEqual(places[0]?.at);
    expect([places[0]?.replayed, places[1]?.replayed]).toEqual([0, 1]);
  });

  it('by more than 250 ms counts from the edge of the window', () => {
    const { zone, voice, ann } = annInTheYard();
    voice.input(1, 1, 11, ['walk', east]);
    zone.run(20);
    voice.input(1, 2, 12, ['walk', north]);
    zone.run(1);
    // Now is tick 31: ticks 26 to 31 went north.
    expect(zone.at(ann)).toEqual({ x: SPAWN.x + 15 * RUN_MM_PER_TICK, y: SPAWN.y + 6 * RUN_MM_PER_TICK });
  });

  it('is played again along walls, not through them', () => {
    const zone = new TestZone({ join: ({ self }) => self.teleport({ x: WALL_X / 1_000 - 1, y: 50 }) });
    const voice = zone.voice();
    const ann = voice.join(1, 'ann');
    zone.run(9);
    voice.input(1, 1, 6, ['walk', east]);
    zone.run(1);
    expect(zone.at(ann)?.x).toBeLessThan(WALL_X - 299);
    expect(zone.at(ann)?.x).toBeGreaterThan(WALL_X - 1_000);
  });

  it('reaches no farther back than to where the avatar came to stand here', () => {
    const zone = new TestZone({ join: ({ self }) => self.teleport({ x: 30, y: 30 }) });
    const voice = zone.voice();
    // Somebody stood in the same row before, elsewhere.
    const bob = voice.join(1, 'bob');
    voice.input(1, 1, zone.tick + 1, ['walk', east]);
    zone.run(5);
    expect(zone.at(bob)?.x).toBe(31_500);
    voice.detach(1, 'bob', true);
    voice.attach(2, 'ann');
    zone.run(1);
    const ann = voice.records(2).at(-1)?.attached?.entity as number;
    for (const [sequence, tick] of [
      [1, zone.tick - 3],
      [2, zone.tick - 1],
      [3, zone.tick],
    ] as const)
      voice.input(2, sequence, tick, ['walk', north]);
    zone.run(1);
    expect(zone.at(ann)).toEqual({ x: 30_000, y: 30_000 + RUN_MM_PER_TICK });
  });

  it('does not undo what something else has done to the avatar', () => {
    const zone = new TestZone({ commands: { say: ({ self }) => self.teleport({ x: 50, y: 50 }) } });
    const voice = zone.voice();
    const ann = voice.join(1, 'ann');
    zone.run(9);
    voice.input(1, 1, 13, ['say', { text: 'away' }]);
    zone.run(4);
    voice.input(1, 2, 11, ['walk', north]);
    zone.run(2);
    expect(zone.at(ann)).toEqual({ x: 50_000, y: 50_000 + 3 * RUN_MM_PER_TICK });
  });
});

describe('[WO6] an input that is wrong', () => {
  it('because it names a moment too far ahead is refused once, and those behind it are not held up', () => {
    const { zone, voice, ann } = annInTheYard();
    voice.input(1, 1, zone.tick + FUTURE_TICKS + 1, ['walk', east]);
    voice.input(1, 1, zone.tick + FUTURE_TICKS + 1, ['walk', east]);
    voice.input(1, 2, zone.tick + FUTURE_TICKS, ['walk', north]);
    zone.run(FUTURE_TICKS + 3);
    expect(voice.refusals(1)).toEqual([[1, 'input_future']]);
    expect(zone.at(ann)).toEqual({ x: SPAWN.x, y: SPAWN.y + 4 * RUN_MM_PER_TICK });
    expect(voice.bodies(1).at(-1)?.applied).toBe(2);
  });

  it('because it skips too many is refused, and the missing ones may still come', () => {
    const { zone, voice, ann } = annInTheYard();
    voice.input(1, limits.unstableInputs + 1, 11, ['walk', west]);
    zone.run(1);
    expect(voice.refusals(1)).toEqual([[limits.unstableInputs + 1, 'input_gap']]);
    voice.input(1, 1, 12, ['walk', east]);
    zone.run(1);
    expect(zone.at(ann)).toEqual({ x: SPAWN.x + RUN_MM_PER_TICK, y: SPAWN.y });
  });

  it.each([
    ['an unknown command', Uint8Array.of(200, 0), 'command_unknown'],
    ['nothing at all', Uint8Array.of(), 'input_invalid'],
    ['a command cut short', bodyOf(['walk', east]).subarray(0, 1), 'input_invalid'],
    ['bytes behind its end', Uint8Array.of(...bodyOf(['walk', east]), 1), 'input_invalid'],
    ['nine commands', nineCommands(), 'input_invalid'],
    ['a choice out of its range', outOfRange(), 'input_invalid'],
    ['a text that is none', Uint8Array.of(4, 3, 0xff, 0xfe, 0xfd, 0), 'input_invalid'],
  ])('because its body holds %s is refused once, and takes its place', (_, body, code) => {
    const { zone, voice, ann } = annInTheYard();
    for (let i = 0; i < 2; i++) voice.say({ op: 'input', session: 1, sequence: 1, tick: 11, body });
    voice.input(1, 2, 11, ['walk', east]);
    zone.run(2);
    expect(voice.refusals(1)).toEqual([[1, code]]);
    expect(voice.bodies(1).at(-1)?.applied).toBe(2);
    expect(zone.at(ann)).toEqual({ x: SPAWN.x + 2 * RUN_MM_PER_TICK, y: SPAWN.y });
  });

  it('tells the player where the avatar truly is', () => {
    const { zone, voice, ann } = annInTheYard();
    voice.input(1, 1, 11, ['walk', east]);
    zone.run(4);
    voice.say({ op: 'input', session: 1, sequence: 2, tick: 15, body: Uint8Array.of(200) });
    zone.run(1);
    expect(voice.bodies(1).at(-1)).toMatchObject({ applied: 2, position: zone.at(ann), tick: zone.tick & 0xff });
  });

  it('disturbs nobody: any bytes leave the others where they would be', () => {
    const ann = fc.uint8Array({ maxLength: 12 });
    fc.assert(
      fc.property(fc.array(ann, { maxLength: 8 }), (bodies) => {
        const place = (noise: readonly Uint8Array[]) => {
          const zone = new TestZone();
          const voice = zone.voice();
          voice.join(1, 'ann');
          const bob = voice.join(2, 'bob');
          voice.input(2, 1, zone.tick + 1, ['walk', east]);
          noise.forEach((body, i) => {
            voice.say({ op: 'input', session: 1, sequence: i + 1, tick: zone.tick + 1, body });
          });
          zone.run(6);
          return [zone.at(bob), voice.refusals(2), zone.faults];
        };
        expect(place(bodies)).toEqual(place([]));
      }),
    );
  });
});

describe('[WO11] however a player asks', () => {
  it('nobody moves faster than the step: not by many inputs, nor by late ones', () => {
    const { zone, voice, ann } = annInTheYard();
    let sequence = 0;
    for (let i = 0; i < 40; i++) {
      const before = zone.at(ann) as { x: number };
      for (const tick of [zone.tick + 1, zone.tick - 4, zone.tick + 4]) {
        voice.input(1, ++sequence, tick, ['walk', west], ['walk', west]);
      }
      zone.run(1);
      const after = zone.at(ann) as { x: number };
      // The first late one may make up for the time in which the avatar stood; no tick is worth more than its step.
      expect(before.x - after.x).toBeLessThanOrEqual((i === 0 ? 6 : 1) * RUN_MM_PER_TICK);
    }
    const ticksThatCount = zone.tick - 5;
    expect(SPAWN.x - (zone.at(ann)?.x as number)).toBeLessThanOrEqual(ticksThatCount * RUN_MM_PER_TICK);
  });

  it('nobody gets through a wall', () => {
    const { zone, voice, ann } = annInTheYard();
    voice.input(1, 1, 11, ['walk', east]);
    zone.run(100);
    expect(zone.at(ann)).toEqual({ x: WALL_X - 300 - 1, y: SPAWN.y });
    const { store } = zone.zone;
    const row = store.rowOf(ann) as number;
    expect(yard.map.fits(store.x[row] as number, store.y[row] as number, 300)).toBe(true);
  });
});

function nineCommands(): Uint8Array {
  return bodyOf(...Array.from({ length: limits.commandsPerInput + 1 }, () => ['walk', east] as const));
}

/** The pace is one of two in one bit: it cannot be out of range. A heading has 1,024 in ten; the text's length can. */
function outOfRange(): Uint8Array {
  const out = new BitWriter();
  out.bits(4, 8);
  out.chunked(41, 6);
  out.octets(new Uint8Array(41).fill(97));
  out.bits(0, 8);
  return out.bytes();
}
