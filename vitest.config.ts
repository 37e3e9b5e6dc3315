import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import LongestFirst from './tools/src/longest-first.ts';
import { plainTier, tiers } from './tools/src/tiers.ts';

// A tier is a file's suffix, so that one can see what a test needs without opening it, and run it alone:
// `npx vitest run --project pure`. A plain `.test.ts` needs nothing beyond Node.
const everywhere = '{packages,services,worlds,apps}/*';
const rooms = `{${everywhere},cli,sim,bench,tools}`;
/** What is waited for comes when it comes: a busy machine is no finding. */
const expected = { poll: { timeout: 15_000 } } as const;
const ignored = ['**/node_modules/**', '**/dist/**', '**/test-output/**'];

export default defineConfig({
  test: {
    // A flaky test is a defect to find, never one to run again until it is green.
    retry: 0,
    allowOnly: false,
    passWithNoTests: false,
    sequence: { shuffle: false, concurrent: false, sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: plainTier,
          include: [`${rooms}/src/**/*.test.ts`],
          exclude: [...ignored, ...tiers.map((tier) => `**/*.${tier}.test.ts`)],
          setupFiles: [join(import.meta.dirname, 'tools/src/fuzz-setup.ts')],
          maxWorkers: 2,
          expect: expected,
          // What is pure leaves nothing behind: two hundred files need not load the same modules again.
          isolate: false,
          testTimeout: process.env.FUZZ_RUNS === undefined ? 30_000 : 300_000,
          // Some start a server with its database first.
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      // What shares a browser with other files runs one file at a time; a database or a bus each file has of its own.
      ...tiers.map((tier, index) => ({
        test: {
          name: tier,
          include: [`${rooms}/src/**/*.${tier}.test.ts`],
          exclude: ignored,
          fileParallelism: tier !== 'browser',
          // Files share what is loaded, as pure ones do. So hooks are set by what a file calls, never by a module that it loads.
          isolate: false,
          maxWorkers: { pg: 3, nats: 2, browser: 1 }[tier],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: expected,
          sequence: { groupOrder: index + 1 },
          ...(tier === 'pg'
            ? { globalSetup: [join(import.meta.dirname, 'packages/node-kit/src/postgres/postgres-setup.ts')] }
            : {}),
        },
      })),
    ],
  },
});
