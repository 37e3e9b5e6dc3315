import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BundleHeader, BundleWriter, decodeBundle, type HeardEvent, type SessionRecord } from './bundle.ts';

const nat = fc.maxSafeNat();
const bytes = fc.uint8Array({ maxLength: 80 });
const optional = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined });

const headers: fc.Arbitrary<BundleHeader> = fc.record({
  zone: nat,
  epoch: nat,
  generation: nat,
  since: nat,
  sequence: nat,
  tick: nat,
  rate: fc.nat({ max: 0xffff }),
  interestVersion: nat,
});
const sections = fc.record({ slot: fc.nat({ max: 1_000_000 }), key: fc.boolean(), bytes });
const sessions: fc.Arbitrary<SessionRecord> = fc
  .record({
    session: nat,
    attached: optional(fc.record({ entity: nat, incarnation: nat, handovers: nat })),
    moved: optional(fc.record({ zone: nat, handovers: nat })),
    anchor: optional(fc.record({ x: fc.integer(), y: fc.integer() })),
    audiences: optional(fc.nat({ max: 255 })),
    body: optional(bytes),
    ended: optional(fc.nat({ max: 0xffff })),
    held: optional(nat),
    said: optional(fc.record({ stable: fc.nat(), ahead: fc.nat() })),
  })
  .map(({ said, ...record }) =>
    said === undefined ? record : { ...record, stable: said.stable, applied: said.stable + said.ahead },
  );
const events: fc.Arbitrary<HeardEvent> = fc.record({
  cell: nat,
  audience: fc.nat({ max: 7 }),
  reachSquared: fc.nat({ max: 64 }),
  from: nat,
  body: bytes,
});
const contents = fc.record({
  header: headers,
  heads: bytes,
  sections: fc.array(sections, { maxLength: 8 }),
  sessions: fc.array(sessions, { maxLength: 5 }),
  events: fc.array(events, { maxLength: 5 }),
});
type Contents = typeof contents extends fc.Arbitrary<infer T> ? T : never;

const writer = new BundleWriter();

function encoded({ header, heads, ...rest }: Contents): Uint8Array {
  for (const { slot, key, bytes: body } of rest.sections) writer.section(slot, key, body);
  for (const record of rest.sessions) writer.session(record);
  for (const event of rest.events) writer.event(event);
  return writer.take(header, heads);
}

describe('a bundle', () => {
  it('comes back as it was written, by a writer that is used again and again', () => {
    fc.assert(
      fc.property(contents, (all) => {
        const bundle = decodeBundle(encoded(all));
        if (bundle === undefined) return expect.fail('no bundle');
        expect({ ...bundle, bytes: undefined, sections: undefined }).toMatchObject({
          ...all.header,
          sessions: all.sessions,
          events: all.events,
        });
        expect([...bundle.heads]).toEqual([...all.heads]);
        const found = bundle.sections.map(({ slot, key, start, end }) => ({
          slot,
          key,
          bytes: bundle.bytes.slice(start, end),
        }));
        expect(found).toEqual(all.sections);
      }),
    );
  });

  it('is none when it is cut or longer', () => {
    fc.assert(
      fc.property(contents, fc.double({ min: 0, max: 0.999, noNaN: true }), (all, part) => {
        const whole = encoded(all);
        expect(decodeBundle(whole.slice(0, Math.floor(whole.length * part)))).toBeUndefined();
        expect(decodeBundle(Uint8Array.of(...whole, 0))).toBeUndefined();
      }),
    );
  });

  it('is one or none, whatever the bytes: nothing lies outside of them', () => {
    fc.assert(
      fc.property(contents, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 6 }), (all, turned) => {
        const hostile = encoded(all);
        for (const [at, value] of turned) hostile[at % hostile.length] = value;
        for (const { start, end } of decodeBundle(hostile)?.sections ?? []) {
          expect(start <= end && end <= hostile.length).toBe(true);
        }
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        noise[0] = 0x61;
        decodeBundle(noise);
      }),
    );
    expect(decodeBundle(Uint8Array.of(0x71))).toBeUndefined();
  });
});
