import { optionsHelp, readOptions } from '@lifeverse/node-kit';
import type { DrillCommand } from '../drill-command.ts';
import { gatewayCrash } from './gateway-crash.ts';
import { gatewayCrashOptions } from './options.ts';
import { passes } from './report.ts';

const help = `lifeverse drill gateway-crash [options]: a gateway of a cluster of its own is killed while players walk.

${optionsHelp(gatewayCrashOptions)}

Players come back by themselves: each is given one gateway, which tells of the other. Passed: ${passes}.
Exit code 1 otherwise, and when nobody joined or nothing was killed.`;

export const gatewayCrashCommand: DrillCommand = {
  summary: 'a gateway of a cluster is killed under players who walk',
  help,
  async play(argv, progress) {
    const { json, report: folder, ...options } = readOptions(gatewayCrashOptions, argv, {});
    const { report, objections, evidence } = await gatewayCrash({ ...options, progress });
    const { records, ...rest } = evidence;
    return {
      json,
      folder,
      result: report,
      objections,
      said: [
        `${report.operations_total} inputs acknowledged over ${report.faults_injected} kills, all back in ${report.back_ms_p99} ms (p99)`,
        `The killed gateway itself was there again after ${report.restart_ms_max} ms at most.`,
      ],
      files: {
        'players.ndjson': records.map((record) => `${JSON.stringify(record)}\n`).join(''),
        'drill.json': `${JSON.stringify({ ...rest, objections }, null, 2)}\n`,
      },
    };
  },
};
