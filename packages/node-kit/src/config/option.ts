/**
 * A setting, declared once: what `--help`, the reference page, the parser and the refusals are made from.
 * `unit` is a word for people ('ms', 'per second'), empty where there is none.
 */
export interface OptionDeclaration<Value> {
  readonly kind: 'integer' | 'text' | 'choice' | 'flag' | 'list';
  readonly unit: string;
  readonly sentence: string;
  readonly default: Value;
  /** What a value must be, as the end of "--port must be ...". */
  readonly expected: string;
  /** What is given is not repeated when it is refused. */
  readonly secret?: boolean;
  /** Undefined when the text is no value of this option. */
  parse(text: string): Value | undefined;
}

// `any`: a set of options holds options of any value; what `readOptions` gives back is exact.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Options = Readonly<Record<string, OptionDeclaration<any>>>;

export type OptionValues<O extends Options> = {
  readonly [K in keyof O]: O[K] extends OptionDeclaration<infer Value> ? Value : never;
};

interface Described {
  readonly sentence: string;
}

export function integer(
  declared: Described & { min: number; max: number; default: number; unit?: string },
): OptionDeclaration<number> {
  const { min, max, sentence } = declared;
  return {
    kind: 'integer',
    unit: declared.unit ?? '',
    sentence,
    default: declared.default,
    expected: `a whole number from ${min} to ${max}`,
    parse(text) {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

/** As `integer`, and null when it was not given. */
export function optionalInteger(
  declared: Described & { min: number; max: number; unit?: string },
): OptionDeclaration<number | null> {
  return { ...integer({ ...declared, default: declared.min }), default: null };
}

export function choice<const T extends readonly [string, ...string[]]>(
  declared: Described & { options: T; default: T[number] },
): OptionDeclaration<T[number]> {
  const { options, sentence } = declared;
  return {
    kind: 'choice',
    unit: '',
    sentence,
    default: declared.default,
    expected: `one of ${options.join(', ')}`,
    parse: (text) => options.find((option) => option === text),
  };
}

/** Text of 1..255 characters without control characters, and null when it was not given. */
export function optionalText(
  declared: Described & { expected: string; secret?: boolean; accept?: (value: string) => boolean },
): OptionDeclaration<string | null> {
  const { accept, ...rest } = declared;
  return { kind: 'text', unit: '', default: null, ...rest, parse: (value) => accepted(value, accept) };
}

function accepted(value: string, accept: ((value: string) => boolean) | undefined): string | undefined {
  const given = printable(value);
  return given !== undefined && (accept === undefined || accept(given)) ? given : undefined;
}

export function text(
  declared: Described & { expected: string; default: string; accept?: (value: string) => boolean },
): OptionDeclaration<string> {
  const { accept, ...rest } = declared;
  return {
    kind: 'text',
    unit: '',
    ...rest,
    parse: (value) => accepted(value, accept),
  };
}

/** Values parted by commas. */
export function list(
  declared: Described & { expected: string; accept: (value: string) => boolean; secret?: boolean },
): OptionDeclaration<readonly string[]> {
  const { accept, ...rest } = declared;
  return {
    kind: 'list',
    unit: '',
    default: [],
    ...rest,
    parse(value) {
      const items = value.split(',').map((item) => item.trim());
      return items.every((item) => printable(item) !== undefined && accept(item)) ? items : undefined;
    },
  };
}

/** Off unless given; `--flag`, `--flag=false`, or `true`, `false`, `1`, `0` in the environment. */
export function flag(declared: Described): OptionDeclaration<boolean> {
  return {
    kind: 'flag',
    unit: '',
    sentence: declared.sentence,
    default: false,
    expected: 'true or false',
    parse: (value) =>
      value === '' || value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : undefined,
  };
}

function printable(value: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that are refused
  return value.length >= 1 && value.length <= 255 && !/[\u0000-\u001f\u007f]/.test(value) ? value : undefined;
}

/** `areaM2` is `--area-m2` on the command line. */
export function flagName(option: string): string {
  return `--${words(option).join('-')}`;
}

/** `areaM2` is `LIFEVERSE_AREA_M2` in the environment. */
export function environmentName(option: string): string {
  return `${ENVIRONMENT_PREFIX}${words(option).join('_').toUpperCase()}`;
}

export const ENVIRONMENT_PREFIX = 'LIFEVERSE_';

function words(option: string): string[] {
  return option.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
}
