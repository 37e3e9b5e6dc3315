import { Random } from '@lifeverse/base';
import { type DeskRequest, encodeStored } from '@lifeverse/contracts';
import { describe, expect, it } from 'vitest';
import { NORTH, SOUTH, TestBorder } from './test-border.ts';
import { TestDesk } from './test-desk.ts';
import { north, PERIOD_MS, RUN_MM_PER_TICK, SPAWN, stand, TestZone } from './test-zone.ts';

const south = { towards: (3 * Math.PI) / 2, pace: 'run' } as const;
/** Ticks until somebody who runs north from where newcomers appear is over the border. */
const OVER_TICKS = 110;

/** As she was kept, where newcomers appear. */
const checkpointOf = (character: string, handovers: number) => ({
  ...{ character, incarnation: 1, handovers, tick: 1, leaves: false },
  ...{ xMm: SPAWN.x, yMm: SPAWN.y, kept: new Uint8Array(0) },
});

/** A desk that has a character in another zone. */
const elsewhere = (zone: number, checkpoint: ReturnType<typeof checkpointOf>) => (request: DeskRequest) => {
  if (request.kind !== 'load') return { kind: 'done', body: new Uint8Array(0) } as const;
  const { incarnation, handovers } = checkpoint;
  return { kind: 'done', body: encodeStored({ incarnation, handovers, zone, checkpoint }) } as const;
};

/** Ann, who runs north, as a gateway knows her. */
function running(border: TestBorder) {
  const [voice, beyond] = border.voices();
  border.kept.add(voice).add(beyond);
  voice.attach(1, 'ann');
  border.run();
  const entity = voice.records(1).at(-1)?.attached?.entity as number;
  voice.input(1, 1, border.tick + 1, ['walk', north]);
  return { voice, beyond, entity };
}

describe('[WO51] who walks over a border', () => {
  it('goes on there as if there were none', () => {
    const border = new TestBorder();
    const alone = new TestZone();
    const voice = alone.voice();
    alone.run(border.tick);
    voice.attach(1, 'ann');
    alone.run();
    const reference = voice.records(1).at(-1)?.attached?.entity as number;
    voice.input(1, 1, alone.tick + 1, ['walk', north]);
    const { entity } = running(border);
    for (let i = 0; i < OVER_TICKS; i++) {
      border.run();
      voice.say();
      alone.run();
      const having = border.having(entity).length;
      expect(having).toBeLessThanOrEqual(1);
      // On the way it is in neither; the tick after, it is where it would be.
      if (having === 1) expect(border.at(entity)).toEqual(alone.at(reference));
    }
    expect(border.having(entity)).toEqual([NORTH]);
    expect(border.south.zone.counters.handovers_out).toBe(1);
    expect(border.north.zone.counters.handovers_in).toBe(1);
  });

  it('takes along all that it is: components, memory, what it holds, and its place in the order of generations', () => {
    const border = new TestBorder({
      rules: {
        join: ({ self }) => {
          self.mood = 'merry';
          self.purse = 77;
          self.secret = 5;
          self.memory.met = ['bob', { times: 3 }];
          self.watch('ghosts', true);
        },
      },
    });
    const { entity } = running(border);
    const row = border.south.zone.store.rowOf(entity) as number;
    const before = border.south.zone.store.generation[row] as number;
    border.run(OVER_TICKS);
    const { store } = border.north.zone;
    const there = store.rowOf(entity) as number;
    expect(store.generation[there]).toBeGreaterThan(before);
    expect(store.memory[there]).toEqual({ met: ['bob', { times: 3 }] });
    expect(store.held[there]).toMatchObject({ pace: 'run' });
    expect(store.shared.concat(store.owned).map((column) => column[there])).toEqual(['', 1, 77, 5]);
  });

  it('is where it would be, whatever the bus does to what the zones say to each other', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const border = new TestBorder({ random: new Random(seed) });
      const { entity } = running(border);
      border.run(OVER_TICKS + 20);
      expect(border.having(entity), `seed ${seed}`).toEqual([NORTH]);
      // Ticks on the way beyond those that a late input may reach back are stood still.
      const moved = (border.at(entity)?.y as number) - SPAWN.y;
      expect(moved).toBeGreaterThan((OVER_TICKS + 20 - 30) * RUN_MM_PER_TICK);
    }
  });

  it('plays on where it is while nobody owns the zone that it walks into, and goes over when somebody does', () => {
    const border = new TestBorder();
    const { voice, entity } = running(border);
    border.cut = true;
    border.run(OVER_TICKS + 40);
    expect(border.having(entity)).toEqual([SOUTH]);
    voice.input(1, 2, border.tick + 1, ['walk', south]);
    border.run(2);
    expect(voice.bodies(1).at(-1)?.applied).toBe(2);
    border.cut = false;
    border.run(30);
    expect(border.having(entity)).toEqual([NORTH]);
  });

  it('may go to and fro', () => {
    const border = new TestBorder();
    const { voice, beyond, entity } = running(border);
    border.run(OVER_TICKS);
    for (let sequence = 2; sequence < 8; sequence++) {
      const here = sequence % 2 === 0 ? beyond : voice;
      here.input(1, sequence, border.tick + 1, ['walk', sequence % 2 === 0 ? south : north]);
      border.run(60);
      expect(border.having(entity)).toEqual([sequence % 2 === 0 ? SOUTH : NORTH]);
    }
    expect(border.north.zone.counters.handovers_in).toBe(4);
  });
});

describe('[WO52] what a player says meanwhile', () => {
  it('counts once and in order, in whichever zone it is said', () => {
    const border = new TestBorder();
    const { voice, beyond, entity } = running(border);
    let sequence = 1;
    for (let i = 0; i < OVER_TICKS; i++) {
      // To the former zone all the way, as a gateway does that has not been told yet, and to both.
      sequence++;
      voice.input(1, sequence, border.tick + 1, ['walk', north]);
      if (i % 3 === 0) beyond.input(1, sequence, border.tick + 1, ['walk', north]);
      border.run();
    }
    border.run(3);
    const zone = border.north.zone;
    expect(border.having(entity)).toEqual([NORTH]);
    expect(border.south.zone.counters.inputs + zone.counters.inputs).toBe(sequence);
    expect(border.south.zone.counters.inputs_refused + zone.counters.inputs_refused).toBe(0);
  });

  it('is not lost where it is said before the avatar is there, the first time and on the way back', () => {
    const border = new TestBorder();
    const { voice, beyond, entity } = running(border);
    const turns = [
      { from: SOUTH, to: beyond, towards: north, back: south },
      { from: NORTH, to: voice, towards: south, back: north },
      { from: SOUTH, to: beyond, towards: north, back: south },
    ] as const;
    let sequence = 1;
    beyond.say();
    for (const { from, to, towards, back } of turns) {
      // At once, as a gateway does that has heard where the avatar goes.
      const [former, next] = from === SOUTH ? [border.south, border.north] : [border.north, border.south];
      const before = former.zone.counters.handovers_out;
      while (former.zone.counters.handovers_out === before) border.run();
      expect(next.zone.store.rowOf(entity)).toBeUndefined();
      to.input(1, ++sequence, border.tick, ['walk', towards]);
      border.run();
      expect(to.records(1).at(-1)?.applied).toBe(sequence);
      border.run(10);
      to.input(1, ++sequence, border.tick + 1, ['walk', back]);
      border.run();
      expect(to.records(1).at(-1)?.applied).toBe(sequence);
    }
  });

  it('is played again from its tick when it comes late, also where that was before the border', () => {
    const border = new TestBorder();
    const { beyond, entity } = running(border);
    while (border.having(entity)[0] === SOUTH) border.run();
    border.run();
    const stoppedTick = border.tick - 2;
    const { y } = border.at(entity) as { y: number };
    beyond.input(1, 2, stoppedTick, ['walk', stand]);
    border.run();
    expect(border.at(entity)?.y).toBe(y - 3 * RUN_MM_PER_TICK);
  });
});

describe('[WO53] gateways', () => {
  it('are told in the last bundle where the avatar went, and by the new zone that it stands there', () => {
    const border = new TestBorder();
    const { voice, beyond, entity } = running(border);
    beyond.say();
    border.run(OVER_TICKS);
    const moved = voice.records(1).flatMap((record) => (record.moved === undefined ? [] : [record.moved]));
    const attached = beyond.records(1).flatMap((record) => (record.attached === undefined ? [] : [record.attached]));
    expect(moved).toEqual([{ zone: NORTH, handovers: 2 }]);
    expect(attached).toEqual([{ entity, incarnation: 1, handovers: 2 }]);
  });

  it('are told again when they ask the former zone', () => {
    const border = new TestBorder();
    const { voice } = running(border);
    border.run(OVER_TICKS);
    const before = voice.records(1).length;
    voice.say({ op: 'resync' });
    voice.attach(1, 'ann');
    border.run();
    expect(voice.records(1).slice(before)).toMatchObject([
      { moved: { zone: NORTH, handovers: 2 } },
      { moved: { zone: NORTH, handovers: 2 } },
    ]);
    expect(border.south.zone.store.count).toBe(0);
  });

  it('may ask before the avatar has come: nobody is made a second time', () => {
    const border = new TestBorder();
    const { beyond, entity } = running(border);
    beyond.say({ op: 'attach', session: 1, character: 'ann', incarnation: 1, name: 'ann', handovers: 2 });
    border.run(10);
    expect(border.north.zone.store.count).toBe(0);
    border.run(OVER_TICKS);
    expect(border.having(entity)).toEqual([NORTH]);
    expect(border.north.zone.store.count).toBe(1);
  });

  it('of a player who left meanwhile keep nobody standing', () => {
    for (const left of [true, false]) {
      const border = new TestBorder();
      const { voice, beyond, entity } = running(border);
      beyond.say();
      border.run(OVER_TICKS);
      expect(border.having(entity)).toEqual([NORTH]);
      // Told to the former zone, which tells the other.
      voice.detach(1, 'ann', left);
      border.run(4);
      expect(border.having(entity)).toHaveLength(left ? 0 : 1);
      border.run(61_000 / PERIOD_MS);
      expect(border.having(entity)).toEqual([]);
    }
  });

  it('whose later life has a session of the same number hear nothing of the one before', () => {
    const border = new TestBorder();
    const { voice, beyond, entity } = running(border);
    border.run(OVER_TICKS);
    expect(border.having(entity)).toEqual([NORTH]);
    border.kept.delete(voice);
    const later = border.south.voice('g1', 2);
    border.kept.add(later);
    later.attach(1, 'bob');
    // The north has heard nothing of that life, by which Ann comes back to where Bob is.
    beyond.input(1, 2, border.tick + 1, ['walk', south]);
    while (border.having(entity)[0] !== SOUTH) border.run();
    beyond.input(1, 3, border.tick + 1, ['walk', north]);
    border.run(4);
    expect(later.bodies(1).at(-1)?.applied).toBe(0);
    later.input(1, 1, border.tick + 1, ['walk', north]);
    border.run(2);
    expect(later.bodies(1).at(-1)?.applied).toBe(1);
  });

  it('whose later life reads the new zone have nobody of the earlier one', () => {
    const border = new TestBorder();
    const { entity, beyond } = running(border);
    border.kept.delete(beyond);
    const later = border.north.voice('g1', 2);
    border.kept.add(later);
    later.say();
    border.run(OVER_TICKS);
    expect(border.having(entity)).toEqual([NORTH]);
    expect(later.records(1)).toEqual([]);
  });
});

describe('[WO54] what is under way between two', () => {
  it('reaches one who has just gone over', () => {
    let target = 0;
    const border = new TestBorder({
      rules: {
        commands: { call: ({ whom }) => whom.tell('cheered') },
        effects: {
          cheered: ({ self }) => {
            self.mood = 'merry';
            target = self.id;
          },
        },
      },
    });
    const { voice, entity } = running(border);
    voice.attach(2, 'bob');
    border.run();
    // In the very tick in which she leaves: told here, to be applied in the next one, there.
    const bob = voice.records(2).at(-1)?.attached?.entity as number;
    for (let sequence = 1; border.having(entity)[0] === SOUTH; sequence++) {
      voice.input(2, sequence, border.tick + 1, ['call', { whom: entity }]);
      border.run();
      target = 0;
    }
    border.run(2);
    expect([bob > 0, target]).toEqual([true, entity]);
    expect(border.north.zone.counters.effects_lost + border.south.zone.counters.effects_lost).toBe(0);
  });
});

describe('[WO59] a new owner', () => {
  const attach = { op: 'attach', session: 9, character: 'ann', incarnation: 2, name: 'ann' } as const;

  it('sends on whom another zone has, whatever the desk believes', () => {
    const border = new TestBorder();
    const { entity } = running(border);
    border.run(OVER_TICKS);
    expect(border.having(entity)).toEqual([NORTH]);
    const desk = new TestDesk();
    desk.kept.set('ann', checkpointOf('ann', 1));
    const voice = border.replaceSouth(7, desk).voice('g1', 2);
    for (let i = 0; i < 10; i++) {
      voice.say(attach);
      border.run();
      desk.deliver();
    }
    expect(voice.records(9).at(-1)).toMatchObject({ moved: { zone: NORTH, handovers: 2 } });
    expect(border.south.zone.store.count).toBe(0);
    // What the north tells the former one of its cells is no error.
    expect(border.south.zone.counters.neighbour_messages_malformed).toBe(0);
  });

  it('waits for zones that say nothing for five seconds, and lets newcomers in meanwhile', () => {
    const border = new TestBorder();
    border.cut = true;
    const desk = new TestDesk();
    desk.kept.set('ann', checkpointOf('ann', 1));
    const voice = border.replaceSouth(7, desk).voice('g1', 2);
    voice.attach(10, 'bob');
    let stoodTick = 0;
    const startTick = border.tick;
    for (let i = 0; i < 120 && stoodTick === 0; i++) {
      voice.say(attach);
      border.run();
      desk.deliver();
      if (voice.records(9).some(({ attached }) => attached !== undefined)) stoodTick = border.tick;
    }
    expect((stoodTick - startTick) * PERIOD_MS).toBeGreaterThanOrEqual(5_000);
    expect((stoodTick - startTick) * PERIOD_MS).toBeLessThan(5_500);
    expect(voice.records(10).some(({ attached }) => attached !== undefined)).toBe(true);
  });

  it('stands those as they were kept by whom they came to the former one, and were lost with it', () => {
    const border = new TestBorder();
    const { voice, beyond, entity } = running(border);
    border.run(OVER_TICKS);
    beyond.input(1, 2, border.tick + 1, ['walk', south]);
    while (border.having(entity)[0] !== SOUTH) border.run();
    border.run(3);
    const desk = new TestDesk();
    // The former owner has kept nothing: the desk believes that she is where she was before.
    desk.outcome = elsewhere(NORTH, checkpointOf('ann', 2));
    const again = border.replaceSouth(7, desk).voice('g1', 2);
    for (let i = 0; i < 60; i++) {
      again.say({ ...attach, handovers: 3 });
      border.run();
      desk.deliver();
    }
    expect(again.records(9).find(({ attached }) => attached !== undefined)?.attached?.handovers).toBe(4);
    expect(voice.records(9)).toEqual([]);
  });

  it('does not take again who went on from the former owner, though they are said to come again', () => {
    const border = new TestBorder();
    const { voice, beyond, entity } = running(border);
    border.run(OVER_TICKS);
    expect(border.having(entity)).toEqual([NORTH]);
    // Back to the south, whose owner takes her, and dies before the north has heard so; meanwhile she is north again.
    beyond.input(1, 2, border.tick + 1, ['walk', south]);
    while (border.having(entity)[0] === NORTH) border.run();
    border.run(2);
    voice.input(1, 3, border.tick + 1, ['walk', north]);
    while (border.having(entity)[0] !== NORTH) border.run();
    border.replaceSouth(7);
    border.run(10);
    expect(border.having(entity)).toEqual([NORTH]);
  });
});

it('[WO55] of many who pace over a border none is lost, doubled or halted, whatever the bus does', () => {
  for (let seed = 1; seed <= 3; seed++) {
    const random = new Random(seed);
    const border = new TestBorder({ random });
    const [voice, beyond] = border.voices();
    border.kept.add(voice).add(beyond);
    const players = Array.from({ length: 12 }, (_, i) => ({ session: i + 1, sequence: 0, entity: 0 }));
    for (const { session } of players) voice.attach(session, `p${session}`);
    border.run();
    for (const player of players) player.entity = voice.records(player.session).at(-1)?.attached?.entity as number;
    for (let i = 0; i < 1_200; i++) {
      for (const player of players) {
        const at = border.at(player.entity);
        if (at === null || border.tick % 20 !== player.session) continue;
        player.sequence++;
        const back = at.y > 131_000 ? south : at.y < 125_000 ? north : random.pick([north, south]);
        for (const to of [voice, beyond]) to.input(player.session, player.sequence, border.tick + 1, ['walk', back]);
      }
      border.run();
      for (const { entity } of players) expect(border.having(entity).length).toBeLessThanOrEqual(1);
    }
    for (const { session, sequence } of players)
      for (const to of [voice, beyond]) to.input(session, sequence + 1, border.tick + 1, ['walk', stand]);
    border.run(60);
    for (const { entity } of players) expect(border.having(entity)).toHaveLength(1);
    const counters = border.zones.map(({ zone }) => zone.counters);
    expect(counters.map(({ handovers_void }) => handovers_void)).toEqual([0, 0]);
    expect((counters[0]?.handovers_in ?? 0) + (counters[1]?.handovers_in ?? 0)).toBeGreaterThan(100);
  }
});

it('[WO51] a zone that closes waits until those are taken who are on their way, as long as somebody is there to take them', () => {
  const border = new TestBorder();
  const { entity } = running(border);
  while (border.having(entity)[0] === SOUTH) border.run();
  const { zone, nowMs } = border.south;
  expect([border.having(entity), zone.close(nowMs)]).toEqual([[], false]);
  border.run(3);
  expect([border.having(entity), zone.close(border.south.nowMs)]).toEqual([[NORTH], true]);

  const alone = new TestBorder();
  const other = running(alone);
  while (alone.having(other.entity)[0] === SOUTH) alone.run();
  alone.cut = true;
  expect(alone.south.zone.close(alone.south.nowMs + 2_000)).toBe(true);
});
