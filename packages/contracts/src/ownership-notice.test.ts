import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeOwnershipNotice, encodeOwnershipNotice, ownershipLimits } from './ownership-notice.ts';

const server = fc.string({ minLength: 1, maxLength: 60 });
const zone = fc.record({
  zone: fc.maxSafeNat(),
  epoch: fc.maxSafeNat(),
  settled: fc.maxSafeNat(),
  busyPermille: fc.nat(),
  players: fc.nat(),
  middle: fc.record({ x: fc.integer({ min: -30_000, max: 30_000 }), y: fc.integer({ min: -30_000, max: 30_000 }) }),
});

it('what a zone server says of itself comes back as it was written, and is nothing when it is cut or longer', () => {
  fc.assert(
    fc.property(server, fc.boolean(), fc.array(zone, { maxLength: 20 }), fc.nat(), (name, reaches, zones, cut) => {
      const notice = { server: name, reaches, zones };
      const bytes = encodeOwnershipNotice(notice);
      expect(decodeOwnershipNotice(bytes)).toEqual(notice);
      expect(decodeOwnershipNotice(bytes.slice(0, cut % bytes.length))).toBeUndefined();
      expect(decodeOwnershipNotice(Uint8Array.of(...bytes, 0))).toBeUndefined();
    }),
  );
});

it('it speaks of no more zones than a server can have', () => {
  const zones = Array.from({ length: ownershipLimits.zones + 1 }, (_, i) => ({
    ...{ zone: i, epoch: 1, settled: 1, busyPermille: 0, players: 0 },
    middle: { x: 0, y: 0 },
  }));
  expect(decodeOwnershipNotice(encodeOwnershipNotice({ server: 'a', reaches: true, zones }))).toBeUndefined();
  const some = { server: 'a', reaches: true, zones: zones.slice(1) };
  expect(decodeOwnershipNotice(encodeOwnershipNotice(some))).toEqual(some);
});
