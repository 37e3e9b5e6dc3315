import { type OptionValues, optionsHelp, readOptions } from '@lifeverse/node-kit';
import { booksInJson } from '../books/read-books.ts';
import type { Attending, DrillCommand, PlayedDrill } from '../drill-command.ts';
import { ndjson } from '../report/ndjson.ts';
import { lossOptions, restartOptions, slowOptions } from './options.ts';
import { type OutageResult, outage } from './outage.ts';
import { backendLoss, databaseLoss, databaseRestart, natsLoss, type OutageKind, slowDisk } from './outage-kind.ts';
import { passesOf } from './report.ts';
import { sawOf } from './saw.ts';

const MS = 1_000;

export const natsLossCommand = lossCommand(natsLoss, 'NATS is gone for a minute under players who walk and give');
export const databaseLossCommand = lossCommand(databaseLoss, 'the database is gone for a minute, likewise');

export const backendLossCommand = lossCommand(backendLoss, 'the only backend is gone for a minute, likewise');

export const databaseRestartCommand: DrillCommand = {
  summary: 'the database is restarted, likewise',
  help: helpOf(databaseRestart, optionsHelp(restartOptions)),
  async play(argv, attending) {
    const options = readOptions(restartOptions, argv, {});
    return played(
      databaseRestart,
      options,
      await outage({ kind: databaseRestart, forMs: 0, ...options, ...attending }),
    );
  },
};

export const slowDiskCommand: DrillCommand = {
  summary: 'every answer of the database comes late for a while, likewise',
  help: helpOf(slowDisk, optionsHelp(slowOptions)),
  async play(argv, attending) {
    const { delayMs: slowMs, forS, ...options } = readOptions(slowOptions, argv, {});
    const forMs = forS * MS;
    return played(slowDisk, options, await outage({ kind: slowDisk, forMs, slowMs, ...options, ...attending }));
  },
};

function lossCommand(kind: OutageKind, summary: string): DrillCommand {
  return {
    summary,
    help: helpOf(kind, optionsHelp(lossOptions)),
    async play(argv: readonly string[], attending: Attending) {
      const options = readOptions(lossOptions, argv, {});
      return played(kind, options, await outage({ kind, forMs: options.forS * MS, ...options, ...attending }));
    },
  };
}

function helpOf(kind: OutageKind, options: string): string {
  return `lifeverse drill ${kind.drill} [options]: ${kind.part} of a cluster of its own is ${kind.drill === slowDisk.drill ? 'slow for a while' : 'taken away and given back'}, under players who walk and give.

${options}

It is ${kind.ways.join(' and then ')}, in turn. Passed: ${passesOf(kind)}.
Exit code 1 otherwise, and when nobody joined or nothing was felt of it.`;
}

function played(
  kind: OutageKind,
  { json, report: folder, players }: OptionValues<typeof restartOptions>,
  { report, evidence, course }: OutageResult,
): PlayedDrill {
  const { records, deals, outages, books, sightings } = evidence;
  const { result, objections } = report;
  const lasted = result.for_s === 0 ? 'and started again at once' : `for ${result.for_s} s each time`;
  return {
    ...{ ...report, json, folder, course },
    did: `${capital(kind.part)} of a cluster with two gateways was ${kind.ways.join(' or ')} ${outages.length} times, ${lasted}, under ${players} players who walked and gave coins.`,
    saw: sawOf(kind, result, evidence),
    files: {
      'players.ndjson': ndjson(records),
      'asked.ndjson': ndjson(deals),
      'durable.json': booksInJson({ ...books, asked: deals }),
      'drill.json': `${JSON.stringify({ outages, sightings, objections }, null, 2)}\n`,
    },
  };
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
