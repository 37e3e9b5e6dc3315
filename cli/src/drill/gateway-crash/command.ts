import { optionsHelp, readOptions } from '@lifeverse/node-kit';
import type { DrillCommand } from '../drill-command.ts';
import { ndjson } from '../report/ndjson.ts';
import { gatewayCrash } from './gateway-crash.ts';
import { gatewayCrashOptions } from './options.ts';
import { passes, sawOfCrash } from './report.ts';

const help = `lifeverse drill gateway-crash [options]: a gateway of a cluster of its own is killed while players walk.

${optionsHelp(gatewayCrashOptions)}

Players come back by themselves: each is given one gateway, which tells of the other. Passed: ${passes}.
Exit code 1 otherwise, and when nobody joined or nothing was killed.`;

export const gatewayCrashCommand: DrillCommand = {
  summary: 'a gateway of a cluster is killed under players who walk',
  help,
  async play(argv, attending) {
    const { json, report: folder, ...options } = readOptions(gatewayCrashOptions, argv, {});
    const { report, evidence, course } = await gatewayCrash({ ...options, ...attending });
    const { records, ...rest } = evidence;
    return {
      ...{ ...report, json, folder, course },
      did: `A gateway of a cluster of two was killed ${report.result.faults_injected} times under ${options.players} players who walked; each is given one gateway, which tells of the other. The killed one was there again after ${report.result.restart_ms_max} ms at most.`,
      saw: sawOfCrash(report.result),
      files: {
        'players.ndjson': ndjson(records),
        'drill.json': `${JSON.stringify({ ...rest, objections: report.objections }, null, 2)}\n`,
      },
    };
  },
};
