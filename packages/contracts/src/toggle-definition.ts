import { type Fault, isText, pointer } from '@lifeverse/base';
import type { ToggleDeclaration, ToggleValue } from './toggles.ts';

/** Who gets which variant. As JSON in the database, on the bus and in the admin API. */
export interface ToggleDefinition {
  /** By name: 1..32 of them. */
  readonly variants: Readonly<Record<string, ToggleValue>>;
  /** The variant of everybody whom no rule meets. */
  readonly serve: string;
  /** At most 64; the first that meets decides. */
  readonly targeting?: readonly TargetingRule[];
  /** Everybody gets the declared default. */
  readonly disabled?: boolean;
}

/** Meets whoever fulfils all that it names. */
export interface TargetingRule {
  readonly players?: readonly string[];
  readonly cohort?: readonly string[];
  readonly platform?: readonly string[];
  readonly region?: readonly string[];
  /** 0..100 in steps of 0.001, of those whom the rest of the rule meets: who is in stays in when it is raised. */
  readonly percentage?: number;
  /** RFC 3339 in UTC, of the server's time: from then on. */
  readonly from?: string;
  /** Up to then, and no more at it. */
  readonly until?: string;
  readonly serve: string;
}

export type ParsedDefinition =
  | { readonly ok: true; readonly definition: ToggleDefinition }
  | { readonly ok: false; readonly faults: readonly Fault[] };

const VARIANTS_MAX = 32;
const RULES_MAX = 64;
const NAMES_MAX = 1_000;
const NAME_BYTES = 256;
/** Who sends a wrong thing needs the beginning of what is wrong with it. */
const FAULTS_MAX = 20;
const VARIANT = /^[a-z][a-z0-9-]{0,31}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;
const definitionFields = ['variants', 'serve', 'targeting', 'disabled'];
const listFields = ['players', 'cohort', 'platform', 'region'] as const;
/** What parts players from one another. */
const partingFields = [...listFields, 'percentage'] as const;
const ruleFields = [...partingFields, 'from', 'until', 'serve'];

/**
 * Takes a definition from outside, as parsed from JSON: either one made anew of nothing but what is known here, or all
 * that is wrong with it (the first 20). Never throws.
 */
export function parseToggleDefinition(declaration: ToggleDeclaration, input: unknown): ParsedDefinition {
  const parser = new DefinitionParser(declaration);
  const definition = parser.definition(input);
  return parser.faults.length === 0 && definition !== null
    ? { ok: true, definition }
    : { ok: false, faults: parser.faults };
}

type Fields = Readonly<Record<string, unknown>>;

class DefinitionParser {
  readonly faults: Fault[] = [];
  readonly #declaration: ToggleDeclaration;
  /** The names given, also of values that are wrong: one fault is told once. */
  readonly #variants = new Set<string>();

  constructor(declaration: ToggleDeclaration) {
    this.#declaration = declaration;
  }

  definition(input: unknown): ToggleDefinition | null {
    const fields = this.#fields(input, '', definitionFields);
    if (fields === null) return null;
    const variants = this.#variantsOf(fields.variants);
    const serve = this.#served(fields.serve, '/serve');
    const targeting = this.#rules(fields.targeting);
    const { disabled } = fields;
    if (disabled !== undefined && typeof disabled !== 'boolean') this.#fault('/disabled', 'must be true or false');
    return {
      variants,
      serve,
      ...(targeting.length > 0 ? { targeting } : {}),
      ...(disabled === true ? { disabled } : {}),
    };
  }

  #fault(at: string, why: string): void {
    if (this.faults.length < FAULTS_MAX) this.faults.push({ at, why });
  }

  #fields(input: unknown, at: string, known: readonly string[]): Fields | null {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      this.#fault(at, 'must be an object');
      return null;
    }
    for (const name of Object.keys(input))
      if (!known.includes(name)) this.#fault(`${at}/${pointer(name)}`, `is no field; there are ${known.join(', ')}`);
    // What was inherited is not what was sent.
    return Object.fromEntries(
      known.filter((name) => Object.hasOwn(input, name)).map((name) => [name, Reflect.get(input, name)]),
    );
  }

  #variantsOf(input: unknown): Record<string, ToggleValue> {
    const variants: Record<string, ToggleValue> = {};
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      this.#fault('/variants', 'must be an object of values by name');
      return variants;
    }
    const entries = Object.entries(input);
    if (entries.length < 1 || entries.length > VARIANTS_MAX)
      this.#fault('/variants', `must have 1 to ${VARIANTS_MAX} values`);
    for (const [name, value] of entries.slice(0, VARIANTS_MAX)) {
      const at = `/variants/${pointer(name)}`;
      this.#variants.add(name);
      if (!VARIANT.test(name)) this.#fault(at, 'is no name: a-z, 0-9 and -, at most 32, a letter first');
      else if (!isValueOf(this.#declaration, value)) this.#fault(at, `must be ${expected(this.#declaration)}`);
      else variants[name] = value;
    }
    return variants;
  }

  #served(input: unknown, at: string): string {
    if (typeof input === 'string' && this.#variants.has(input)) return input;
    this.#fault(at, 'must be the name of one of the variants');
    return '';
  }

  #rules(input: unknown): TargetingRule[] {
    if (input === undefined) return [];
    if (!Array.isArray(input) || input.length > RULES_MAX) {
      this.#fault('/targeting', `must be a list of at most ${RULES_MAX} rules`);
      return [];
    }
    return input.flatMap((rule, index) => this.#rule(rule, `/targeting/${index}`) ?? []);
  }

  #rule(input: unknown, at: string): TargetingRule | null {
    const fields = this.#fields(input, at, ruleFields);
    if (fields === null) return null;
    if (this.#declaration.scope === 'world')
      for (const name of partingFields)
        if (fields[name] !== undefined)
          this.#fault(`${at}/${name}`, 'parts players, and this toggle is the same for all of them');
    const lists = listFields.flatMap((name) =>
      fields[name] === undefined ? [] : [[name, this.#names(fields[name], `${at}/${name}`)]],
    );
    const percentage = this.#percentage(fields.percentage, `${at}/percentage`);
    const from = this.#instant(fields.from, `${at}/from`);
    const until = this.#instant(fields.until, `${at}/until`);
    if (from !== null && until !== null && Date.parse(from) >= Date.parse(until))
      this.#fault(`${at}/until`, 'must be later than from');
    return {
      ...Object.fromEntries(lists),
      ...(percentage === null ? {} : { percentage }),
      ...(from === null ? {} : { from }),
      ...(until === null ? {} : { until }),
      serve: this.#served(fields.serve, `${at}/serve`),
    };
  }

  #names(input: unknown, at: string): string[] {
    if (!Array.isArray(input) || input.length < 1 || input.length > NAMES_MAX) {
      this.#fault(at, `must be a list of 1 to ${NAMES_MAX} names`);
      return [];
    }
    return input.filter((name, index): name is string => {
      if (isName(name)) return true;
      this.#fault(`${at}/${index}`, `must be text of 1 to ${NAME_BYTES} bytes without control characters`);
      return false;
    });
  }

  #percentage(input: unknown, at: string): number | null {
    if (input === undefined) return null;
    const isOne = typeof input === 'number' && input >= 0 && input <= 100;
    if (isOne && Math.abs(input * 1_000 - Math.round(input * 1_000)) < 1e-6) return input;
    this.#fault(at, 'must be a number from 0 to 100 with at most 3 decimals');
    return null;
  }

  #instant(input: unknown, at: string): string | null {
    if (input === undefined) return null;
    if (typeof input === 'string' && isInstant(input)) return input;
    this.#fault(at, 'must be an instant in UTC like 2026-11-20T20:00:00Z');
    return null;
  }
}

/** Text as this product takes it for names: 1..256 bytes of UTF-8, well-formed, without control characters. */
export function isName(value: unknown): value is string {
  return isText(value, NAME_BYTES);
}

/** Whether a toggle of this declaration may have this value. */
function isValueOf(declaration: ToggleDeclaration, value: unknown): value is ToggleValue {
  switch (declaration.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'choice':
      return typeof value === 'string' && declaration.options.includes(value);
    default:
      return (
        typeof value === 'number' &&
        value >= declaration.min &&
        value <= declaration.max &&
        (declaration.type === 'number' || Number.isSafeInteger(value))
      );
  }
}

function expected(declaration: ToggleDeclaration): string {
  switch (declaration.type) {
    case 'boolean':
      return 'true or false';
    case 'choice':
      return `one of ${declaration.options.join(', ')}`;
    case 'integer':
      return `a whole number from ${declaration.min} to ${declaration.max}`;
    default:
      return `a number from ${declaration.min} to ${declaration.max}`;
  }
}

/** A day that no month has is none, though `Date` takes it. */
function isInstant(text: string): boolean {
  const ms = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text.slice(0, 19));
}
