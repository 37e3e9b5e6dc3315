import { optionsHelp, readOptions } from '@lifeverse/node-kit';
import { kinds } from '../../cluster/fleet.ts';
import { isKind } from '../../cluster/orders.ts';
import type { DrillCommand } from '../drill-command.ts';
import { ndjson } from '../report/ndjson.ts';
import { rollingReplaceOptions } from './options.ts';
import { passes, sawOfReplacement } from './report.ts';
import { rollingReplace } from './rolling-replace.ts';

const help = `lifeverse drill rolling-replace [options]: the processes of a cluster of its own are replaced one after the other while players walk.

${optionsHelp(rollingReplaceOptions)}

Passed: ${passes}. Exit code 1 otherwise, and when nobody joined or nothing was replaced.`;

export const rollingReplaceCommand: DrillCommand = {
  summary: 'every process of a cluster is replaced under players who walk',
  help,
  async play(argv, attending) {
    const { json, report: folder, only, ...options } = readOptions(rollingReplaceOptions, argv, {});
    const wanted = only.length === 0 ? kinds : only.filter(isKind);
    const { report, evidence, course } = await rollingReplace({ ...options, kinds: wanted, ...attending });
    const { records, ...rest } = evidence;
    const { faults_injected: replaced } = report.result;
    return {
      ...{ ...report, json, folder, course },
      did: `${replaced} processes (${wanted.join(', ')}) of a cluster of ${options.zoneServers} zone servers and two gateways were replaced, one after the other, under ${options.players} players who walked. ${evidence.handovers} times somebody went from zone to zone.`,
      saw: sawOfReplacement(report.result),
      files: {
        'players.ndjson': ndjson(records),
        'drill.json': `${JSON.stringify({ ...rest, objections: report.objections }, null, 2)}\n`,
      },
    };
  },
};
