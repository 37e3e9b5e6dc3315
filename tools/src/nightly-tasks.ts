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
    runs: 2,
    minutesMax: 1,
  },
  {
    name: 'trades',
    command: (seed) => {
      const search = ['--seeds', '1010000', '--distinct-min', '1000000', '--seed', String(seed)];
      return ['npm', 'run', 'sim', '--', '--scenario', 'trade', ...search, '--json'];
    },
    runs: 1,
    minutesMax: 4.5,
  },
  {
    name: 'fuzz',
    command: () => ['npx', 'vitest', 'run', '--project', 'pure'],
    env: (seed) => ({ FUZZ_RUNS: '500', FUZZ_SEED: String(seed) }),
    runs: 1,
    minutesMax: 3,
  },
  {
    name: 'bench',
    command: () => ['npm', 'run', 'bench', '--', '--scenario', 'town-1000', '--json'],
    runs: 1,
    minutesMax: 5.5,
  },
  {
    name: 'floods',
    command: (seed) => ['npm', 'run', 'floods', '--', '--seed', String(seed), '--json'],
    runs: 1,
    minutesMax: 20.5,
  },
  {
    name: 'drill',
    command: (seed) => {
      const times = ['--repeat', '200', '--players', '6', '--seed', String(seed)];
      return ['npx', 'lifeverse', 'drill', 'kill-under-trade', ...times, '--json'];
    },
    runs: 1,
    minutesMax: 18,
  },
  {
    name: 'soak',
    command: (seed) => ['npm', 'run', 'soak', '--', '--seed', String(seed), '--minutes', '5', '--json'],
    runs: 1,
    minutesMax: 6.5,
  },
];
