import { type OptionValues, optionsHelp, readOptions } from '@lifeverse/node-kit';
import { booksInJson } from '../books/read-books.ts';
import type { DrillCommand, PlayedDrill } from '../drill-command.ts';
import { ndjson } from '../report/ndjson.ts';
import { partition, regionLoss, type ZoneFaultKind, zoneAndStandbyCrash, zoneCrash, zonePause } from './kinds.ts';
import { killedOptions, partedOptions, pausedOptions, regionOptions } from './options.ts';
import { passesOf } from './report.ts';
import { sawOf } from './saw.ts';
import { type ZoneFaultResult, zoneFault } from './zone-fault.ts';

export const zoneCrashCommand = killed(zoneCrash, 'a zone server is killed under players who walk and give');
export const zoneAndStandbyCrashCommand = killed(zoneAndStandbyCrash, 'the same, and the one that stands by for it');

export const regionLossCommand = killed(
  regionLoss,
  'the gateway and every zone server of a region are killed at once',
  regionOptions,
);

export const zonePauseCommand: DrillCommand = {
  summary: 'a zone server stops, and goes on when another has its zones',
  help: helpOf(zonePause, optionsHelp(pausedOptions)),
  async play(argv, attending) {
    const options = readOptions(pausedOptions, argv, {});
    return played(
      zonePause,
      options,
      await zoneFault({ kind: zonePause, restartDelayMs: 0, proxy: false, ...options, ...attending }),
    );
  },
};

export const partitionCommand: DrillCommand = {
  summary: 'a zone server is parted from all others, either way or both',
  help: helpOf(partition, optionsHelp(partedOptions)),
  async play(argv, attending) {
    const options = readOptions(partedOptions, argv, {});
    return played(
      partition,
      options,
      await zoneFault({ kind: partition, restartDelayMs: 0, ...options, ...attending }),
    );
  },
};

function killed(
  kind: ZoneFaultKind,
  summary: string,
  known: typeof killedOptions | typeof regionOptions = killedOptions,
): DrillCommand {
  return {
    summary,
    help: helpOf(kind, optionsHelp(known)),
    async play(argv, attending) {
      const options = readOptions(known, argv, {});
      return played(kind, options, await zoneFault({ kind, beyondMs: 0, proxy: false, ...options, ...attending }));
    },
  };
}

function helpOf(kind: ZoneFaultKind, options: string): string {
  return `lifeverse drill ${kind.drill} [options]: ${kind.does}, under players who walk and give.

${options}

Passed: ${passesOf(kind)}.
Exit code 1 otherwise, and when nobody joined or nothing failed.`;
}

type Told = Pick<OptionValues<typeof killedOptions>, 'json' | 'report' | 'players' | 'zoneServers'>;

function played(
  kind: ZoneFaultKind,
  { json, report: folder, players, zoneServers }: Told,
  { report, evidence, course, partedBy }: ZoneFaultResult,
): PlayedDrill {
  const { records, deals, books, heard, strays, writes, asked, ...rest } = evidence;
  const { result, objections } = report;
  return {
    ...{ ...report, json, folder, course },
    did: `${kind.did} ${result.faults_injected} times under ${players} players who walked and gave coins, in a cluster of two gateways and ${zoneServers} zone servers${partedBy === null ? '' : `, by a ${partedBy}`}.`,
    saw: sawOf(result, evidence),
    files: {
      'players.ndjson': ndjson(records),
      'asked.ndjson': ndjson(deals),
      'durable.json': booksInJson({ ...books, asked: deals }),
      'writes.ndjson': ndjson(writes),
      'drill.json': `${JSON.stringify({ ...rest, strays, heard, asked, objections }, hex, 2)}\n`,
    },
  };
}

function hex(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}
