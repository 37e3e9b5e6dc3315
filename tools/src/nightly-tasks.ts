/**
 * What is too long for every change. Add a line here for a flood, a soak or a search of your own; the minutes of all
 * together stay within an hour (a test says so).
 */
export interface NightlyTask {
  readonly name: string;
  /** The command for a seed; also what one types to see the same again. */
  readonly command: (seed: number) => readonly string[];
  readonly env?: (seed: number) => Readonly<Record<string, string>>;
  /** How often it runs, each time with a fresh seed. */
  readonly runs: number;
  /** For each run; a run that takes longer is ended and has failed. */
  readonly minutesMax: number;
}

export const totalMinutesMax = 60;

export const nightlyTasks: readonly NightlyTask[] = [
  {
    name: 'sim',
    command: (seed) => ['npm', 'run', 'sim', '--', '--seed', String(seed), '--seconds', '600'],
    runs: 5,
    minutesMax: 4,
  },
  {
    name: 'fuzz',
    command: () => ['npx', 'vitest', 'run', '--project', 'pure'],
    env: (seed) => ({ LIFEVERSE_FUZZ_RUNS: '2000', LIFEVERSE_FUZZ_SEED: String(seed) }),
    runs: 1,
    minutesMax: 20,
  },
  {
    name: 'bench',
    command: () => ['npm', 'run', 'bench', '--', '--scenario', 'town-1000', '--json'],
    runs: 1,
    minutesMax: 15,
  },
];
