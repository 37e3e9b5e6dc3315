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
decides. A rule meets whoever fulfils all that it names: \`from\` and \`until\` (the server's time) and, where the toggle
is of a player, \`players\`, \`cohort\`, \`platform\`, \`region\` (lists) and \`percentage\` (of the players that the rest of
the rule meets, always the same ones, so that raising it only adds players).

A player is in the cohort \`guest\` or \`account\`, with a role also in \`staff\` and in one of the role's name. The platform
is what they logged in from, the region where the server stands that they play at (\`--region\`). Gateways go by what was
so when the player joined; who evaluates by OFREP without a session says their platform themselves, and is in no cohort.

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
      declared.scope,
      range(declared),
      String(declared.default),
      'unit' in declared ? declared.unit : '',
      declared.sentence,
    ]),
  );
  return [
    head,
    row(['toggle', 'of', 'values', 'default', 'unit', 'what it does']),
    row(['---', '---', '---', '---', '---', '---']),
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
