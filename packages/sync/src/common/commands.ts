import {
  BitReader,
  BitWriter,
  compileRecord,
  type ErrorCode,
  limits,
  type MessageLayout,
  type RawRecord,
  type RecordCodec,
  type WorldLayout,
} from '@lifeverse/protocol';

/** One command or event as it travels: the number of its layout, and its raw fields. */
export interface RawMessage {
  readonly layout: MessageLayout;
  readonly raw: RawRecord;
}

/** Codes the bodies of inputs (some commands) and of events (one each) by a world's layout (SY14). */
export class MessageCodec {
  readonly #byNumber = new Map<number, { layout: MessageLayout; codec: RecordCodec }>();
  readonly #byName = new Map<string, { layout: MessageLayout; codec: RecordCodec }>();
  readonly #out = new BitWriter(256);

  constructor(layouts: readonly MessageLayout[]) {
    for (const layout of layouts) {
      const item = { layout, codec: compileRecord(layout) };
      this.#byNumber.set(layout.number, item);
      this.#byName.set(layout.name, item);
    }
  }

  /** Checks the values; a sentence when they do not fit. */
  prepare(name: string, values: Readonly<Record<string, unknown>>): RawMessage | string {
    const item = this.#byName.get(name);
    if (item === undefined) return `there is no ${JSON.stringify(name)}`;
    const result = item.codec.toRaw(values);
    return 'invalid' in result
      ? `${name}: ${JSON.stringify(result.invalid)} is missing or out of its range`
      : { layout: item.layout, raw: result.raw };
  }

  encode(messages: readonly RawMessage[]): Uint8Array {
    const out = this.#out;
    out.reset();
    for (const { layout, raw } of messages) {
      out.bits(layout.number, 8);
      (this.#byNumber.get(layout.number) as { codec: RecordCodec }).codec.write(out, raw);
    }
    out.bits(0, 8);
    return out.bytes();
  }

  /** Total: messages, or the code of what is wrong. */
  decode(bytes: Uint8Array): RawMessage[] | ErrorCode {
    const from = new BitReader(bytes);
    const messages: RawMessage[] = [];
    for (;;) {
      const number = from.bits(8);
      if (number === 0) return from.failed || from.bitsLeft >= 8 ? 'input_invalid' : messages;
      const item = this.#byNumber.get(number);
      if (item === undefined) return 'command_unknown';
      const raw = item.codec.read(from);
      if (from.failed || messages.length === limits.commandsPerInput) return 'input_invalid';
      messages.push({ layout: item.layout, raw });
    }
  }

  values(message: RawMessage): Record<string, unknown> {
    return (this.#byNumber.get(message.layout.number) as { codec: RecordCodec }).codec.fromRaw(message.raw);
  }
}

export function commandCodec(layout: WorldLayout): MessageCodec {
  return new MessageCodec(layout.commands);
}

export function eventCodec(layout: WorldLayout): MessageCodec {
  return new MessageCodec(layout.events);
}

/** Of what players ask for that is to last; each body is one operation (SY28). */
export function operationCodec(layout: WorldLayout): MessageCodec {
  return new MessageCodec(layout.operations ?? []);
}
