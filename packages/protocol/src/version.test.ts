import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from './fingerprint.ts';
import { goldenDump } from './test-golden.ts';
import { negotiate, OLDEST_VERSION, PROTOCOL_VERSION } from './version.ts';

/**
 * One line a version: which messages it brought, and the fingerprint of the bytes of all it has. Where this fails, the
 * wire has changed: raise PROTOCOL_VERSION with a line of history in version.ts and here, and let OLDEST_VERSION follow.
 */
const history: readonly { version: number; brings: readonly string[]; print: string }[] = [
  {
    version: 1,
    brings: [
      ...['hello', 'input', 'heartbeat', 'rekey', 'mute', 'leave'],
      ...['welcome', 'frame', 'keys', 'private', 'events'],
    ],
    print: 'fe2e53523536591c',
  },
  { version: 2, brings: ['pace'], print: 'cba1059f7597946a' },
  { version: 3, brings: ['operation'], print: '321a95db7e144228' },
  { version: 4, brings: ['go', 'move', 'continued'], print: 'ec51f337a7e3e0c0' },
];

describe('[PR29] the version of the protocol', () => {
  it('stands for these bytes', () => {
    expect(goldenDump()).toEqual([
      'hello 0102011030313233343536373839616263646566097469636b65742dc3a9',
      'input 02ac02701140e20180ff00',
      'heartbeat 03409c',
      'rekey 0401030014c801',
      'mute 0580808080802001',
      'leave 06',
      'operation 0700112233445566778899aabbccddeeff010380',
      'move 0804031030313233343536373839616263646566ac02097469636b65742dc3a9',
      'welcome 4102c976be9f0c24fe40a5138080808080200309d00f0105c0001030313233343536373839616263646566106665646362613938373635343332313004737465700d7b226e616d65223a22c3a9227d',
      'frame 42a55300a10600',
      'keys 43a509d00f0105c801ff02d5030102030000',
      'private 4401409cc8000c241e00a501',
      'events 45a5808080808020010200',
      'pace 46a5c000',
      'go 4701904e0968747470733a2f2f62',
      'continued 48ac02',
    ]);
  });

  it.each(history)('$version has the messages it always had, as they always were', ({ version, print }) => {
    const kinds = new Set(history.filter((entry) => entry.version <= version).flatMap(({ brings }) => brings));
    const dump = goldenDump().filter((line) => kinds.has(line.split(' ')[0] as string));
    expect(dump).toHaveLength(kinds.size);
    expect(fingerprint(dump.join('\n'))).toBe(print);
  });

  it('is the last of its history, which has a line for each', () => {
    expect(history.map(({ version }) => version)).toEqual(Array.from({ length: PROTOCOL_VERSION }, (_, i) => i + 1));
    expect(history.flatMap(({ brings }) => brings)).toHaveLength(goldenDump().length);
    const source = readFileSync(join(import.meta.dirname, 'version.ts'), 'utf8');
    for (const { version } of history) expect(source).toMatch(new RegExp(`^ \\* ${version} {2}\\S`, 'm'));
  });
});

describe('[PR28] negotiation', () => {
  it('takes the newest that both speak', () => {
    expect(negotiate(4, 3)).toBe(4);
    expect(negotiate(3, 3)).toBe(3);
    expect(negotiate(4, 4)).toBe(4);
    expect(negotiate(3, 2)).toBe(3);
    expect(negotiate(7, 4)).toBe(4);
    expect(negotiate(7, 2)).toBe(4);
  });

  it.each([
    ['too old', 2, 2],
    ['too new', 5, 5],
    ['in contradiction', 3, 4],
    ['from far away', 255, 254],
  ])('finds none with a client that is %s', (_what, newest, oldest) => {
    expect(negotiate(newest, oldest)).toBeUndefined();
  });

  it('never takes one that a side does not speak', () => {
    fc.assert(
      fc.property(fc.nat({ max: 255 }), fc.nat({ max: 255 }), (newest, oldest) => {
        const version = negotiate(newest, oldest);
        if (version === undefined) return;
        expect(version).toBeLessThanOrEqual(Math.min(newest, PROTOCOL_VERSION));
        expect(version).toBeGreaterThanOrEqual(Math.max(oldest, OLDEST_VERSION));
      }),
    );
  });

  it('serves the version before this one', () => {
    expect(OLDEST_VERSION).toBe(PROTOCOL_VERSION - 1);
  });
});
