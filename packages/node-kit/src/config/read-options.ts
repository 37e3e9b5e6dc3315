import { parseArgs } from 'node:util';
import {
  ENVIRONMENT_PREFIX,
  environmentName,
  flagName,
  type OptionDeclaration,
  type Options,
  type OptionValues,
} from './option.ts';

/** The configuration is not one to start with; the message is one sentence for a person, naming the setting. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Values of all options: the command line wins over the environment, which wins over the default. Throws a
 * ConfigurationError for an unknown or unusable setting, in the environment too: a mistyped limit must not pass for
 * a set one. Empty variables count as not given.
 */
export function readOptions<const O extends Options>(
  options: O,
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): OptionValues<O> {
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(options)) values[name] = option.default;
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith(ENVIRONMENT_PREFIX) || value === undefined || value === '') continue;
    const name = Object.keys(options).find((candidate) => environmentName(candidate) === variable);
    if (name === undefined) throw new ConfigurationError(`The environment sets ${variable}, which is no setting.`);
    values[name] = parsed(options[name] as OptionDeclaration<unknown>, variable, value);
  }
  const given = new Set<string>();
  for (const { flag, value } of flagsOf(options, argv)) {
    const name = Object.keys(options).find((candidate) => flagName(candidate) === flag);
    if (name === undefined) throw new ConfigurationError(`${flag} is no option; --help lists them.`);
    if (given.has(name)) throw new ConfigurationError(`${flag} was given twice.`);
    given.add(name);
    const option = options[name] as OptionDeclaration<unknown>;
    if (value === undefined && option.kind !== 'flag') {
      throw new ConfigurationError(`${flag} needs a value: ${option.expected}.`);
    }
    values[name] = parsed(option, flag, value ?? '');
  }
  return values as OptionValues<O>;
}

function parsed(option: OptionDeclaration<unknown>, where: string, value: string): unknown {
  const result = option.parse(value);
  if (result === undefined) {
    const given = option.secret === true ? '' : `, not ${JSON.stringify(value)}`;
    throw new ConfigurationError(`${where} must be ${option.expected}${given}.`);
  }
  return result;
}

interface GivenFlag {
  readonly flag: string;
  readonly value: string | undefined;
}

function* flagsOf(options: Options, argv: readonly string[]): Generator<GivenFlag> {
  const known: Record<string, { type: 'string' | 'boolean' }> = {};
  for (const [name, option] of Object.entries(options)) {
    known[flagName(name).slice(2)] = { type: option.kind === 'flag' ? 'boolean' : 'string' };
  }
  const { tokens } = parseArgs({
    args: [...argv],
    options: known,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  for (const token of tokens) {
    if (token.kind === 'option') yield { flag: token.rawName, value: token.value };
    else if (token.kind === 'positional') {
      throw new ConfigurationError(`${JSON.stringify(token.value)} is no option; --help lists them.`);
    }
  }
}
