import { ConfigurationError } from '@lifeverse/node-kit';

/** A measurement that judges itself. */
export interface Trial<F extends object> {
  readonly help: string;
  /** Rejects with a ConfigurationError for options that are none. */
  run(
    argv: readonly string[],
    progress: (what: string) => void,
  ): Promise<{ readonly figures: F; readonly json: boolean }>;
  objections(figures: F): readonly string[];
  /** What stands for a figure that there is not. */
  readonly none: string;
}

/** Runs it as a command: progress on standard error, a table, what is objected to, and with `json` one object at the end. */
export async function trialMain<F extends object>(trial: Trial<F>, argv: readonly string[]): Promise<void> {
  if (argv.includes('--help')) {
    console.log(trial.help);
    return;
  }
  try {
    const { figures, json } = await trial.run(argv, (what) => process.stderr.write(`${what}\n`));
    const objections = trial.objections(figures);
    console.log(table(figures, trial.none));
    for (const what of objections) console.log(`FAILED: ${what}`);
    const ok = objections.length === 0;
    if (json) console.log(JSON.stringify({ ...figures, ok, objections }));
    if (!ok) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

function table(figures: object, none: string): string {
  const rows = Object.entries(figures).map(
    ([name, value]) => [name.replaceAll('_', ' '), String(value ?? none)] as const,
  );
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
}
