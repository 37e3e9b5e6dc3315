import { Random } from '@lifeverse/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader } from './bits.ts';
import { ByteReader } from './bytes.ts';
import { type ClientMessage, decodeClientMessage, encodeClientMessage } from './client-message.ts';
import { isErrorCode } from './errors.ts';
import { compileField, type FieldLayout } from './field.ts';
import * as limits from './limits.ts';
import { decodeContinued, decodeGo, decodePrivate, decodeWelcome } from './server-message.ts';
import { anyBytes, damaged } from './test-damage.ts';
import { goldenMessages } from './test-golden.ts';

const { clientMessages, serverMessages } = goldenMessages;
const RANDOM_STRINGS = 100_000;

function isSoundClientMessage(message: ClientMessage): boolean {
  const numbers = Object.values(message)
    .flat()
    .filter((value) => typeof value === 'number');
  return numbers.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function readAsClient(bytes: Uint8Array): void {
  const result = decodeClientMessage(bytes);
  const sound = typeof result === 'string' ? isErrorCode(result) : isSoundClientMessage(result);
  if (!sound) expect.fail(`took ${JSON.stringify(result)}`);
}

function readAsServer(bytes: Uint8Array): void {
  const welcome = decodeWelcome(new ByteReader(bytes, Math.min(1, bytes.length)));
  if (welcome !== undefined && !Number.isFinite(welcome.serverMs)) expect.fail('took a time that is none');
  const message = decodePrivate(new ByteReader(bytes, Math.min(1, bytes.length)));
  if (message !== undefined && message.body.length > bytes.length) expect.fail('took more than there is');
  const go = decodeGo(new ByteReader(bytes, Math.min(1, bytes.length)));
  if (go !== undefined && !Number.isSafeInteger(go.withinMs)) expect.fail('took a time that is none');
  const applied = decodeContinued(new ByteReader(bytes, Math.min(1, bytes.length)));
  if (applied !== undefined && !Number.isSafeInteger(applied)) expect.fail('took a number that is none');
}

describe('[PR8] whatever arrives is a value or a code', () => {
  it.each(Object.entries(clientMessages))('%s, cut at every byte and with every bit turned', (_kind, message) => {
    for (const bytes of damaged(encodeClientMessage(message))) readAsClient(bytes);
  });

  it.each(Object.entries(serverMessages))('%s, cut at every byte and with every bit turned', (_kind, message) => {
    for (const bytes of damaged(message)) readAsServer(bytes);
  });

  it(`${RANDOM_STRINGS} random byte strings`, () => {
    const random = new Random(fc.readConfigureGlobal().seed ?? 0);
    const samples = [...Object.values(clientMessages).map(encodeClientMessage), ...Object.values(serverMessages)];
    const fields: FieldLayout[] = [
      { kind: 'text', maxBytes: limits.textBytes },
      { kind: 'entity', withinM: null },
      { kind: 'integer', min: -5, max: 2 ** 45 },
      { kind: 'choice', options: ['a', 'b', 'c'] },
    ];
    const codecs = fields.map(compileField);
    for (let i = 0; i < RANDOM_STRINGS; i++) {
      const bytes = anyBytes(random, samples);
      readAsClient(bytes);
      readAsServer(bytes);
      const from = new BitReader(bytes);
      for (const codec of codecs) {
        const raw = codec.read(from);
        if (!from.failed && codec.toRaw(codec.fromRaw(raw)) !== raw) expect.fail(`${codec.layout.kind} took ${raw}`);
      }
    }
  });
});
