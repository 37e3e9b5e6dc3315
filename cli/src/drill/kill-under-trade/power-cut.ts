import { closeSync, existsSync, openSync, readdirSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '@lifeverse/base';

const SEGMENT_BYTES = 16_777_216n;
const PAGE_BYTES = 8_192;
/** In a page's header: where it belongs in the log. A page of an earlier life of the file names another place. */
const PAGE_ADDRESS_AT = 8;

/**
 * Cuts the log of a PostgreSQL that is dead at a byte of chance, from `flushed` (which the disk had for certain) up to the
 * end of what it wrote: behind that byte, the disk has zeros, or what happened to be there. Answers how many bytes of
 * the log that took.
 */
export function cutLog(data: string, flushed: bigint, random: Random): number {
  const folder = join(data, 'pg_wal');
  const end = endOfLog(folder, flushed);
  // Often nothing more got there than what was asked to.
  const cut = random.below(2) === 0 ? flushed : flushed + BigInt(random.below(Number(end - flushed) + 1));
  const zeros = random.below(2) === 0;
  for (let at = cut; at < end; ) {
    const path = segment(folder, at);
    const inside = Number(at % SEGMENT_BYTES);
    const bytes = Math.min(Number(end - at), Number(SEGMENT_BYTES) - inside);
    const behind = Buffer.alloc(bytes);
    if (!zeros) for (let index = 0; index < bytes; index++) behind[index] = random.below(256);
    const file = openSync(path as string, 'r+');
    writeSync(file, behind, 0, bytes, inside);
    closeSync(file);
    at += BigInt(bytes);
  }
  return Number(end - cut);
}

/** Behind the last page that belongs to what was written since: a multiple of a page. */
function endOfLog(folder: string, from: bigint): bigint {
  const header = Buffer.alloc(PAGE_ADDRESS_AT + 8);
  for (let page = from - (from % BigInt(PAGE_BYTES)); ; page += BigInt(PAGE_BYTES)) {
    const path = segment(folder, page);
    if (path === null) return max(page, from);
    const file = openSync(path, 'r');
    const bytes = readSync(file, header, 0, header.length, Number(page % SEGMENT_BYTES));
    closeSync(file);
    if (bytes < header.length || header.readBigUInt64LE(PAGE_ADDRESS_AT) !== page) return max(page, from);
  }
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** The file with that place of the log, of the newest timeline; null when there is none. */
export function segment(folder: string, at: bigint): string | null {
  const hex = (number: bigint): string => number.toString(16).toUpperCase().padStart(8, '0');
  const behind = hex(at >> 32n) + hex((at & 0xffff_ffffn) / SEGMENT_BYTES);
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.length === 24 && name.endsWith(behind))
    : [];
  const newest = names.sort().at(-1);
  return newest === undefined ? null : join(folder, newest);
}
