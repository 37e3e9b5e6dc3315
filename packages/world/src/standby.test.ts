import { Random } from '@lifeverse/base';
import { encodeNeighbourMessage } from '@lifeverse/contracts';
import { limits } from '@lifeverse/protocol';
import { describe, expect, it } from 'vitest';
import { Standby } from './standby.ts';
import { NORTH, SOUTH, TestBorder } from './test-border.ts';
import { TestFailOver } from './test-fail-over.ts';
import { type Command, east, north, RUN_MM_PER_TICK, stand, TestZone, west } from './test-zone.ts';

const seeds = Array.from({ length: 20 }, (_, i) => i + 1);

/** Ann walks north, and is in the southern zone still. */
function walkingNorth() {
  const border = new TestBorder();
  const [voice, beyond] = border.voices();
  border.kept.add(voice).add(beyond);
  voice.attach(1, 'ann');
  border.run();
  const entity = voice.records(1).at(-1)?.attached?.entity as number;
  voice.input(1, 1, border.tick + 1, ['walk', north]);
  return { border, entity };
}

/** The same, out of a zone that has a standby. */
function leavingSouth() {
  const { border, entity } = walkingNorth();
  const standby = new Standby({
    zone: SOUTH,
    life: 1,
    send: (bytes) => border.south.zone.copied(bytes, border.south.nowMs),
  });
  border.toStandby = (bytes) => standby.receive(bytes.slice(), border.south.nowMs);
  standby.flush(border.south.nowMs);
  return { border, entity, standby };
}

/** Turns here and there, and what they do besides, by tick: what one client says from the beginning to the end. */
function course(seed: number, ticks: number): ReadonlyMap<number, readonly Command[]> {
  const random = new Random(seed);
  const said = new Map<number, readonly Command[]>();
  for (let tick = 0; tick < ticks; tick++)
    if (random.below(4) === 0) said.set(tick, [['walk', random.pick([east, west, north, stand])]]);
  return said;
}

describe('[WO72] who is taken over', () => {
  it.each(seeds)('is where they would be if there had been an owner all the time (seed %i)', (seed) => {
    const random = new Random(seed);
    const [before, gap] = [20 + random.below(40), 5 + random.below(60)];
    const over = new TestFailOver();
    const alone = new TestZone();
    const voice = alone.voice();
    const entity = over.join(1, 'ann');
    expect(voice.join(1, 'ann')).toBe(entity);
    const first = over.tick + 1;
    const said = course(seed, before + gap + 10);
    let sequence = 0;
    for (let at = 0; at < before + gap + 30; at++) {
      const commands = said.get(at);
      if (commands !== undefined) voice.input(1, ++sequence, first + at, ...commands);
      alone.run();
    }
    sequence = 0;
    const sayAt = (at: number, say: typeof over.input): void => {
      const commands = said.get(at);
      if (commands === undefined) return;
      sequence++;
      say.call(over, 1, sequence, first + at, ...commands);
    };
    for (let at = 0; at < before; at++) {
      sayAt(at, over.input);
      over.run();
    }
    for (let at = before; at < before + gap; at++) sayAt(at, over.inputUnheard);
    over.takeOver(gap);
    for (let at = before + gap; at < before + gap + 30; at++) {
      sayAt(at, over.input);
      over.run();
    }
    const catchUp = (): void => {
      while (alone.tick < over.tick) {
        voice.say();
        alone.run();
      }
    };
    catchUp();
    expect(over.zone.at(entity)).toEqual(alone.at(entity));
    expect(over.voice.bodies(1).at(-1)?.applied).toBe(said.size);
    expect(over.zone.zone.counters.entities_resumed).toBe(1);
    // And again, from the one that took over.
    over.takeOver(gap);
    over.run(10);
    catchUp();
    expect(over.zone.at(entity)).toEqual(alone.at(entity));
    expect(over.zone.zone.counters).toMatchObject({ entities_resumed: 1, neighbour_notes_malformed: 0 });
  });

  it('stands with everything that it is and that comes with the world, once', () => {
    const over = new TestFailOver({
      rules: {
        populate: ({ spawn, option }) => {
          for (let i = 0; i < option('residents', 0); i++) spawn('resident', { x: 50 + i, y: 50 }, { mood: 'tired' });
        },
        join: ({ self }) => {
          self.purse = 77;
          self.memory.met = ['bob', { times: 3 }];
        },
      },
      options: { residents: 30 },
    });
    const entity = over.join(1, 'ann');
    over.run(30);
    const { store: former } = over.zone.zone;
    const all = (store: typeof former) =>
      Array.from({ length: store.end }, (_, row) => row)
        .filter((row) => store.id[row] !== 0)
        .map((row) => [store.id[row], store.x[row], store.y[row], store.shared.map((column) => column[row])])
        .toSorted();
    const stood = all(former);
    expect(stood).toHaveLength(31);
    over.takeOver(40);
    const { store } = over.zone.zone;
    expect(all(store)).toEqual(stood);
    const row = store.rowOf(entity) as number;
    expect(store.memory[row]).toEqual({ met: ['bob', { times: 3 }] });
    expect(store.owned.map((column) => column[row])).toEqual([77, 0]);
    expect(over.voice.records(1).at(-1)?.attached?.entity).toBe(entity);
  });

  it.each([2, 30])('is not somebody who had left the world %i ticks before', (ticks) => {
    const over = new TestFailOver();
    const [ann, bob] = [over.join(1, 'ann'), over.join(2, 'bob')];
    over.run(20);
    over.voice.detach(2, 'bob', true);
    over.characters.delete(2);
    over.run(ticks);
    over.takeOver(40);
    expect([over.zone.at(ann) !== null, over.zone.at(bob)]).toEqual([true, null]);
  });

  it('does not walk on whose connection was lost just before', () => {
    const over = new TestFailOver();
    const bob = over.join(2, 'bob');
    over.input(2, 1, over.tick + 1, ['walk', east]);
    over.run(20);
    over.voice.detach(2, 'bob', false);
    over.characters.delete(2);
    over.run(1);
    const stood = over.zone.at(bob);
    over.run(1);
    expect(over.zone.at(bob)).toEqual(stood);
    over.takeOver(5);
    over.run(20);
    expect(over.zone.at(bob)).toEqual(stood);
  });

  it('begins without copies where the standby had not heard everything yet', () => {
    const over = new TestFailOver();
    over.cut = true;
    const entity = over.join(1, 'ann');
    over.run(30);
    expect(over.standby.copies()).toBeNull();
    over.takeOver(40);
    expect(over.zone.at(entity)).toBeNull();
  });
});

describe('[WO71] what an avatar does that others see', () => {
  it.each(seeds)('is done once, whenever the owner ends (seed %i)', (seed) => {
    const random = new Random(seed);
    const cheers: number[] = [];
    const over = new TestFailOver({
      rules: { commands: { wave: ({ self, at }) => void cheers.push(self.id, at.id) } },
    });
    const ann = over.join(1, 'ann');
    const bob = over.join(2, 'bob');
    over.run(5 + random.below(10));
    over.input(1, 1, over.tick + 1, ['wave', { at: bob }]);
    over.run(random.below(3));
    over.takeOver(10);
    over.run(10);
    expect(cheers).toEqual([ann, bob]);
  });
});

describe('[WO70] an input is stable', () => {
  it('once the standby has what came of it, and at once where there is none', () => {
    const over = new TestFailOver();
    over.join(1, 'ann');
    over.run(10);
    const stableOf = (): readonly [number | undefined, number | undefined] => {
      const { stable, applied } = over.voice.records(1).at(-1) ?? {};
      return [stable, applied];
    };
    over.cut = true;
    over.input(1, 1, over.tick + 1, ['walk', east]);
    over.run(3);
    expect(stableOf()).toEqual([0, 1]);
    over.cut = false;
    over.run(30);
    expect(stableOf()).toEqual([1, 1]);
    over.cut = true;
    over.run(30);
    over.input(1, 2, over.tick + 1, ['walk', east]);
    over.run(2);
    expect(stableOf()).toEqual([2, 2]);
  });

  it('and an operation is held, both counted for the connection that the player has now', () => {
    const over = new TestFailOver();
    over.join(1, 'ann');
    const key = new Uint8Array(limits.keyBytes);
    const asked = { op: 'operation', again: false, key, body: new Uint8Array(1) } as const;
    for (const held of [0, 1, 2]) over.voice.say({ ...asked, session: 1, sequence: held + 1, held });
    const heldOf = (session: number): number[] =>
      over.voice.records(session).flatMap(({ held }) => (held === undefined ? [] : [held]));
    over.run(30);
    expect(heldOf(1).at(-1)).toBe(3);
    over.voice.join(2, 'ann', 2);
    over.run(30);
    expect(heldOf(2).filter((held) => held > 0)).toEqual([]);
    over.voice.say({ ...asked, session: 2, sequence: 1, held: 0 });
    over.run(30);
    expect(heldOf(2).at(-1)).toBe(1);
  });

  it('and so when they move to another connection in the very tick', () => {
    const zone = new TestZone();
    const voice = zone.voice('g1', 1);
    voice.join(1, 'ann');
    const asked = {
      op: 'operation',
      again: false,
      key: new Uint8Array(limits.keyBytes),
      body: new Uint8Array(1),
    } as const;
    for (const held of [0, 1]) voice.say({ ...asked, session: 1, sequence: held + 1, held });
    voice.say({ op: 'attach', session: 2, character: 'ann', incarnation: 2, name: 'ann' });
    zone.run();
    expect(voice.records(2).map(({ attached, held }) => [attached?.incarnation, held])).toEqual([[2, 0]]);
    voice.say({ ...asked, session: 2, sequence: 1, held: 0 });
    zone.run();
    expect(voice.records(2).at(-1)?.held).toBe(1);
  });

  it('and so with a gateway that was started again, and counts its sessions from the first again', () => {
    const zone = new TestZone();
    const key = new Uint8Array(limits.keyBytes);
    const asked = { op: 'operation', session: 1, again: false, key, body: new Uint8Array(1) } as const;
    for (const [incarnation, count] of [3, 1].entries()) {
      const voice = zone.voice('g1', incarnation + 1);
      voice.join(1, 'ann', incarnation + 1);
      for (let held = 0; held < count; held++) voice.say({ ...asked, sequence: held + 1, held });
      zone.run();
      expect(voice.records(1).at(-1)?.held).toBe(count);
    }
  });

  it.each(seeds)('and everything is told anew to a standby that has missed something (seed %i)', (seed) => {
    const over = new TestFailOver({ lost: { seed, oneIn: 8 } });
    const entities = ['ann', 'bob', 'cat'].map((name, i) => over.join(i + 1, name));
    over.input(1, 1, over.tick + 1, ['walk', north]);
    over.run(200);
    const standing = entities.map((entity) => over.zone.at(entity));
    expect(over.standby.copies()?.travellers).toHaveLength(3);
    over.takeOver(1);
    const [ann, ...others] = entities.map((entity) => over.zone.at(entity));
    expect(others).toEqual(standing.slice(1));
    expect(Math.abs((ann?.y as number) - (standing[0]?.y as number))).toBeLessThan(5 * RUN_MM_PER_TICK);
  });
});

describe('[WO73] who came from another zone a moment before', () => {
  function crossed() {
    const { border, entity } = walkingNorth();
    while (border.having(entity)[0] !== NORTH) border.run();
    return { border, entity };
  }

  it('comes again to the owner that takes over, when its standby had not heard of them', () => {
    const { border, entity } = crossed();
    border.replaceNorth(9, { travellers: [], gone: [] });
    border.run(10);
    expect(border.having(entity)).toEqual([NORTH]);
    border.run(20);
    expect([border.having(entity), border.south.zone.counters.handovers_in]).toEqual([[NORTH], 0]);
  });

  it('does not come again when they had gone on from there, or left', () => {
    const { border, entity } = crossed();
    const row = border.north.zone.store.rowOf(entity) as number;
    const generation = (border.north.zone.store.generation[row] as number) + 1;
    border.replaceNorth(9, { travellers: [], gone: [{ entity, generation }] });
    border.run(10);
    expect(border.having(entity)).toEqual([]);
  });

  it('does not come again to an owner that begins without copies, where everybody stands as they were kept', () => {
    const { border, entity } = crossed();
    border.replaceNorth(9, null);
    border.run(10);
    expect(border.having(entity)).toEqual([]);
  });

  it('is in one zone alone when the one that they left is taken over', () => {
    const { border, entity, standby } = leavingSouth();
    while (border.having(entity)[0] !== NORTH) border.run();
    const copies = standby.copies();
    expect(copies?.travellers).toHaveLength(1);
    border.replaceSouth(9, undefined, copies);
    border.run(40);
    expect([border.having(entity), border.south.zone.counters.handovers_void]).toEqual([[NORTH], 1]);
  });

  it('and so when the zone to which they went has heard of them and does not have them yet', () => {
    const { border, entity, standby } = leavingSouth();
    while (border.having(entity).length > 0) border.run();
    border.replaceSouth(9, undefined, standby.copies());
    // On the way: the northern zone hears of the next owner before it ticks again.
    const header = { zone: SOUTH, epoch: 9, toEpoch: 0, heard: 0, first: 1 };
    border.north.zone.neighbour(encodeNeighbourMessage({ ...header, notes: [] }), border.north.nowMs);
    for (let i = 0; i < 40; i++) {
      border.run();
      expect([border.having(entity), border.south.zone.counters.entities_resumed]).toEqual([[NORTH], 0]);
    }
  });
});
