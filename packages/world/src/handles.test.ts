import { BitReader } from '@lifeverse/protocol';
import { cellKey, eventCodec, SectionCodec, type SectionListener, SlotTable } from '@lifeverse/sync/common';
import { describe, expect, it } from 'vitest';
import { type Other, type Rules, type Self, system } from './serve.ts';
import {
  east,
  north,
  PERIOD_MS,
  RUN_MM_PER_TICK,
  SPAWN,
  TestZone,
  type Voice,
  WALL_X,
  type Yard,
  yard,
} from './test-zone.ts';

const HOME = cellKey(3, 3);
const says = (zone: TestZone, voice: Voice, sequence: number, text: string): void => {
  voice.input(1, sequence, zone.tick + 1, ['say', { text }]);
  zone.run();
};

/** What is said does what it says. */
const obeys: Rules<Yard> = {
  commands: {
    say: ({ self, input }) => {
      const [verb, x, y] = input.text.split(' ');
      if (verb === 'go') self.teleport({ x: Number(x), y: Number(y) });
      if (verb === 'push') self.push(Number(x), Number(y));
      if (verb === 'hide') self.hideIn(x as string);
      if (verb === 'watch') self.watch(x as string, true);
      if (verb === 'utter') self.emit('speech', { text: x as string });
      if (verb === 'pay') self.purse = Number(x);
      if (verb === 'whisper') self.secret = Number(x);
    },
  },
};

function ann(rules: Rules<Yard> = obeys): { zone: TestZone; voice: Voice; id: number } {
  const zone = new TestZone(rules);
  const voice = zone.voice();
  return { zone, voice, id: voice.join(1, 'ann') };
}

describe('[WO11] what moves an entity besides its step', () => {
  it('teleports it at once, wherever one can stand', () => {
    const { zone, voice, id } = ann();
    voice.input(1, 1, zone.tick + 1, ['walk', north]);
    says(zone, voice, 2, 'go 20 30');
    expect(zone.at(id)).toEqual({ x: 20_000, y: 30_000 + RUN_MM_PER_TICK });
    expect(voice.bodies(1).at(-1)).toMatchObject({ position: zone.at(id) });
    expect(voice.records(1).at(-1)).toMatchObject({ anchor: { x: 0, y: 0 } });
  });

  it.each(['110.5 50', '109.8 50', '-1 50', '300 300', 'NaN 50', '1e12 50'])(
    'teleports nobody into a wall or out of the world: %s',
    (place) => {
      const { zone, voice, id } = ann();
      says(zone, voice, 1, `go ${place}`);
      expect([zone.at(id), zone.faults.length]).toEqual([SPAWN, 1]);
      expect(voice.refusals(1)).toEqual([[1, 'internal']]);
    },
  );

  it('pushes it, and it comes to rest at a wall', () => {
    const { zone, voice, id } = ann();
    says(zone, voice, 1, 'push 0.25 -0.5');
    expect(zone.at(id)).toEqual({ x: SPAWN.x + 250, y: SPAWN.y - 500 });
    expect(voice.bodies(1).at(-1)).toMatchObject({ position: zone.at(id) });
    for (let sequence = 2; sequence < 20; sequence++) says(zone, voice, sequence, 'push 0.9 0');
    expect(zone.at(id)).toEqual({ x: WALL_X - 301, y: SPAWN.y - 500 });
    says(zone, voice, 20, 'push 1000000 0');
    says(zone, voice, 21, 'push NaN 0');
    expect(zone.at(id)).toEqual({ x: WALL_X - 301, y: SPAWN.y - 500 });
    expect(voice.refusals(1)).toEqual([[21, 'internal']]);
  });

  it('pushes it besides its own step', () => {
    const { zone, voice, id } = ann();
    voice.input(1, 1, zone.tick + 1, ['walk', east], ['say', { text: 'push 0 0.1' }]);
    zone.run();
    expect(zone.at(id)).toEqual({ x: SPAWN.x + RUN_MM_PER_TICK, y: SPAWN.y + 100 });
  });
});

describe('[WO14] what is uttered', () => {
  const heard = eventCodec(yard.layout);
  /** A gateway that reads a cell and its neighbours, of everyone or of one audience. */
  function listener(zone: TestZone, name: string, audience = 0): Voice {
    const voice = zone.voice(name);
    const add = [HOME, cellKey(4, 3), cellKey(9, 9)].map((cell, slot) => ({ slot, cell, audience }));
    voice.say({ op: 'interest', version: 1, base: 0, add, drop: [] });
    return voice;
  }
  const words = (voice: Voice) =>
    voice.bundles.flatMap(({ events }) =>
      events.map(({ cell, audience, from, reachSquared, body }) => {
        const [message] = heard.decode(body) as Exclude<ReturnType<typeof heard.decode>, string>;
        return { cell, audience, from, reachSquared, text: message?.raw.text };
      }),
    );

  it('goes to who reads the cell of the speaker, with how far it is heard', () => {
    const { zone, voice, id } = ann();
    const near = listener(zone, 'g2');
    const far = zone.voice('g3');
    far.say({ op: 'interest', version: 1, base: 0, add: [{ slot: 0, cell: cellKey(4, 4), audience: 0 }], drop: [] });
    says(zone, voice, 1, 'utter hello');
    says(zone, voice, 2, 'nothing');
    expect(words(near)).toEqual([{ cell: HOME, audience: 0, from: id, reachSquared: 2, text: 'hello' }]);
    expect([words(far), words(voice)]).toEqual([[], []]);
  });

  it('by one in hiding goes to who may see them, and to nobody else', () => {
    const { zone, voice, id } = ann();
    const everyone = listener(zone, 'g2');
    const staff = listener(zone, 'g3', 1);
    const ghosts = listener(zone, 'g4', 2);
    says(zone, voice, 1, 'hide staff');
    says(zone, voice, 2, 'utter psst');
    expect(words(staff)).toEqual([{ cell: HOME, audience: 1, from: id, reachSquared: 2, text: 'psst' }]);
    expect([words(everyone), words(ghosts)]).toEqual([[], []]);
  });

  it('by one who was gone when it was to be told is not told', () => {
    const { zone, voice } = ann({
      populate: ({ spawn }) => spawn('cat', { x: 101, y: 101 }),
      systems: [
        system({ kind: 'cat' }, ({ self }) => {
          self.emit('speech', { text: 'meow' });
          self.leave();
        }),
      ],
    });
    const near = listener(zone, 'g2');
    says(zone, voice, 1, '');
    expect([words(near), zone.faults]).toEqual([[], []]);
  });
});

describe('[WO15] what only the owner may see', () => {
  it('goes to the owner, all of it at first and then what changed', () => {
    const { zone, voice } = ann();
    expect(voice.bodies(1).at(-1)?.owned).toEqual([
      { index: 0, raw: 0 },
      { index: 1, raw: 0 },
    ]);
    says(zone, voice, 1, 'pay 12');
    expect(voice.bodies(1).at(-1)?.owned).toEqual([{ index: 0, raw: 12 }]);
    says(zone, voice, 2, 'whisper 3');
    expect(voice.bodies(1).at(-1)?.owned).toEqual([{ index: 1, raw: 3 }]);
    says(zone, voice, 3, 'whisper 3');
    expect(voice.bodies(1).at(-1)?.owned).toEqual([]);
    voice.say({ op: 'resync' });
    zone.run();
    expect(voice.bodies(1).at(-1)?.owned).toEqual([
      { index: 0, raw: 12 },
      { index: 1, raw: 3 },
    ]);
  });

  it('changes not a byte of what others are sent', () => {
    const bytes = (verb: string) => {
      const { zone, voice } = ann();
      const other = zone.voice('g2');
      other.say({ op: 'interest', version: 1, base: 0, add: [{ slot: 0, cell: HOME, audience: 0 }], drop: [] });
      for (let sequence = 1; sequence < 5; sequence++) says(zone, voice, sequence, `${verb} ${sequence}`);
      return other.bundles.map((bundle) => [...bundle.bytes]);
    };
    expect(bytes('pay')).toEqual(bytes('rest'));
  });

  it('is told without being asked, when a rule changes it', () => {
    const { zone, voice } = ann({ systems: [system({ every: 4 }, ({ self, tick }) => (self.purse = tick))] });
    zone.run(8);
    const told = voice.bodies(1).slice(1);
    expect(told.map(({ owned }) => owned)).toEqual([[{ index: 0, raw: 4 }], [{ index: 0, raw: 8 }]]);
  });
});

describe('[WO16] an identity', () => {
  it('is never issued twice, though rows are used again', () => {
    const zone = new TestZone();
    const voice = zone.voice();
    const ids: number[] = [];
    for (let i = 0; i < 20; i++) {
      ids.push(voice.join(i, `player ${i}`));
      voice.detach(i, `player ${i}`, true);
    }
    expect(new Set(ids).size).toBe(20);
    expect(zone.zone.store.end).toBe(1);
    const later = new TestZone({}, { epoch: 2 });
    expect(ids).not.toContain(later.voice().join(1, 'ann'));
  });

  it('is as fresh as its row is not: nothing of the last tenant is left', () => {
    const { zone, voice } = ann({
      join: ({ self }) => (self.memory.visits = ((self.memory.visits as number | undefined) ?? 0) + 1),
      commands: {
        say: ({ self }) => {
          self.purse = 9;
          self.name = 'Ann';
          self.hideIn('staff');
        },
        call: ({ self }) => (self.name = `${JSON.stringify(self.memory)} ${self.purse} ${JSON.stringify(self.held)}`),
      },
    });
    voice.input(1, 1, zone.tick + 1, ['walk', east], ['say', { text: '' }]);
    zone.run(3);
    voice.detach(1, 'ann', true);
    const bob = voice.join(2, 'bob');
    const { store } = zone.zone;
    const row = store.rowOf(bob) as number;
    expect([store.audience[row], store.shared[0]?.[row], store.generation[row]]).toEqual([0, '', 1]);
    voice.input(2, 1, zone.tick + 1, ['call', { whom: bob as never }]);
    zone.run();
    expect(store.shared[0]?.[row]).toBe('{"visits":1} 0 null');
  });

  it('has a generation that rises with every change of cell and of audience', () => {
    const { zone, voice, id } = ann();
    const { store } = zone.zone;
    const generation = () => store.generation[store.rowOf(id) as number];
    expect(generation()).toBe(1);
    says(zone, voice, 1, 'go 20 20');
    expect(generation()).toBe(2);
    says(zone, voice, 2, 'hide staff');
    expect(generation()).toBe(3);
    says(zone, voice, 3, 'hide staff');
    expect(generation()).toBe(3);
    says(zone, voice, 4, 'hide all');
    expect(generation()).toBe(4);
  });

  it('keeps its cell when it goes into hiding near an edge: its player still sees from there', () => {
    const { zone, voice, id } = ann();
    says(zone, voice, 1, 'go 94.9 100');
    for (const sequence of [2, 3]) says(zone, voice, sequence, 'push 0.65 0');
    const { store } = zone.zone;
    expect(zone.at(id)?.x).toBe(96_200);
    expect(store.cellX[store.rowOf(id) as number]).toBe(2);
    says(zone, voice, 4, 'hide staff');
    expect(store.cellX[store.rowOf(id) as number]).toBe(2);
    expect(voice.records(1).at(-1)?.anchor).toBeUndefined();
  });

  it('is good for as long as the entity is there: a handle kept for longer throws', () => {
    const kept: Other<Yard>[] = [];
    const reads: unknown[] = [];
    const { zone, voice } = ann({
      commands: {
        wave: ({ at }) => kept.push(at),
        say: ({ self, input }) => {
          if (input.text !== 'read') return;
          const [bob] = kept as [Other<Yard>];
          for (const read of [() => bob.position, () => bob.name, () => bob.kind, () => bob.id]) {
            try {
              reads.push(read());
            } catch (error) {
              reads.push((error as Error).message);
            }
          }
          self.mood = 'merry';
        },
      },
    });
    const bob = voice.join(2, 'bob');
    voice.input(1, 1, zone.tick + 1, ['wave', { at: bob as never }]);
    says(zone, voice, 2, 'read');
    expect(reads).toEqual([{ x: 100.5, y: 100.5 }, '', 'player', bob]);
    voice.detach(2, 'bob', true);
    voice.join(3, 'eve');
    reads.length = 0;
    says(zone, voice, 3, 'read');
    const gone = `entity ${bob} is gone`;
    expect(reads).toEqual([gone, gone, gone, bob]);
  });

  it('of one who has left throws too, for the rest of the handler', () => {
    const { zone } = ann({
      populate: ({ spawn }) => spawn('cat', { x: 20, y: 20 }),
      systems: [
        system({ kind: 'cat' }, ({ self }) => {
          self.leave();
          (self as Self<Yard>).mood = 'tired';
        }),
      ],
    });
    expect(zone.faults).toMatchObject([{ where: 'system', error: expect.any(ReferenceError) }]);
    expect(zone.zone.store.count).toBe(1);
  });
});

describe('[WO16] readers', () => {
  it('see the entity leave one cell towards the other, and enter there with the higher generation', () => {
    const { zone, voice, id } = ann();
    const codec = new SectionCodec(yard.layout);
    const reader = zone.voice('g2');
    const cells = [HOME, cellKey(2, 3)];
    reader.say({
      op: 'interest',
      version: 1,
      base: 0,
      add: cells.map((cell, slot) => ({ slot, cell, audience: 0 })),
      drop: [],
    });
    zone.run();
    const tables = cells.map(() => new SlotTable());
    const log: string[] = [];
    const read = () => {
      const bundle = reader.bundles.at(-1);
      for (const { slot, start, end, key } of bundle?.sections ?? []) {
        const listener: SectionListener = {
          entered: (_slot, shadow) => log.push(`${slot} enter ${shadow.id} ${shadow.generation}`),
          left: (_slot, shadow, to) => log.push(`${slot} leave ${shadow.id} to ${to}`),
          moving() {},
        };
        if (key) tables[slot]?.clear();
        const bytes = bundle?.bytes.subarray(start, end) as Uint8Array;
        codec.read(new BitReader(bytes), cells[slot] as number, zone.tick, tables[slot] as SlotTable, listener);
      }
    };
    read();
    says(zone, voice, 1, 'go 94 100');
    read();
    expect(log).toEqual([`0 enter ${id} 1`, `0 leave ${id} to 4`, `1 enter ${id} 2`]);
  });
});

describe('[WO18] the truth', () => {
  it('is told of who was asked for, each tick, as it is', () => {
    const { zone, voice, id } = ann();
    zone.zone.wantTruth([id, 999], zone.nowMs);
    voice.input(1, 1, zone.tick + 1, ['walk', east]);
    zone.run(2);
    expect(zone.truths).toEqual([
      { tick: 2, entities: [{ id, xMm: SPAWN.x + RUN_MM_PER_TICK, yMm: SPAWN.y }] },
      { tick: 3, entities: [{ id, xMm: SPAWN.x + 2 * RUN_MM_PER_TICK, yMm: SPAWN.y }] },
    ]);
  });

  it('is told for five seconds, and no longer', () => {
    const { zone, id } = ann();
    zone.zone.wantTruth([id], zone.nowMs);
    zone.run(200);
    expect(zone.truths).toHaveLength(5_000 / PERIOD_MS);
  });
});
