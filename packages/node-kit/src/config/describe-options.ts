import { environmentName, flagName, type OptionDeclaration, type Options } from './option.ts';

/** The lines of `--help` that list the options, each with its sentence beneath. */
export function optionsHelp(options: Options): string {
  return Object.entries(options)
    .map(
      ([name, option]) => `  ${flagName(name)}${placeholder(option)}\n      ${option.sentence} ${defaultNote(option)}`,
    )
    .join('\n');
}

/** A table in Markdown of the same; `environment`: with the variable of each. */
export function optionsTable(options: Options, { environment }: { environment: boolean }): string {
  const rows = Object.entries(options).map(([name, option]) => {
    const shown = shownDefault(option);
    const unit = option.unit === '' ? '' : ` ${option.unit}`;
    const byDefault = shown === null ? 'not set' : `\`${shown}\`${unit}`;
    const names = environment ? [flagName(name), environmentName(name)] : [flagName(name)];
    return row([...names.map((it) => `\`${it}\``), `${option.expected}${unit}`, byDefault, option.sentence]);
  });
  const head = ['option', ...(environment ? ['environment'] : []), 'value', 'default', 'what it does'];
  return [row(head), `|${'---|'.repeat(head.length)}`, ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function placeholder(option: OptionDeclaration<unknown>): string {
  if (option.kind === 'flag') return '';
  if (option.kind === 'choice') return ` ${option.expected.replace('one of ', '').replaceAll(', ', '|')}`;
  return option.kind === 'integer' ? ' N' : ' VALUE';
}

function defaultNote(option: OptionDeclaration<unknown>): string {
  const shown = shownDefault(option);
  const unit = option.unit === '' ? '' : ` ${option.unit}`;
  if (option.kind === 'flag') return '';
  return shown === null ? '(not set)' : `(${shown}${unit})`;
}

function shownDefault(option: OptionDeclaration<unknown>): string | null {
  if (option.default === null || (Array.isArray(option.default) && option.default.length === 0)) return null;
  return String(option.default);
}
