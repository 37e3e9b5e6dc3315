import { runBounded } from './bounded-command.ts';

/** One part of the whole test: a command whose exit code 0 means that all is well. */
export interface Stage {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly msMax: number;
  /** What to say beside the verdict, from what the command printed and wrote; a text in `objection` fails the stage. */
  readonly summarise?: (stdout: string) => { readonly summary: string; readonly objection: string | null };
}

export interface StageResult {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly summary: string;
  /** All that the command printed, for the reader of a failure. */
  readonly printed: string;
}

/**
 * Runs lanes side by side, the stages of a lane one after another; every stage runs, whatever the others find.
 * `report` hears of each as it ends.
 */
export async function runLanes(
  lanes: readonly (readonly Stage[])[],
  cwd: string,
  report: (result: StageResult) => void,
): Promise<StageResult[]> {
  const ended = lanes.map(async (lane) => {
    const results: StageResult[] = [];
    for (const stage of lane) {
      const result = await runStage(stage, cwd);
      report(result);
      results.push(result);
    }
    return results;
  });
  return (await Promise.all(ended)).flat();
}

async function runStage({ name, command, args, msMax, summarise }: Stage, cwd: string): Promise<StageResult> {
  // What is collected is read later, in a file as often as on a terminal: no colours.
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
  const run = await runBounded({ command, args, cwd, env, msMax, output: 'collect' });
  const printed = [run.stdout, run.stderr]
    .map((text) => text.trimEnd())
    .filter(Boolean)
    .join('\n');
  if (run.timedOut) {
    return { name, ok: false, ms: run.ms, summary: `not done within ${msMax / 1000} s`, printed };
  }
  const { summary, objection } = summarise?.(run.stdout) ?? { summary: '', objection: null };
  return { name, ok: run.code === 0 && objection === null, ms: run.ms, summary: objection ?? summary, printed };
}

/** A stage as its reader sees it: a line, and below it all that was printed where it failed. */
export function stageLines({ name, ok, ms, summary, printed }: StageResult): string[] {
  const head = `${name.padEnd(8)}${(ok ? 'ok' : 'FAILED').padEnd(8)}${(ms / 1000).toFixed(1).padStart(6)} s  ${summary}`;
  return ok || printed === '' ? [head.trimEnd()] : [head.trimEnd(), ...printed.split('\n').map((line) => `  ${line}`)];
}
