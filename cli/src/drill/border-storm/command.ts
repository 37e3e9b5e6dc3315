import { optionsHelp, readOptions } from '@lifeverse/node-kit';
import { booksInJson } from '../books/read-books.ts';
import type { DrillCommand } from '../drill-command.ts';
import { ndjson } from '../report/ndjson.ts';
import { borderStorm } from './border-storm.ts';
import { borderStormOptions } from './options.ts';
import { passes, sawOfBorder } from './report.ts';

const MS = 1_000;

const help = `lifeverse drill border-storm [options]: everyone paces over the border between two zones of a cluster of its own.

${optionsHelp(borderStormOptions)}

Passed: ${passes}. Exit code 1 otherwise, and when nobody joined or nobody went over.`;

export const borderStormCommand: DrillCommand = {
  summary: 'everyone paces over the border between two zones',
  help,
  async play(argv, attending) {
    const { json, report: folder, forS, ...options } = readOptions(borderStormOptions, argv, {});
    const { report, evidence, course } = await borderStorm({ ...options, forMs: forS * MS, ...attending });
    const { records, deals, books, ...rest } = evidence;
    return {
      ...{ ...report, json, folder, course },
      did: `${options.players} players paced over the border between two zones, each on a server of its own, and gave coins to who was near, for ${options.repeat} times ${forS} s: ${report.result.handovers} handovers.`,
      saw: sawOfBorder(report.result, evidence),
      files: {
        'players.ndjson': ndjson(records),
        'asked.ndjson': ndjson(deals),
        'durable.json': booksInJson({ ...books, asked: deals }),
        'drill.json': `${JSON.stringify({ ...rest, objections: report.objections }, null, 2)}\n`,
      },
    };
  },
};
