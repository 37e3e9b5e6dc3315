import { limits } from '@lifeverse/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeTraveller,
  encodeTraveller,
  identityOf,
  type Traveller,
  type TravellingAvatar,
} from './handover-state.ts';
import { decodeNeighbourNote, encodeNeighbourNote, type NeighbourNote } from './neighbour-notes.ts';

const nat = fc.maxSafeNat();
const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const word = fc.string({ maxLength: 12 });
const bytes = fc.uint8Array({ maxLength: 40 });
const key = fc.uint8Array({ minLength: limits.keyBytes, maxLength: limits.keyBytes });
const place = fc.record({ x: fc.integer(), y: fc.integer() });
const plainObject = fc.dictionary(fc.constantFrom('a', 'b'), fc.oneof(word, fc.integer()), { noNullPrototype: true });
const outcome = fc.oneof(
  fc.record({ done: fc.constant(true as const), operation: nat }),
  fc.record({ done: fc.constant(false as const), code: fc.nat({ max: 127 }) }),
);
const presence = fc.oneof(
  fc.record({ state: fc.constant('present' as const), gateway: word, session: nat }),
  fc.record({ state: fc.constant('away' as const), untilMs: nat, held: fc.option(plainObject) }),
);
const avatar: fc.Arbitrary<TravellingAvatar> = fc.record({
  character: word,
  incarnation: nat,
  handovers: nat,
  entrance: word,
  presence,
  sealedTick: nat,
  mutedUntilMs: nat,
  audiences: fc.nat({ max: 255 }),
  applied: nat,
  appliedTick: nat,
  inputs: fc.array(fc.record({ sequence: nat, tick: nat, body: bytes }), { maxLength: 4 }),
  dealer: fc.option(
    fc.record({
      session: word,
      held: nat,
      waiting: fc.array(fc.record({ key, body: bytes, again: fc.boolean() }), { maxLength: 3 }),
      answers: fc.array(fc.record({ key, outcome }), { maxLength: 3 }),
      underWay: fc.array(key, { maxLength: 3 }),
    }),
  ),
  unknownKept: bytes,
});
const traveller: fc.Arbitrary<Traveller> = fc.record({
  id,
  generation: nat,
  kind: word,
  audience: fc.nat({ max: 7 }),
  tick: nat,
  at: place,
  past: fc.array(place, { maxLength: 6 }),
  components: bytes,
  held: fc.option(plainObject),
  memory: fc.option(plainObject),
  avatar: fc.option(avatar),
  item: fc.option(nat),
  unknown: fc.constant(new Uint8Array(0)),
});
const note: fc.Arbitrary<NeighbourNote> = fc.oneof(
  fc.record({ note: fc.constant('arrive' as const), traveller: bytes }),
  fc.record({ note: fc.constant('dormant' as const), traveller: bytes }),
  fc.record({
    note: fc.constant('effect' as const),
    told: fc.record({ from: nat, to: nat, effect: word, input: plainObject }),
  }),
  fc.record({ note: fc.constant('uplink' as const), uplink: bytes }),
  fc.record({
    note: fc.constant('dealt' as const),
    character: word,
    dealt: fc.record({ key, outcome, final: fc.boolean() }),
  }),
  fc.record({ note: fc.constant('freeze' as const), character: word }),
  fc.record({ note: fc.constant('changed' as const), character: word }),
  fc.record({ note: fc.constant('who' as const), ids: fc.array(nat, { maxLength: 5 }) }),
  fc.record({
    note: fc.constant('are' as const),
    all: fc.array(fc.record({ id: nat, kind: word, character: word }), { maxLength: 4 }),
  }),
  fc.record({ note: fc.constant('trade' as const), character: word, entity: nat, partner: nat }),
  fc.record({
    note: fc.constant('deal' as const),
    character: word,
    key,
    intent: fc.oneof(
      fc.record({ do: fc.constant('cancel' as const) }),
      fc.record({ do: fc.constant('accept' as const), seen: nat }),
      fc.record({
        do: fc.constant('offer' as const),
        seen: nat,
        gives: fc.record({ money: fc.constant({ coin: 5 }), items: fc.array(nat, { maxLength: 3 }) }),
      }),
    ),
  }),
  fc.record({
    note: fc.constant('table' as const),
    character: word,
    table: fc.constantFrom(null, {
      with: 7 as never,
      version: 2,
      mine: { money: { coin: 3 }, items: [] },
      theirs: { money: {}, items: [{ id: 9, kind: 'loaf' }] },
      iAccept: true,
      theyAccept: false,
    }),
  }),
);

describe('[WO51] an entity on its way', () => {
  it('comes as it left', () => {
    fc.assert(
      fc.property(traveller, (one) => {
        expect(decodeTraveller(encodeTraveller(one))).toEqual(one);
      }),
    );
  });

  it('tells who it is without being read', () => {
    fc.assert(
      fc.property(traveller, (one) => {
        expect(identityOf(encodeTraveller(one))).toEqual({ id: one.id, generation: one.generation });
      }),
    );
    expect(identityOf(new Uint8Array(0))).toBeUndefined();
    expect(identityOf(Uint8Array.of(2, 2, 1, 1))).toBeUndefined();
  });

  it('is none when it is cut off', () => {
    fc.assert(
      fc.property(traveller, (one) => {
        const encoded = encodeTraveller(one);
        // Whole fields may be missing at the end: those of a version that did not have them.
        const decoded = decodeTraveller(encoded.subarray(0, encoded.length - 1));
        expect(decoded === undefined || decoded.id === one.id).toBe(true);
        for (let cut = 0; cut < 6; cut++) expect(decodeTraveller(encoded.subarray(0, cut))).toBeUndefined();
      }),
    );
  });

  it('takes fields along that this version does not know', () => {
    const [one] = fc.sample(traveller, 1) as [Traveller];
    const unknown = Uint8Array.of(99, 2, 7, 7);
    const decoded = decodeTraveller(Uint8Array.of(...encodeTraveller(one), ...unknown)) as Traveller;
    expect(decoded.unknown).toEqual(unknown);
    expect(decodeTraveller(encodeTraveller(decoded))).toEqual(decoded);
  });

  it('is one or none, whatever the bytes', () => {
    const turns = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 5 });
    fc.assert(
      fc.property(traveller, turns, (one, turned) => {
        const encoded = encodeTraveller(one);
        for (const [at, to] of turned) encoded[at % encoded.length] = to;
        const decoded = decodeTraveller(encoded);
        expect(decoded === undefined || decoded.past.length <= 32).toBe(true);
      }),
    );
  });

  it('has no more memory than there is room for, and none that JSON cannot say', () => {
    const [one] = fc.sample(traveller, 1) as [Traveller];
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(() => encodeTraveller({ ...one, memory: loop })).toThrow(TypeError);
    expect(() => encodeTraveller({ ...one, memory: { text: 'x'.repeat(20_000) } })).toThrow(TypeError);
    for (const odd of [new Map([[1, 2]]), new Set([1]), [new Date()], { at: Number.NaN }])
      expect(() => encodeTraveller({ ...one, memory: { odd } })).toThrow('JSON cannot say');
  });
});

it('[WO54] what zones say to each other is read as it was said, and nothing else is', () => {
  fc.assert(
    fc.property(note, (said) => {
      expect(decodeNeighbourNote(encodeNeighbourNote(said))).toEqual(said);
    }),
  );
  fc.assert(
    // Half of it begins as a note does.
    fc.property(fc.integer({ min: 0, max: 30 }), fc.uint8Array({ maxLength: 60 }), (kind, noise) => {
      const read = decodeNeighbourNote(Uint8Array.of(kind, ...noise));
      if (read !== undefined) expect(decodeNeighbourNote(encodeNeighbourNote(read))).toEqual(read);
    }),
  );
});
