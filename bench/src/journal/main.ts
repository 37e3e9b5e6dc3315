import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrations } from '@lifeverse/backend';
import { Journal, PostgresStore } from '@lifeverse/backend/journal';
import { migrate, openDatabase, SystemClock, startEmbeddedServer } from '@lifeverse/node-kit';
import { provenance } from '../harness/machine.ts';
import { type Spread, TransferLoad } from './load.ts';
import { checkSums, fillPurses, fullLoad, type Measured, pacedLoad, Tally } from './run.ts';

/** Waiting for an answer at a time: what a few thousand players who trade at once are. */
export const CLIENTS = 2_000;
export const WARMUP_S = 2;

interface Figures {
  readonly full: Measured;
  readonly tenth: Measured;
  readonly oneByOnePerS: number;
  /** Decided a second time: a key from long ago came again. */
  readonly staleBatches: number;
  readonly faults: readonly string[];
}

/** The options of this scenario besides `--scenario journal`. */
function parseJournalOptions(args: readonly string[]): { seconds: number; seed: number; json: boolean } {
  const text = { type: 'string' } as const;
  const options = { scenario: text, seconds: text, seed: text, json: { type: 'boolean' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const seconds = Number(values.seconds ?? 8);
  const seed = Number(values.seed ?? 1);
  if (!(seconds >= 1) || !Number.isInteger(seed)) throw new Error('--seconds is at least 1, --seed a whole number');
  return { seconds, seed, json: values.json === true };
}

async function measure(spread: Spread, seconds: number, seed: number, batchMax?: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-bench-journal-'));
  const server = await startEmbeddedServer({ folder });
  const database = openDatabase({ url: server.url, maxConnections: 2 });
  const store = new PostgresStore(server.url);
  try {
    await migrate(database, migrations);
    const [fsync] = await database.query<{ fsync: string }>('SHOW fsync');
    if (fsync?.fsync !== 'on') throw new Error('fsync is off: what is measured is not durable');
    const clock = new SystemClock();
    const journal = new Journal({ store, clock, ...(batchMax === undefined ? {} : { batchMax }) });
    const load = new TransferLoad(spread, seed);
    await fillPurses(database, journal, load);
    const tally = new Tally();
    const full = await fullLoad(journal, load, tally, { warmupS: WARMUP_S, measuredS: seconds, clients: CLIENTS });
    const perS = full.committedPerS / 10;
    const tenth = await pacedLoad(journal, load, tally, { warmupS: 1, measuredS: seconds / 2, perS });
    await journal.close();
    const single = new Journal({ store, clock, batchMax: 1, underWayMax: 1 });
    const alone = await fullLoad(single, load, tally, { warmupS: 0.5, measuredS: seconds / 4, clients: 32 });
    await single.close();
    const faults = await checkSums(database, load, tally);
    return { full, tenth, oneByOnePerS: alone.committedPerS, staleBatches: store.counts.stale, faults };
  } finally {
    await store.close();
    await database.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `npm run bench -- --scenario journal`. Answers the exit code: 1 when something did not add up. */
export async function journalBench(args: readonly string[]): Promise<number> {
  const { seconds, seed, json } = parseJournalOptions(args);
  const about = provenance(new Date());
  const say = (line: string) => (json ? process.stderr : process.stdout).write(`${line}\n`);
  say(`${about.cores} x ${about.cpu}, ${about.kernel}, Node ${about.node}, commit ${about.commit}`);
  const results: Partial<Record<Spread, Figures>> = {};
  for (const spread of ['uniform', 'zipf'] as const) {
    const figures = await measure(spread, seconds, seed);
    results[spread] = figures;
    const { full, tenth } = figures;
    say(
      `${spread}: ${full.committedPerS.toFixed(0)}/s committed (${full.refusedPerS.toFixed(0)}/s refused beside), ` +
        `ack p50 ${full.p50Ms.toFixed(1)} p99 ${full.p99Ms.toFixed(1)} ms; at a tenth p99 ${tenth.p99Ms.toFixed(1)} ms; ` +
        `one by one ${figures.oneByOnePerS.toFixed(0)}/s`,
    );
    for (const fault of figures.faults) say(`  does not add up: ${fault}`);
  }
  const { uniform, zipf } = results as Record<Spread, Figures>;
  if (json) console.log(JSON.stringify({ scenario: 'journal', ...published(uniform, zipf), ...about }));
  return uniform.faults.length + zipf.faults.length === 0 ? 0 : 1;
}

/** The worse of the two, but for the rate one by one, which is the better. */
function published(uniform: Figures, zipf: Figures): object {
  const worst = (of: (figures: Figures) => number): number => Math.max(of(uniform), of(zipf));
  const committed = Math.min(uniform.full.committedPerS, zipf.full.committedPerS);
  const oneByOne = worst((figures) => figures.oneByOnePerS);
  return {
    committed_per_s: Math.round(committed),
    ack_ms_p50: worst(({ full }) => full.p50Ms),
    ack_ms_p99: worst(({ full }) => full.p99Ms),
    ack_ms_p99_tenth: worst(({ tenth }) => tenth.p99Ms),
    one_by_one_per_s: Math.round(oneByOne),
    ratio: committed / oneByOne,
    uniform: Math.round(uniform.full.committedPerS),
    zipf: Math.round(zipf.full.committedPerS),
    refused_per_s: Math.round(Math.min(uniform.full.refusedPerS, zipf.full.refusedPerS)),
    stale_batches: uniform.staleBatches + zipf.staleBatches,
    faults: [...uniform.faults, ...zipf.faults],
  };
}
