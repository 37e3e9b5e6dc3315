import { optionsHelp, readOptions } from '@lifeverse/node-kit';
import { booksInJson } from '../books/read-books.ts';
import type { DrillCommand } from '../drill-command.ts';
import { ndjson } from '../report/ndjson.ts';
import { killUnderTrade } from './kill-under-trade.ts';
import { drillOptions } from './options.ts';
import { sawOfKills, WALKED_BACK_S_MOST } from './report.ts';

const help = `lifeverse drill kill-under-trade [options]: a server of its own is killed while players walk and trade in it.

${optionsHelp(drillOptions)}

Behind each kill everyone comes back by themselves. Passed: all that anyone was ever told is durable, once, every coin
and item is accounted for, and nobody has more than ${WALKED_BACK_S_MOST} s to walk again. Exit code 1 otherwise, and when nothing was killed or
traded.`;

export const killUnderTradeCommand: DrillCommand = {
  summary: 'a server and its database are killed under players who trade',
  help,
  async play(argv, attending) {
    const { json, report: folder, ...options } = readOptions(drillOptions, argv, {});
    const { report, evidence, course } = await killUnderTrade({ ...options, ...attending });
    const kinds = Object.entries(report.result.faults).map(([fault, times]) => `${fault} ${times}`);
    return {
      ...{ ...report, json, folder, course },
      did: `A server was killed under ${options.players} players who walked, gave, traded, bought and dropped; by what was killed: ${kinds.join(', ')}.`,
      saw: sawOfKills(report),
      files: { 'asked.ndjson': ndjson(evidence.asked), 'durable.json': booksInJson(evidence) },
    };
  },
};
