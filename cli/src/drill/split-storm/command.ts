import { optionsHelp, readOptions } from '@lifeverse/node-kit';
import type { DrillCommand } from '../drill-command.ts';
import { ndjson } from '../report/ndjson.ts';
import { splitStormOptions } from './options.ts';
import { passes, sawOfStorm } from './report.ts';
import { splitStorm } from './split-storm.ts';

const help = `lifeverse drill split-storm [options]: zones of a cluster of its own are split, moved and made one while players walk.

${optionsHelp(splitStormOptions)}

Passed: ${passes}. Exit code 1 otherwise, and when nobody joined or nothing was changed.`;

export const splitStormCommand: DrillCommand = {
  summary: 'zones of a cluster are split, moved and merged under players who walk',
  help,
  async play(argv, attending) {
    const { json, report: folder, ...options } = readOptions(splitStormOptions, argv, {});
    const { report, evidence, course } = await splitStorm({ ...options, ...attending });
    const { records, ...rest } = evidence;
    return {
      ...{ ...report, json, folder, course },
      did: `Zones of a cluster of ${options.zoneServers} zone servers were changed ${report.result.faults_injected} times under ${options.players} players who walked: split, moved and made one again, in turn. ${evidence.handovers} times somebody went from zone to zone.`,
      saw: sawOfStorm(report.result),
      files: {
        'players.ndjson': ndjson(records),
        'drill.json': `${JSON.stringify({ ...rest, objections: report.objections }, null, 2)}\n`,
      },
    };
  },
};
