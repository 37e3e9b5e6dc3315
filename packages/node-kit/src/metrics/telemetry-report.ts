import type { TelemetryReport } from '@lifeverse/contracts';
import { decodeUtf8 } from '@lifeverse/protocol';
import Type from 'typebox';
import { Compile } from 'typebox/compile';

const figures = Type.Record(Type.String({ maxLength: 64 }), Type.Number());

const schema = Compile(
  Type.Object({
    role: Type.Union([Type.Literal('gateway'), Type.Literal('zone'), Type.Literal('backend')]),
    instance: Type.String({ minLength: 1, maxLength: 64 }),
    counters: figures,
    gauges: figures,
    samples: Type.Record(Type.String({ maxLength: 64 }), Type.Array(Type.Number(), { maxItems: 100_000 })),
  }),
);

/** Undefined when the bytes are no report. */
export function decodeTelemetry(bytes: Uint8Array): TelemetryReport | undefined {
  try {
    const value: unknown = JSON.parse(decodeUtf8(bytes) ?? '');
    return schema.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
