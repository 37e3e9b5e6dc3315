/**
 * What a value from outside must look like: plain data, so that it can be shown to who has to write one. Ranges are
 * inclusive, lengths are bytes of UTF-8.
 */
export type Shape =
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer' | 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'text'; readonly maxBytes: number }
  | { readonly kind: 'list'; readonly of: Shape; readonly max: number }
  /** Values by name. */
  | { readonly kind: 'map'; readonly of: Shape; readonly max: number }
  /** All fields are there, but those that are `optional`; no others. */
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Shape>>; readonly optional: readonly string[] };

type Fields = Readonly<Record<string, Shape>>;

/** The type of a value that has this shape; unknown when the shape is not known before the program runs. */
export type ShapedAs<S extends Shape> = Shape extends S
  ? unknown
  : S extends { kind: 'boolean' }
    ? boolean
    : S extends { kind: 'integer' | 'number' }
      ? number
      : S extends { kind: 'choice'; options: readonly (infer Option)[] }
        ? Option
        : S extends { kind: 'text' }
          ? string
          : S extends { kind: 'list'; of: infer Of extends Shape }
            ? readonly ShapedAs<Of>[]
            : S extends { kind: 'map'; of: infer Of extends Shape }
              ? Readonly<Record<string, ShapedAs<Of>>>
              : S extends { kind: 'object'; fields: infer F extends Fields; optional: readonly (infer Optional)[] }
                ? { readonly [K in Exclude<keyof F, Optional>]: ShapedAs<F[K]> } & {
                    readonly [K in keyof F & Optional]?: ShapedAs<F[K]>;
                  }
                : never;

export const shape = {
  boolean: () => ({ kind: 'boolean' }) as const,
  /** A whole number that JSON and JavaScript have without loss. */
  integer: (min: number, max: number) => ({ kind: 'integer', min, max }) as const,
  number: (min: number, max: number) => ({ kind: 'number', min, max }) as const,
  choice: <const O extends readonly [string, ...string[]]>(...options: O) => ({ kind: 'choice', options }) as const,
  text: (maxBytes: number) => ({ kind: 'text', maxBytes }) as const,
  list: <const S extends Shape>(of: S, max: number) => ({ kind: 'list', of, max }) as const,
  map: <const S extends Shape>(of: S, max: number) => ({ kind: 'map', of, max }) as const,
  object: <const F extends Fields, const O extends readonly (keyof F & string)[] = []>(fields: F, optional?: O) =>
    ({ kind: 'object', fields, optional: (optional ?? []) as O }) as const,
} as const;

/** What is wrong with something, and where: a JSON Pointer (RFC 6901), '' being the whole. */
export interface Fault {
  readonly at: string;
  readonly why: string;
}

export type Shaped<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Who sends a wrong thing needs the beginning of what is wrong with it. */
const FAULTS_MAX = 20;
const NAME_BYTES = 64;

/**
 * Takes a value from outside, as parsed from JSON: either made anew of nothing but what the shape knows, or with all
 * that is wrong with it (the first 20). Never throws.
 */
export function parseShape<const S extends Shape>(wanted: S, input: unknown): Shaped<ShapedAs<S>> {
  const faults: Fault[] = [];
  const value = parsed(wanted, input, '', faults);
  return faults.length === 0 ? { ok: true, value: value as ShapedAs<S> } : { ok: false, faults };
}

/** A reference token of RFC 6901, of a length for people. */
export function pointer(name: string): string {
  return name.slice(0, 64).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Text of 1..`maxBytes` bytes, well-formed and without control characters. */
export function isText(value: unknown, maxBytes: number): value is string {
  return (
    typeof value === 'string' &&
    value.length >= 1 &&
    value.length <= maxBytes &&
    value.isWellFormed() &&
    !/\p{Cc}/u.test(value) &&
    new TextEncoder().encode(value).length <= maxBytes
  );
}

function parsed(wanted: Shape, input: unknown, at: string, faults: Fault[]): unknown {
  if (faults.length >= FAULTS_MAX) return undefined;
  switch (wanted.kind) {
    case 'list':
      if (!Array.isArray(input) || input.length > wanted.max)
        return wrong(at, `must be a list of at most ${wanted.max}`, faults);
      return input.map((each, index) => parsed(wanted.of, each, `${at}/${index}`, faults));
    case 'map':
      return parsedMap(wanted, input, at, faults);
    case 'object':
      return parsedObject(wanted, input, at, faults);
    default:
      return isPlain(wanted, input) ? input : wrong(at, `must be ${expected(wanted)}`, faults);
  }
}

function wrong(at: string, why: string, faults: Fault[]): undefined {
  if (faults.length < FAULTS_MAX) faults.push({ at, why });
}

function parsedMap(wanted: Shape & { kind: 'map' }, input: unknown, at: string, faults: Fault[]): unknown {
  if (!isRecord(input)) return wrong(at, 'must be an object of values by name', faults);
  const entries = Object.entries(input);
  if (entries.length > wanted.max) return wrong(at, `must have at most ${wanted.max} values`, faults);
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const there = `${at}/${pointer(name)}`;
      if (!isText(name, NAME_BYTES) || name === '__proto__')
        wrong(there, `is no name: text of 1 to ${NAME_BYTES} bytes`, faults);
      return [name, parsed(wanted.of, value, there, faults)];
    }),
  );
}

function parsedObject(wanted: Shape & { kind: 'object' }, input: unknown, at: string, faults: Fault[]): unknown {
  if (!isRecord(input)) return wrong(at, 'must be an object', faults);
  const names = Object.keys(wanted.fields);
  for (const name of Object.keys(input))
    if (!Object.hasOwn(wanted.fields, name))
      wrong(`${at}/${pointer(name)}`, `is no field; there are ${names.join(', ')}`, faults);
  const fields: [string, unknown][] = [];
  for (const [name, field] of Object.entries(wanted.fields)) {
    if (Object.hasOwn(input, name)) fields.push([name, parsed(field, input[name], `${at}/${name}`, faults)]);
    else if (!wanted.optional.includes(name)) wrong(`${at}/${name}`, 'is missing', faults);
  }
  return Object.fromEntries(fields);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Plain = Exclude<Shape, { kind: 'list' | 'map' | 'object' }>;

function isPlain(wanted: Plain, value: unknown): boolean {
  switch (wanted.kind) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'choice':
      return typeof value === 'string' && wanted.options.includes(value);
    case 'text':
      return isText(value, wanted.maxBytes);
    default: {
      const inRange = typeof value === 'number' && value >= wanted.min && value <= wanted.max;
      return inRange && (wanted.kind === 'number' || Number.isSafeInteger(value));
    }
  }
}

function expected(wanted: Plain): string {
  switch (wanted.kind) {
    case 'boolean':
      return 'true or false';
    case 'choice':
      return `one of ${wanted.options.join(', ')}`;
    case 'text':
      return `text of 1 to ${wanted.maxBytes} bytes without control characters`;
    default:
      return `a ${wanted.kind === 'integer' ? 'whole ' : ''}number from ${wanted.min} to ${wanted.max}`;
  }
}
