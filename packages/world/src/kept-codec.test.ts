import {
  type AnyField,
  bool,
  choice,
  defineWorld,
  heading,
  kept,
  numbered,
  owned,
  plain,
  real,
  text,
  uint,
  vec2,
  type World,
} from '@lifeverse/definition';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntityStore } from './entity-store.ts';
import { KeptCodec } from './kept-codec.ts';

const position = vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity' });

/** A version of a world: its store with one entity, and what it keeps. */
function version(components: Record<string, AnyField>) {
  const definition = { name: 'v', tickHz: 20, cellSizeM: 32, map: plain({ areaM2: 100 }), commands: {} };
  const world = defineWorld({ ...definition, components: { position, ...components } }) as unknown as World;
  const store = new EntityStore(world.layout, 1, 100);
  const row = store.add('player', 0, 0);
  const codec = new KeptCodec(world, store, 'kept');
  const slotOf = (name: string) => store.components.find((slot) => slot.name === name) as (typeof store.components)[0];
  return {
    set(values: Record<string, unknown>) {
      for (const [name, value] of Object.entries(values)) {
        const slot = slotOf(name);
        store.setRaw(row, slot, slot.codec.toRaw(value) as number);
      }
      return this;
    },
    value: (name: string) => slotOf(name).codec.fromRaw(store.raw(row, slotOf(name))),
    write: (unknown?: Uint8Array) => codec.encode(store, row, unknown),
    read(bytes: Uint8Array) {
      const { raws, unknown } = codec.decode(bytes);
      for (const { slot, raw } of raws) store.setRaw(row, slot, raw);
      return unknown;
    },
  };
}

const all = {
  merry: kept(bool()),
  steps: kept(uint({ max: 2 ** 40 })),
  warmth: kept(real({ unit: 'K', min: -10, max: 10, precision: 0.5 })),
  coat: kept(choice('red', 'green', 'blue')),
  facing: kept(heading()),
  motto: kept(owned(text({ maxBytes: 40 }))),
  mood: choice('calm', 'merry'),
};

describe('[WO24] what is kept', () => {
  it('comes back as it was, of every kind', () => {
    const values = fc.record({
      merry: fc.boolean(),
      steps: fc.nat({ max: 2 ** 40 }),
      warmth: fc.integer({ min: -20, max: 20 }).map((half) => half / 2),
      coat: fc.constantFrom('red', 'green', 'blue'),
      motto: fc.string({ unit: 'grapheme', maxLength: 8 }).filter((motto) => Buffer.byteLength(motto) <= 40),
    });
    fc.assert(
      fc.property(values, (given) => {
        const [from, to] = [version(all).set(given), version(all)];
        to.read(from.write());
        expect(Object.fromEntries(Object.keys(given).map((name) => [name, to.value(name)]))).toEqual(given);
      }),
    );
    const facing = version(all).set({ facing: 3 });
    const to = version(all);
    to.read(facing.write());
    expect(to.value('facing')).toBe(facing.value('facing'));
  });

  it('leaves out what the world does not keep', () => {
    const to = version(all);
    to.read(version(all).set({ mood: 'merry' }).write());
    expect(to.value('mood')).toBe('calm');
  });

  it('is read by a version that renamed, moved and widened, and begins anew where it does not fit', () => {
    const bytes = version(all).set({ merry: true, steps: 900, warmth: 2.5, coat: 'green', motto: 'on!' }).write();
    const later = version({
      cap: numbered(4, kept(choice('yellow', 'green', 'red'))),
      warmth: numbered(3, kept(real({ unit: 'K', min: -100, max: 100, precision: 0.1 }))),
      steps: numbered(2, kept(uint({ max: 800 }))),
      happy: numbered(1, kept(bool())),
      words: numbered(6, kept(uint({ max: 9 }))),
      facing: numbered(5, kept(heading())),
    });
    later.read(bytes);
    expect([later.value('cap'), later.value('happy')]).toEqual(['green', true]);
    expect(later.value('warmth')).toBeCloseTo(2.5);
    expect([later.value('steps'), later.value('words')]).toEqual([0, 0]);
  });

  it('that a version does not know is handed on unread, so that going back loses nothing', () => {
    const bytes = version(all).set({ coat: 'blue', motto: 'far' }).write();
    const earlier = version({ merry: kept(bool()) });
    const unknown = earlier.read(bytes);
    const back = version(all);
    back.read(earlier.set({ merry: true }).write(unknown));
    expect([back.value('merry'), back.value('coat'), back.value('motto')]).toEqual([true, 'blue', 'far']);
  });

  it('is nothing or something, whatever the bytes', () => {
    const bytes = version(all).set({ merry: true, motto: 'whole' }).write();
    for (let cut = 0; cut < bytes.length; cut++) version(all).read(bytes.slice(0, cut));
    const hostile = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 });
    const into = version(all);
    fc.assert(
      fc.property(hostile, (turned) => {
        const copy = bytes.slice();
        for (const [at, value] of turned) copy[at % copy.length] = value;
        into.read(copy);
        expect(['red', 'green', 'blue']).toContain(into.value('coat'));
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytesOfAnyKind) => void into.read(bytesOfAnyKind)));
  });
});
