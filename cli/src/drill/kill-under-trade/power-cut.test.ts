import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@lifeverse/base';
import { expect, it, onTestFinished } from 'vitest';
import { cutLog, segment } from './power-cut.ts';

const PAGE = 8_192;
const SEGMENT = 16_777_216;
const [FIRST, SECOND] = ['000000010000000000000001', '000000010000000000000002'];

/** A log of two segments, written up to the third page of the second; behind, pages of an earlier life. */
function log(): string {
  const data = mkdtempSync(join(tmpdir(), 'lifeverse-log-'));
  onTestFinished(() => rmSync(data, { recursive: true }));
  mkdirSync(join(data, 'pg_wal'));
  for (const [number, name] of [FIRST, SECOND].entries()) {
    const bytes = Buffer.alloc(SEGMENT, 0xaa);
    for (let page = 0; page < SEGMENT / PAGE; page++) {
      const written = number === 0 || page < 3;
      bytes.writeBigUInt64LE(written ? BigInt((number + 1) * SEGMENT + page * PAGE) : 7n, page * PAGE + 8);
    }
    writeFileSync(join(data, 'pg_wal', name), bytes);
  }
  return data;
}

const read = (data: string, name: string): Buffer => readFileSync(join(data, 'pg_wal', name));

it('leaves every byte before what was flushed, and none as it was between the cut and the end', () => {
  const before = log();
  const was = Buffer.concat([read(before, FIRST), read(before, SECOND)]);
  const flushed = BigInt(2 * SEGMENT - 100);
  const end = 2 * SEGMENT + 3 * PAGE;
  for (let seed = 0; seed < 3; seed++) {
    const data = log();
    const bytes = cutLog(data, flushed, new Random(seed));
    expect(bytes).toBeLessThanOrEqual(end - Number(flushed));
    const whole = Buffer.concat([read(data, FIRST), read(data, SECOND)]);
    const cut = end - SEGMENT - bytes;
    expect(whole.subarray(0, cut).equals(was.subarray(0, cut))).toBe(true);
    expect(bytes < 64 || !whole.subarray(cut, cut + bytes).equals(was.subarray(cut, cut + bytes))).toBe(true);
    expect(whole.subarray(end - SEGMENT).equals(was.subarray(end - SEGMENT))).toBe(true);
  }
});

it('finds the file of the newest timeline', () => {
  const data = log();
  const newer = '000000020000000000000002';
  writeFileSync(join(data, 'pg_wal', newer), '');
  expect(segment(join(data, 'pg_wal'), BigInt(2 * SEGMENT))).toBe(join(data, 'pg_wal', newer));
  expect(segment(join(data, 'pg_wal'), BigInt(3 * SEGMENT))).toBeNull();
});
