import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError, optionsHelp, readOptions } from '@lifeverse/node-kit';
import { ProgressDisplay } from '../load/progress-line.ts';
import { type DrillResult, killUnderTrade } from './kill-under-trade/kill-under-trade.ts';
import { drillOptions } from './kill-under-trade/options.ts';
import { WALKED_BACK_S_MOST } from './kill-under-trade/report.ts';

const help = `lifeverse drill kill-under-trade [options]: a server of its own is killed while players walk and trade in it.

${optionsHelp(drillOptions)}

Behind each kill everyone comes back by themselves. Passed: all that anyone was ever told is durable, once, every coin
and item is accounted for, and nobody has more than ${WALKED_BACK_S_MOST} s to walk again. Exit code 1 otherwise, and when nothing was killed or
traded.`;

/** `lifeverse drill`: shows that what must last does. Returns the exit code. */
export async function runDrill([drill, ...argv]: readonly string[]): Promise<number> {
  if (drill === undefined || drill === '--help' || drill === '-h' || argv.includes('--help') || argv.includes('-h')) {
    console.log(help);
    return drill === undefined ? 1 : 0;
  }
  if (drill !== 'kill-under-trade')
    throw new ConfigurationError(`${JSON.stringify(drill)} is no drill; there is kill-under-trade.`);
  const { report: folder, json, ...options } = readOptions(drillOptions, argv, {});
  const display = new ProgressDisplay(process.stderr);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  try {
    const result = await killUnderTrade({ ...options, progress: (line) => display.show(line) });
    display.clear();
    if (folder !== null) leave(folder, result);
    if (!json) for (const line of said(result)) console.log(line);
    console.log(JSON.stringify(result.report));
    return result.report.passed ? 0 : 1;
  } finally {
    display.clear();
  }
}

function said({ report }: DrillResult): string[] {
  const { operations_total, faults_injected, objections, passed } = report;
  return [
    ...objections.map((what) => `FAILED: ${what}`),
    `${operations_total} operations over ${faults_injected} faults: ${passed ? 'passed' : 'FAILED'}`,
  ];
}

function leave(folder: string, { report, evidence }: DrillResult): void {
  mkdirSync(folder, { recursive: true });
  const lines = evidence.asked.map((asked) => JSON.stringify(asked));
  const { characters, durable, shown } = evidence;
  const flat = { ...durable, holders: Object.fromEntries(durable.holders) };
  const all = { characters: Object.fromEntries(characters), shown, durable: flat };
  const plain = (_: string, value: unknown): unknown =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
  writeFileSync(join(folder, 'asked.ndjson'), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'durable.json'), JSON.stringify(all, plain));
  writeFileSync(join(folder, 'result.json'), `${JSON.stringify(report, null, 2)}\n`);
}
