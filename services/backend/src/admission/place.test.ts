import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Place, readPlace, writePlace } from './place.ts';

const key = new Uint8Array(randomBytes(32));
const place: Place = { subject: 'guest abc', arrivedMs: 1_700_000_000_000.25, tie: 77, saidMs: 1_700_000_005_000 };
const nowMs = place.saidMs + 1_000;

it('is read as it was written, by whoever has the key', () => {
  expect(readPlace(key, writePlace(key, place), nowMs)).toEqual(place);
  expect(readPlace(new Uint8Array(key), writePlace(key, place), nowMs)).toEqual(place);
});

it('holds for a minute from when it was said last', () => {
  const text = writePlace(key, place);
  expect(readPlace(key, text, place.saidMs + 60_000)).toEqual(place);
  expect(readPlace(key, text, place.saidMs + 60_001)).toBe('place_expired');
});

it('a clock that was set back expires nothing', () => {
  expect(readPlace(key, writePlace(key, place), place.saidMs - 3_600_000)).toEqual(place);
});

it('cannot be forged: no other key, no other byte, no other spelling', () => {
  const text = writePlace(key, place);
  expect(readPlace(new Uint8Array(randomBytes(32)), text, nowMs)).toBe('place_invalid');
  const bytes = Buffer.from(text, 'base64url');
  for (let i = 0; i < bytes.length; i++) {
    const changed = Buffer.from(bytes);
    changed[i] = (changed[i] as number) ^ 1;
    expect(readPlace(key, changed.toString('base64url'), nowMs)).toBe('place_invalid');
    expect(readPlace(key, bytes.subarray(0, i).toString('base64url'), nowMs)).toBe('place_invalid');
  }
  for (const other of [`${text}=`, `${text} `, `${text}A`, text.replace('_', '/'), '', '\0', text.repeat(9)])
    if (other !== text) expect(readPlace(key, other, nowMs)).toBe('place_invalid');
});

it('any text is refused by a code', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => readPlace(key, text, nowMs) === 'place_invalid'));
});
