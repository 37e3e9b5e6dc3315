import { type MetricDeclaration, type MetricRole, vocabulary } from './vocabulary.ts';

const sections: Readonly<Record<MetricRole, string>> = {
  zone: 'Zone',
  gateway: 'Gateway',
  backend: 'Backend',
  process: 'Process',
  telemetry: 'Reporting',
};

/** docs/reference/metrics.md. */
export function metricsReference(): string {
  const parts = Object.entries(sections).map(
    ([role, title]) => `## ${title}\n\n${table(vocabulary.filter((declared) => declared.role === role))}\n`,
  );
  return `${head}\n${parts.join('\n')}`;
}

const head = `# Metrics

Owner: services · Version: 1.0 · Date: 2026-11-20 · Status: current

Made from \`packages/node-kit/src/metrics/vocabulary.ts\`; \`npx vitest run packages/node-kit -u\` makes it anew.

\`/metrics\` shows these in Prometheus' text format, and no others. Times are in seconds, sizes in bytes. Every figure of
a role carries the label \`instance\`. *Reported as* is the figure's name in the reports that roles send over the bus once
a second, where times are in milliseconds; the figures here are as old as the last report.
`;

function table(declared: readonly MetricDeclaration[]): string {
  const rows = declared.map(
    ({ name, kind, label, reported, sentence }) =>
      `| \`${name}\` | ${kind} | ${label === null ? '' : `\`${label}\``} | \`${reported}\` | ${sentence} |`,
  );
  return ['| name | kind | label | reported as | what it counts |', '|---|---|---|---|---|', ...rows].join('\n');
}
