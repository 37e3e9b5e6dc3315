import { optionsHelp, readOptions } from '@lifeverse/node-kit';
import type { DrillCommand } from '../drill-command.ts';
import { ndjson } from '../report/ndjson.ts';
import { overloadOptions } from './options.ts';
import { overload } from './overload.ts';
import { passes, sawOfOverload } from './report.ts';

const MS = 1_000;

const help = `lifeverse drill overload [options]: a zone of a cluster of its own has more to do than a tick has time for.

${optionsHelp(overloadOptions)}

Passed: ${passes}. Exit code 1 otherwise, and when nobody joined or nobody was told anything.`;

export const overloadCommand: DrillCommand = {
  summary: 'a zone has more to do than there is time for',
  help,
  async play(argv, attending) {
    const { json, report: folder, forS, ...options } = readOptions(overloadOptions, argv, {});
    const { report, evidence, course } = await overload({ ...options, forMs: forS * MS, ...attending });
    const { records, ...rest } = evidence;
    return {
      ...{ ...report, json, folder, course },
      did: `The rules of a world took ${options.toilMs} ms in every tick, which has 50 ms, ${options.repeat} times for ${forS} s, under ${options.players} players who walked.`,
      saw: sawOfOverload(report.result, evidence),
      files: {
        'players.ndjson': ndjson(records),
        'drill.json': `${JSON.stringify({ ...rest, objections: report.objections }, null, 2)}\n`,
      },
    };
  },
};
