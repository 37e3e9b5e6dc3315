import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '@lifeverse/node-kit';
import { ProgressDisplay } from '../load/progress-line.ts';
import type { DrillCommand, PlayedDrill } from './drill-command.ts';
import { gatewayCrashCommand } from './gateway-crash/command.ts';
import { killUnderTradeCommand } from './kill-under-trade/command.ts';

const drills: ReadonlyMap<string, DrillCommand> = new Map([
  ['kill-under-trade', killUnderTradeCommand],
  ['gateway-crash', gatewayCrashCommand],
]);

const help = `lifeverse drill <name> [options]: does to a world of its own what goes wrong in life, and tells what was lost.

${[...drills].map(([name, { summary }]) => `  ${name.padEnd(18)}${summary}`).join('\n')}

Each lists its options with --help.`;

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
  const display = new ProgressDisplay(process.stderr);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  try {
    const played = await drill.play(argv, (line) => display.show(line));
    display.clear();
    tell(played);
    return played.result.passed ? 0 : 1;
  } finally {
    display.clear();
  }
}

function isHelp(arg: string): boolean {
  return arg === '--help' || arg === '-h';
}

function tell({ json, folder, result, objections, said, files }: PlayedDrill): void {
  if (folder !== null) leave(folder, { ...files, 'result.json': `${JSON.stringify(result, null, 2)}\n` });
  if (!json) {
    for (const what of objections) console.log(`FAILED: ${what}`);
    for (const line of said) console.log(line);
    console.log(result.passed ? 'passed' : 'FAILED');
  }
  console.log(JSON.stringify(result));
}

function leave(folder: string, files: PlayedDrill['files']): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
