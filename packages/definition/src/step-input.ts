import type { FieldCodec, MessageLayout, RawRecord } from '@lifeverse/protocol';
import { compileField } from '@lifeverse/protocol';

/** Turns the raw record of a predicted command into what its step receives: headings stay integers. */
export function compileStepInput(layout: MessageLayout): (raw: RawRecord) => Record<string, unknown> {
  const fields = layout.fields.map((field): [string, FieldCodec] => [field.name, compileField(field.layout)]);
  return (raw) => {
    const input: Record<string, unknown> = {};
    for (const [name, codec] of fields) {
      const value = raw[name] ?? codec.initial;
      input[name] = codec.layout.kind === 'heading' ? value : codec.fromRaw(value);
    }
    return input;
  };
}
