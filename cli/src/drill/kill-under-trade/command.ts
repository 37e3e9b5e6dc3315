import { optionsHelp, readOptions } from '@lifeverse/node-kit';
import type { Evidence } from '../books/judge.ts';
import type { DrillCommand } from '../drill-command.ts';
import { killUnderTrade } from './kill-under-trade.ts';
import { drillOptions } from './options.ts';
import { WALKED_BACK_S_MOST } from './report.ts';

const help = `lifeverse drill kill-under-trade [options]: a server of its own is killed while players walk and trade in it.

${optionsHelp(drillOptions)}

Behind each kill everyone comes back by themselves. Passed: all that anyone was ever told is durable, once, every coin
and item is accounted for, and nobody has more than ${WALKED_BACK_S_MOST} s to walk again. Exit code 1 otherwise, and when nothing was killed or
traded.`;

export const killUnderTradeCommand: DrillCommand = {
  summary: 'a server and its database are killed under players who trade',
  help,
  async play(argv, progress) {
    const { json, report: folder, ...options } = readOptions(drillOptions, argv, {});
    const { report, evidence } = await killUnderTrade({ ...options, progress });
    return {
      json,
      folder,
      result: report,
      objections: report.objections,
      said: [`${report.operations_total} operations over ${report.faults_injected} faults`],
      files: filesOf(evidence),
    };
  },
};

function filesOf({ asked, characters, durable, shown }: Evidence): Record<string, string> {
  const flat = { ...durable, holders: Object.fromEntries(durable.holders) };
  const all = { characters: Object.fromEntries(characters), shown, durable: flat };
  const plain = (_: string, value: unknown): unknown =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
  return {
    'asked.ndjson': asked.map((one) => `${JSON.stringify(one)}\n`).join(''),
    'durable.json': JSON.stringify(all, plain),
  };
}
