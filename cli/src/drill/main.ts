import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '@lifeverse/node-kit';
import { Interruption } from '../load/interruption.ts';
import { ProgressDisplay } from '../load/progress-line.ts';
import { borderStormCommand } from './border-storm/command.ts';
import type { DrillCommand, PlayedDrill } from './drill-command.ts';
import { gatewayCrashCommand } from './gateway-crash/command.ts';
import { killUnderTradeCommand } from './kill-under-trade/command.ts';
import {
  backendLossCommand,
  databaseLossCommand,
  databaseRestartCommand,
  natsLossCommand,
  slowDiskCommand,
} from './outage/command.ts';
import { overloadCommand } from './overload/command.ts';
import { commandLine } from './report/command-line.ts';
import { provenance } from './report/provenance.ts';
import { targetTable } from './report/target-table.ts';
import { timelinePage } from './report/timeline-page.ts';
import { rollingReplaceCommand } from './rolling-replace/command.ts';
import { splitStormCommand } from './split-storm/command.ts';
import {
  partitionCommand,
  regionLossCommand,
  zoneAndStandbyCrashCommand,
  zoneCrashCommand,
  zonePauseCommand,
} from './zone-fault/command.ts';

const drills: ReadonlyMap<string, DrillCommand> = new Map([
  ['kill-under-trade', killUnderTradeCommand],
  ['gateway-crash', gatewayCrashCommand],
  ['zone-crash', zoneCrashCommand],
  ['zone-and-standby-crash', zoneAndStandbyCrashCommand],
  ['zone-pause', zonePauseCommand],
  ['partition', partitionCommand],
  ['region-loss', regionLossCommand],
  ['border-storm', borderStormCommand],
  ['split-storm', splitStormCommand],
  ['rolling-replace', rollingReplaceCommand],
  ['nats-loss', natsLossCommand],
  ['backend-loss', backendLossCommand],
  ['database-restart', databaseRestartCommand],
  ['database-loss', databaseLossCommand],
  ['slow-disk', slowDiskCommand],
  ['overload', overloadCommand],
]);

export const drillNames: readonly string[] = [...drills.keys()];

const help = `lifeverse drill <name> [options]: does to a world of its own what goes wrong in life, and tells what was lost.

${[...drills].map(([name, { summary }]) => `  ${name.padEnd(24)}${summary}`).join('\n')}

Each lists its options with --help.`;

/** What a shell calls a program that was ended by Ctrl-C. */
const INTERRUPTED = 130;

/** `lifeverse drill`: shows that what must last does. Returns the exit code. */
export async function runDrill([name, ...argv]: readonly string[]): Promise<number> {
  if (name === undefined || isHelp(name)) {
    console.log(help);
    return name === undefined ? 1 : 0;
  }
  const drill = drills.get(name);
  if (drill === undefined)
    throw new ConfigurationError(`${JSON.stringify(name)} is no drill; there are ${[...drills.keys()].join(', ')}.`);
  if (argv.some(isHelp)) {
    console.log(drill.help);
    return 0;
  }
  const played = await attended(drill, argv);
  if (played === null) return INTERRUPTED;
  tell(played, commandLine(name, argv));
  return played.result.passed ? 0 : 1;
}

function isHelp(arg: string): boolean {
  return arg === '--help' || arg === '-h';
}

/** Null when it was interrupted: by then nothing of it is left. */
async function attended(drill: DrillCommand, argv: readonly string[]): Promise<PlayedDrill | null> {
  const display = new ProgressDisplay(process.stderr);
  const interruption = new Interruption();
  const ending = new AbortController();
  void interruption.asked.then(() => {
    display.show('what the drill has started is stopped');
    ending.abort();
  });
  try {
    return await drill.play(argv, { progress: (line) => display.show(line), signal: ending.signal });
  } catch (error) {
    if (!interruption.happened) throw error;
    return null;
  } finally {
    interruption.end();
    display.clear();
  }
}

function tell(played: PlayedDrill, command: string): void {
  const { json, folder, result, objections, did, saw, targets } = played;
  if (folder !== null) leave(folder, played, command);
  if (!json) {
    for (const line of [did, saw, '', ...targetTable(targets), '']) console.log(line);
    for (const what of objections) console.log(`FAILED: ${what}`);
    console.log(result.passed ? 'passed' : 'FAILED');
  }
  console.log(JSON.stringify(result));
}

function leave(folder: string, played: PlayedDrill, command: string): void {
  const about = provenance(new Date());
  const files = {
    ...played.files,
    'result.json': `${JSON.stringify({ command, ...about, result: played.result }, null, 2)}\n`,
    'timeline.html': timelinePage(played, about, command),
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}
