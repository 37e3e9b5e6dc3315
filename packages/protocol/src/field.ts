import { type BitReader, type BitWriter, bitsFor } from './bits.ts';
import { decodeUtf8 } from './bytes.ts';
import { itemsCodec, type Thing } from './items.ts';

/**
 * The layout of one field, as data: what travels, hashes into the fingerprint and can be fetched.
 * `raw` is the value as the wire and the stores hold it: a non-negative integer, or a string for text and for lists.
 */
export type FieldLayout =
  | { readonly kind: 'bool' }
  /** Integers min..max. */
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  /** Reals min..max in steps of `precision`; `unit` is for people. */
  | {
      readonly kind: 'real';
      readonly unit: string;
      readonly min: number;
      readonly max: number;
      readonly precision: number;
    }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  /** A direction, radians counter-clockwise from east, in 1024 steps. */
  | { readonly kind: 'heading' }
  | { readonly kind: 'text'; readonly maxBytes: number }
  /** An entity's identity; 0 is nobody. `withinM`: the reach that the server enforces, null for none. */
  | { readonly kind: 'entity'; readonly withinM: number | null }
  /** Things, at most so many, each by its identity and its kind. */
  | { readonly kind: 'items'; readonly kinds: readonly string[]; readonly most: number };

export type Raw = number | string;

/** What the game sees of a field. */
export type FieldValue = boolean | number | string | readonly Thing[];

/** A field's coding, compiled once from its layout. */
export interface FieldCodec {
  readonly layout: FieldLayout;
  /** Raw value of a field that nobody has set. */
  readonly initial: Raw;
  /** Undefined when the value is out of range or of another type. */
  toRaw(value: unknown): Raw | undefined;
  fromRaw(raw: Raw): FieldValue;
  write(out: BitWriter, raw: Raw): void;
  /** Fails the reader when what it finds is out of range. */
  read(from: BitReader): Raw;
}

export const HEADING_STEPS = 1_024;

const encoder = new TextEncoder();
const SURROGATE_ALONE = /\p{Surrogate}/u;

function integerCodec(
  layout: FieldLayout,
  span: number,
  initial: number,
): Pick<FieldCodec, 'layout' | 'initial' | 'write' | 'read'> {
  const bits = bitsFor(span);
  const narrow = bits <= 24;
  return {
    layout,
    initial,
    write: narrow ? (out, raw) => out.bits(raw as number, bits) : (out, raw) => out.wide(raw as number, bits),
    read(from) {
      const raw = narrow ? from.bits(bits) : from.wide(bits);
      if (raw <= span) return raw;
      from.fail();
      return initial;
    },
  };
}

function numberWithin(value: unknown, min: number, max: number): number | undefined {
  return typeof value === 'number' && value >= min && value <= max ? value : undefined;
}

function textCodec(layout: Extract<FieldLayout, { kind: 'text' }>): FieldCodec {
  return {
    layout,
    initial: '',
    toRaw(value) {
      if (typeof value !== 'string' || SURROGATE_ALONE.test(value)) return undefined;
      return encoder.encode(value).length <= layout.maxBytes ? value : undefined;
    },
    fromRaw: (raw) => raw,
    write(out, raw) {
      const bytes = encoder.encode(raw as string);
      out.chunked(bytes.length, 6);
      out.octets(bytes);
    },
    read(from) {
      const length = from.chunked(6);
      if (length > layout.maxBytes) from.fail();
      const value = decodeUtf8(from.octets(from.failed ? 0 : length));
      if (value === undefined) from.fail();
      return value ?? '';
    },
  };
}

const FULL_TURN = 6.283185307179586;

/** Radians to one of 1024 headings; undefined for what is not a finite number. */
export function headingOf(radians: number): number | undefined {
  if (!Number.isFinite(radians)) return undefined;
  const step = Math.round((radians / FULL_TURN) * HEADING_STEPS) % HEADING_STEPS;
  return step < 0 ? step + HEADING_STEPS : step + 0;
}

export function compileField(layout: FieldLayout): FieldCodec {
  switch (layout.kind) {
    case 'bool':
      return {
        ...integerCodec(layout, 1, 0),
        toRaw: (value) => (typeof value === 'boolean' ? Number(value) : undefined),
        fromRaw: (raw) => raw === 1,
      };
    case 'integer': {
      const { min, max } = layout;
      const initial = min <= 0 && max >= 0 ? 0 - min : 0;
      return {
        ...integerCodec(layout, max - min, initial),
        toRaw(value) {
          const n = numberWithin(value, min, max);
          return n !== undefined && Number.isInteger(n) ? n - min : undefined;
        },
        fromRaw: (raw) => (raw as number) + min,
      };
    }
    case 'real': {
      const { min, max, precision } = layout;
      const initial = min <= 0 && max >= 0 ? Math.round((0 - min) / precision) : 0;
      return {
        ...integerCodec(layout, Math.round((max - min) / precision), initial),
        toRaw(value) {
          const n = numberWithin(value, min, max);
          return n === undefined ? undefined : Math.round((n - min) / precision);
        },
        // The last step may reach beyond the range when precision does not divide it.
        fromRaw: (raw) => Math.min(max, min + (raw as number) * precision),
      };
    }
    case 'choice': {
      const { options } = layout;
      return {
        ...integerCodec(layout, options.length - 1, 0),
        toRaw(value) {
          const index = options.indexOf(value as string);
          return index < 0 ? undefined : index;
        },
        fromRaw: (raw) => options[raw as number] as string,
      };
    }
    case 'heading':
      return {
        ...integerCodec(layout, HEADING_STEPS - 1, 0),
        toRaw: (value) => (typeof value === 'number' ? headingOf(value) : undefined),
        fromRaw: (raw) => ((raw as number) / HEADING_STEPS) * FULL_TURN,
      };
    case 'text':
      return textCodec(layout);
    case 'entity':
      return {
        layout,
        initial: 0,
        toRaw: (value) => (Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined),
        fromRaw: (raw) => raw,
        write: (out, raw) => out.chunked(raw as number, 7),
        read: (from) => from.chunked(7),
      };
    case 'items':
      return itemsCodec(layout);
  }
}

/** Fields of a command, effect or event, in the order in which they travel (PR13). */
export interface RecordLayout {
  readonly fields: readonly NamedField[];
}

export interface NamedField {
  /** Stable: never reused for another meaning. */
  readonly number: number;
  readonly name: string;
  readonly layout: FieldLayout;
  /** Only in an adapted layout: a field that this side does not know; its initial value is sent when it is left out. */
  readonly optional?: boolean;
}

/** Raw values by field name. */
export type RawRecord = Record<string, Raw>;

export interface RecordCodec {
  /** The name of the first field that does not fit, or the raw record. */
  toRaw(values: Readonly<Record<string, unknown>>): { readonly raw: RawRecord } | { readonly invalid: string };
  fromRaw(raw: RawRecord): Record<string, FieldValue>;
  write(out: BitWriter, raw: RawRecord): void;
  read(from: BitReader): RawRecord;
}

export function compileRecord(layout: RecordLayout): RecordCodec {
  const fields = layout.fields.map(({ name, layout: fieldLayout, optional }) => {
    const codec = compileField(fieldLayout);
    return { name, codec, absent: optional === true ? codec.initial : undefined };
  });
  return {
    toRaw(values) {
      const raw: RawRecord = {};
      for (const { name, codec, absent } of fields) {
        const value = Object.hasOwn(values, name) ? codec.toRaw(values[name]) : absent;
        if (value === undefined) return { invalid: name };
        raw[name] = value;
      }
      return { raw };
    },
    fromRaw(raw) {
      const values: Record<string, FieldValue> = {};
      for (const { name, codec } of fields) values[name] = codec.fromRaw(raw[name] as Raw);
      return values;
    },
    write(out, raw) {
      for (const { name, codec } of fields) codec.write(out, raw[name] ?? codec.initial);
    },
    read(from) {
      const raw: RawRecord = {};
      for (const { name, codec } of fields) raw[name] = codec.read(from);
      return raw;
    },
  };
}
