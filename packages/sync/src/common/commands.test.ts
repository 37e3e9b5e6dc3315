import { Random } from '@lifeverse/base';
import { limits } from '@lifeverse/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandCodec, eventCodec, type MessageCodec, type RawMessage } from './commands.ts';
import { testLayout } from './test-layout.ts';

const codec = commandCodec(testLayout);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function ready(of: MessageCodec, name: string, values: object): RawMessage {
  const message = of.prepare(name, values as Record<string, unknown>);
  if (typeof message === 'string') throw new Error(message);
  return message;
}

describe('[SY14] bodies of inputs and events', () => {
  it('are numbers of eight bits with their fields, ended by a zero', () => {
    const walk = ready(codec, 'walk', { towards: Math.PI / 2, pace: 'run' });
    const rest = ready(codec, 'rest', {});
    expect(hex(codec.encode([walk]))).toBe('01000900');
    expect(hex(codec.encode([walk, rest]))).toBe('0100990000');
    expect(hex(codec.encode([]))).toBe('00');
    const speech = ready(eventCodec(testLayout), 'speech', { text: 'hi' });
    expect(hex(eventCodec(testLayout).encode([speech]))).toBe('0102b43400');
  });

  it('come back as they were sent, up to eight at once', () => {
    const command = fc.oneof(
      fc
        .record({
          towards: fc.double({ noNaN: true, noDefaultInfinity: true, min: -9, max: 9 }),
          pace: fc.constantFrom('stand', 'run'),
        })
        .map((input) => ready(codec, 'walk', input)),
      fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => ready(codec, 'say', { text })),
      fc.constant(ready(codec, 'rest', {})),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: limits.commandsPerInput }), (commands) => {
        expect(codec.decode(codec.encode(commands))).toEqual(commands);
      }),
    );
  });

  it('give back what the game said, as far as a field can hold it', () => {
    const walk = ready(codec, 'walk', { towards: Math.PI, pace: 'walk' });
    expect(codec.values(walk)).toEqual({ towards: Math.PI, pace: 'walk' });
    expect(ready(codec, 'say', { text: 'h\u00e9' }).raw).toEqual({ text: 'h\u00e9' });
  });

  it('say in a sentence what cannot be sent', () => {
    expect(codec.prepare('fly', {})).toBe('there is no "fly"');
    expect(codec.prepare('walk', { towards: 1, pace: 'fly' })).toBe('walk: "pace" is missing or out of its range');
    expect(codec.prepare('walk', { towards: Number.NaN, pace: 'run' })).toContain('"towards"');
    expect(codec.prepare('say', {})).toContain('"text"');
  });

  it.each([
    ['input_invalid', 'nothing', ''],
    ['input_invalid', 'no end', '09'],
    ['input_invalid', 'a pace that there is not', '01000d00'],
    ['input_invalid', 'a command that is cut', '0100'],
    ['input_invalid', 'a byte behind the end', '090000'],
    ['input_invalid', 'nine commands', `${'09'.repeat(9)}00`],
    ['command_unknown', 'a number that the world does not know', '0200'],
    ['command_unknown', 'such a number behind a good one', '090200'],
  ])('are %s with %s', (code, _what, bytes) => {
    expect(codec.decode(Buffer.from(bytes, 'hex'))).toBe(code);
  });

  it('are commands within their ranges or a code, whatever the bytes', () => {
    const random = new Random(fc.readConfigureGlobal().seed ?? 0);
    for (let i = 0; i < 20_000; i++) {
      const bytes = Uint8Array.from({ length: random.below(40) }, () =>
        random.chance(0.3) ? random.pick([1, 7, 9, 0]) : random.below(256),
      );
      const commands = codec.decode(bytes);
      if (typeof commands === 'string') expect(commands).toBeOneOf(['input_invalid', 'command_unknown']);
      else for (const one of commands) expect(typeof codec.prepare(one.layout.name, codec.values(one))).toBe('object');
    }
  });
});
