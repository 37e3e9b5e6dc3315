/**
 * A number in [0, 1) decided by a place: what is drawn there is the same whenever it is drawn, and does not
 * change at the border of two chunks.
 */
export function chanceAt(x: number, y: number, salt: number): number {
  let h =
    Math.imul(Math.floor(x) + 0x9e37, 0x85ebca6b) ^
    Math.imul(Math.floor(y) + 0x79b9, 0xc2b2ae35) ^
    Math.imul(salt + 1, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 0x1_0000_0000;
}

/** One of the values, decided by the place. */
export function pickAt<T>(values: readonly T[], x: number, y: number, salt: number): T {
  return values[Math.floor(chanceAt(x, y, salt) * values.length)] as T;
}
