/** What every property is run with, unless it says otherwise itself. */
export interface FuzzSettings {
  readonly seed: number;
  readonly numRuns: number;
  /** When many runs are asked for, a slow property stops with those it has had; it has not failed. */
  readonly interruptAfterTimeLimit?: number;
}

/**
 * The same cases in every `npm test`, so that a change is judged by what it changed; nightly sets FUZZ_SEED
 * and FUZZ_RUNS to look further.
 */
export function fuzzSettings(environment: Readonly<Record<string, string | undefined>>): FuzzSettings {
  const read = (name: string, otherwise: number): number => {
    const text = environment[name];
    if (text === undefined) return otherwise;
    if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} is '${text}': a whole number is needed`);
    return Number(text);
  };
  const numRuns = read('FUZZ_RUNS', 100);
  const seed = read('FUZZ_SEED', 7331);
  return numRuns > 100 ? { seed, numRuns, interruptAfterTimeLimit: 240_000 } : { seed, numRuns };
}
