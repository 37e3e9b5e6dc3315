import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClientMessage, decodeClientMessage, encodeClientMessage, rekeyReasons } from './client-message.ts';
import * as limits from './limits.ts';

const of = (text: string): Uint8Array => Buffer.from(text, 'hex');
const decoded = (text: string): unknown => decodeClientMessage(of(text));

const u16 = fc.nat({ max: 0xffff });
const messages: Record<ClientMessage['type'], fc.Arbitrary<ClientMessage>> = {
  hello: fc.record({
    type: fc.constant('hello'),
    newest: fc.nat({ max: 255 }),
    oldest: fc.nat({ max: 255 }),
    layout: fc.string({ maxLength: 64 }),
    ticket: fc.string({ maxLength: limits.ticketChars }),
  }),
  input: fc.record({
    type: fc.constant('input'),
    sequence: fc.maxSafeNat(),
    tick: u16,
    sentMs: u16,
    body: fc.uint8Array({ maxLength: 100 }),
  }),
  heartbeat: fc.record({ type: fc.constant('heartbeat'), sentMs: u16 }),
  rekey: fc.record({
    type: fc.constant('rekey'),
    reason: fc.constantFrom(...rekeyReasons),
    cells: fc.array(fc.nat({ max: 4_096 }), { maxLength: limits.cellsInView }),
  }),
  mute: fc.record({ type: fc.constant('mute'), entity: fc.maxSafeNat(), muted: fc.boolean() }),
  leave: fc.constant({ type: 'leave' } as const),
  operation: fc.record({
    type: fc.constant('operation'),
    key: fc.uint8Array({ minLength: limits.keyBytes, maxLength: limits.keyBytes }),
    again: fc.boolean(),
    body: fc.uint8Array({ maxLength: limits.operationBytes }),
  }),
  move: fc.record({
    type: fc.constant('move'),
    newest: fc.nat({ max: 255 }),
    oldest: fc.nat({ max: 255 }),
    layout: fc.string({ maxLength: 64 }),
    incarnation: fc.maxSafeNat(),
    ticket: fc.string({ maxLength: limits.ticketChars }),
  }),
};

function travels(message: ClientMessage, bytes: string): void {
  const plain = (one: ClientMessage): object =>
    Object.fromEntries(
      Object.entries(one).map(([name, part]) => [name, part instanceof Uint8Array ? [...part] : part]),
    );

  it('has these bytes', () => {
    expect(Buffer.from(encodeClientMessage(message)).toString('hex')).toBe(bytes);
    expect(plain(decoded(bytes) as ClientMessage)).toEqual(plain(message));
  });

  it('comes back as it was sent', () => {
    fc.assert(
      fc.property(messages[message.type], (sent) => {
        expect(plain(decodeClientMessage(encodeClientMessage(sent)) as ClientMessage)).toEqual(plain(sent));
      }),
    );
  });
}

describe('[PR14] hello', () => {
  travels(
    { type: 'hello', newest: 2, oldest: 1, layout: 'beef', ticket: 'T-1' },
    ['01', '02', '01', '0462656566', '03542d31'].join(''),
  );
});

describe('[PR35] move', () => {
  travels(
    { type: 'move', newest: 4, oldest: 3, layout: 'beef', incarnation: 300, ticket: 'T-1' },
    ['08', '04', '03', '0462656566', 'ac02', '03542d31'].join(''),
  );
});

describe('[PR15] input', () => {
  travels(
    { type: 'input', sequence: 300, tick: 0x1234, sentMs: 0xabcd, body: Uint8Array.of(9, 8) },
    ['02', 'ac02', '3412', 'cdab', '0908'].join(''),
  );
});

describe('[PR16] heartbeat', () => {
  travels({ type: 'heartbeat', sentMs: 0x0102 }, '030201');
});

describe('[PR17] rekey', () => {
  travels({ type: 'rekey', reason: 'malformed', cells: [0, 200] }, ['04', '02', '02', '00', 'c801'].join(''));
});

describe('[PR18] mute', () => {
  travels({ type: 'mute', entity: 7, muted: true }, '050701');
});

describe('[PR19] leave', () => {
  travels({ type: 'leave' }, '06');
});

describe('[PR32] operation', () => {
  const key = '00112233445566778899aabbccddeeff';
  travels(
    { type: 'operation', key: of(key), again: true, body: Uint8Array.of(3, 4) },
    ['07', key, '01', '0304'].join(''),
  );

  it.each([
    ['half a key', `07${key.slice(0, 16)}`],
    ['no word of whether it is said again', `07${key}`],
    ['another word than yes and no', `07${key}02`],
    ['a body above the limit', `07${key}00${'00'.repeat(limits.operationBytes + 1)}`],
  ])('with %s is malformed', (_what, bytes) => {
    expect(decoded(bytes)).toBe('malformed_message');
  });

  it('with the longest body is one', () => {
    expect(decoded(`07${key}00${'00'.repeat(limits.operationBytes)}`)).toMatchObject({ type: 'operation' });
  });
});

it('[PR15] [PR16] ticks and times are sent modulo 65536', () => {
  const input = { type: 'input', sequence: 1, tick: 0x7_1234, sentMs: 0x9_abcd, body: of('00') } as const;
  expect(decodeClientMessage(encodeClientMessage(input))).toMatchObject({ tick: 0x1234, sentMs: 0xabcd });
  expect(decodeClientMessage(encodeClientMessage({ type: 'heartbeat', sentMs: 0x1_0001 }))).toEqual({
    type: 'heartbeat',
    sentMs: 1,
  });
});

it('[PR1] a message above 16 KiB is refused unread', () => {
  const body = new Uint8Array(limits.messageBytes - 6);
  const input = { type: 'input', sequence: 1, tick: 0, sentMs: 0, body } as const;
  expect(encodeClientMessage(input)).toHaveLength(limits.messageBytes);
  expect(decodeClientMessage(encodeClientMessage(input))).toMatchObject({ type: 'input' });
  expect(decodeClientMessage(new Uint8Array(limits.messageBytes + 1))).toBe('message_too_large');
});

describe('[PR8] what is no message is malformed', () => {
  it.each([
    ['nothing', ''],
    ['no such type', '00'],
    ['a type of the server', '42'],
    ['a hello with more behind it', '01' + '0201' + '00' + '00' + 'ff'],
    ['a hello with a layout of 65 characters', `01${'0201'}41${'61'.repeat(65)}00`],
    ['a hello with a ticket of 641 characters', `01${'0201'}00${'8105'}${'61'.repeat(641)}`],
    ['a hello whose ticket is no text', '01' + '0201' + '00' + '01ff'],
    ['an input without its times', '02' + '01' + '0000'],
    ['an input whose sequence is beyond 2^53', '02' + 'ffffffffffffffff01' + '00000000'],
    ['an input whose sequence does not end', `02${'80'.repeat(300)}00`],
    ['a heartbeat that is longer', '03' + '000000'],
    ['a rekey for an unknown reason', '04' + '03' + '00'],
    ['a rekey of more cells than it has', '04' + '00' + '02' + '01'],
    ['a rekey of more cells than anyone sees', `04${'00'}${'8102'}${'00'.repeat(257)}`],
    ['a mute that is neither on nor off', '05' + '07' + '02'],
    ['a leave with something behind it', '06' + '00'],
  ])('%s', (_what, bytes) => {
    expect(decoded(bytes)).toBe('malformed_message');
  });
});
