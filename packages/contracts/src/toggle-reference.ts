import { type ToggleDeclaration, type ToggleDeclarations, toggles } from './toggles.ts';

const head = `# Toggles

Owner: contracts · Version: 1.0 · Date: 2026-11-20 · Status: current

Made from \`packages/contracts/src/toggles.ts\`; \`npx vitest run packages/contracts -u\` makes it anew.

What can be turned while the world runs. A definition says who gets which value; it is set, read, previewed and reverted
under \`/api/admin/toggles\`, kept with its history in the database, followed by every process within two seconds, and
evaluated for browsers under \`/ofrep/v1/evaluate/flags\` (OpenFeature Remote Evaluation Protocol). Without a definition,
the default stands; with one that a server cannot take, its last good one.

`;

const definition = `
## A definition

\`variants\` names values, \`serve\` the one for everybody whom no rule of \`targeting\` meets; the first rule that meets
decides. A rule meets whoever fulfils all that it names: \`players\`, \`cohort\`, \`platform\`, \`region\` (lists),
\`from\` and \`until\` (the server's time), \`percentage\` (of the players that the rest of the rule meets, always the
same ones, so that raising it only adds players).

\`\`\`json
{
  "variants": { "normal": 10000, "fair": 12000 },
  "serve": "normal",
  "targeting": [{ "from": "2026-12-05T18:00:00Z", "until": "2026-12-05T22:00:00Z", "serve": "fair" }]
}
\`\`\`
`;

/** docs/reference/toggles.md. */
export function toggleReference(declarations: ToggleDeclarations = toggles): string {
  const rows = Object.entries(declarations).map(([name, declared]) =>
    row([
      `\`${name}\``,
      range(declared),
      String(declared.default),
      'unit' in declared ? declared.unit : '',
      declared.sentence,
    ]),
  );
  return [
    head,
    row(['toggle', 'values', 'default', 'unit', 'what it does']),
    row(['---', '---', '---', '---', '---']),
    ...rows,
    definition,
  ].join('');
}

function range(declared: ToggleDeclaration): string {
  switch (declared.type) {
    case 'boolean':
      return 'true, false';
    case 'choice':
      return declared.options.join(', ');
    default:
      return `${declared.type === 'integer' ? 'whole ' : ''}${declared.min} to ${declared.max}`;
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}
