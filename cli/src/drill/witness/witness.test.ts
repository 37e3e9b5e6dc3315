import { type BundleHeader, BundleWriter, encodeOwnershipNotice } from '@lifeverse/contracts';
import { expect, it } from 'vitest';
import { staleHeard, staleWrites } from './fences.ts';
import { OwnerLog } from './owner-log.ts';
import type { Write } from './write-witness.ts';

const body = (of: number): Uint8Array => Uint8Array.from({ length: 12 }, (_, at) => of + at);

function bundle(zone: number, epoch: number, tick: number, told: readonly Uint8Array[]): Uint8Array {
  const out = new BundleWriter();
  told.forEach((bytes, session) => void out.session({ session, body: bytes }));
  out.section(0, true, body(200));
  const header: BundleHeader = {
    ...{ zone, epoch, tick, generation: 1, since: 1, sequence: tick, rate: 256, interestVersion: 1 },
  };
  return out.take(header, new Uint8Array(0));
}

function notice(server: string, zone: number, epoch: number): Uint8Array {
  const known = { settled: 0, busyPermille: 0, players: 3, middle: { x: 0, y: 0 } };
  return encodeOwnershipNotice({ server, reaches: true, zones: [{ zone, epoch, ...known }] });
}

/** Zone 1 goes from `a` to `b`, and `a` says something once more. */
function takenOver(): OwnerLog {
  const log = new OwnerLog();
  log.notice(notice('a', 1, 5));
  log.bundle(bundle(1, 5, 10, [body(1)]), 100);
  log.bundle(bundle(1, 5, 11, [body(2)]), 150);
  log.notice(notice('b', 1, 6));
  log.bundle(bundle(1, 6, 60, [body(3)]), 2_000);
  log.bundle(bundle(1, 5, 61, [body(4), Uint8Array.of(1)]), 2_050);
  log.bundle(bundle(1, 6, 61, [body(5)]), 2_060);
  return log;
}

it('who speaks for a zone is known by epoch, and who speaks behind a later one', () => {
  const log = takenOver();
  expect(log.owners).toEqual([
    { zone: 1, epoch: 5, server: 'a', firstMs: 100, lastMs: 2_050, bundles: 3 },
    { zone: 1, epoch: 6, server: 'b', firstMs: 2_000, lastMs: 2_060, bundles: 2 },
  ]);
  expect(log.ownerOf(1)?.server).toBe('b');
  expect(log.ownerOf(2)).toBeUndefined();
  // Neither what is short nor a keyframe tells who said it.
  expect(log.strays).toEqual([{ zone: 1, epoch: 5, newest: 6, atMs: 2_050, pieces: [body(4)] }]);
  expect(log.servers.get('b')?.[0]).toMatchObject({ zone: 1, players: 3 });
  log.bundle(Uint8Array.of(1, 2, 3), 3_000);
  log.notice(Uint8Array.of(9));
  expect(log.strays).toHaveLength(1);
});

it('a frame of a former owner is found in what a player heard, and nobody else’s is', () => {
  const { strays } = takenOver();
  const heard = (of: number, atMs: number) => ({ name: 'Ann', atMs, bytes: Uint8Array.of(0x44, 0, ...body(of)) });
  expect(staleHeard(strays, [heard(3, 2_010), heard(5, 2_070)])).toEqual([]);
  expect(staleHeard(strays, [heard(3, 2_010), heard(4, 2_055), heard(5, 2_070)])).toEqual([
    'Ann heard zone 1 by its epoch 5, which had 6 by then',
  ]);
  // The same long before it was said again is what was said then.
  expect(staleHeard(strays, [heard(4, 1_000)])).toEqual([]);
});

const taken = (order: number, epoch: number): Write => ({ kind: 'taken', order, zone: 1, epoch });
const kept = (order: number, epoch: number, newest: number): Write => {
  return { kind: 'checkpoint', order, zone: 1, epoch, newest };
};
const done = (order: number, key: string): Write => ({ kind: 'operation', order, key });

it.each<[string, Write[], string[]]>([
  ['what each owner had kept in its time', [kept(1, 5, 5), done(2, 'a'), taken(3, 6), kept(4, 6, 6), done(5, 'b')], []],
  [
    'a checkpoint of the former one',
    [taken(3, 6), kept(4, 5, 6)],
    ['a checkpoint was kept for zone 1 by epoch 5, which had 6'],
  ],
  [
    'an operation of the former one',
    [done(4, 'a'), taken(3, 6)],
    ['the operation a was done for an owner who was none any more'],
  ],
  ['an operation that both had asked for', [taken(3, 6), done(4, 'c')], []],
  ['an operation that no zone asked for', [taken(3, 6), done(4, 'd')], []],
])('of writes it finds what was committed for who is no owner any more: %s', (_what, writes, found) => {
  const asked = [
    { key: 'a', zone: 1, epoch: 5 },
    { key: 'b', zone: 1, epoch: 6 },
    ...[5, 6].map((epoch) => ({ key: 'c', zone: 1, epoch })),
  ];
  expect(staleWrites(writes, asked)).toEqual(found);
});
