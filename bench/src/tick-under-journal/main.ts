import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { migrations } from '@lifeverse/backend';
import { Journal, PostgresStore } from '@lifeverse/backend/journal';
import { quantile } from '@lifeverse/base';
import { migrate, openDatabase, SystemClock, startEmbeddedServer, yieldCpu } from '@lifeverse/node-kit';
import { provenance } from '../harness/machine.ts';
import { TransferLoad } from '../journal/load.ts';
import { CLIENTS, WARMUP_S } from '../journal/main.ts';
import { checkSums, fillPurses, fullLoad, pacedLoad, Tally } from '../journal/run.ts';
import type { Ticks } from './zone-thread.ts';

const PLAYERS = 5_000;
const ROUNDS = 5;
/** As of the backend's thread where zone and gateway have a thread each. */
const NICER = 5;

interface Round {
  readonly alone: Ticks;
  readonly beside: Ticks;
  readonly committedPerS: number;
}

/** `npm run bench -- --scenario tick-under-journal`. Answers the exit code: 1 when something did not add up. */
export async function tickUnderJournalBench(args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const options = { scenario: text, seconds: text, json: { type: 'boolean' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const seconds = Number(values.seconds ?? 6);
  if (!(seconds >= 1)) throw new Error('--seconds is at least 1');
  const say = (line: string) => (values.json === true ? process.stderr : process.stdout).write(`${line}\n`);
  const about = provenance(new Date());
  say(`${about.cores} x ${about.cpu}, ${about.kernel}, Node ${about.node}, commit ${about.commit}`);
  const zone = new Worker(new URL('./zone-thread.ts', import.meta.url), { workerData: { players: PLAYERS } });
  await once(zone, 'online');
  yieldCpu(NICER);
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-bench-tick-'));
  const server = await startEmbeddedServer({ folder });
  const database = openDatabase({ url: server.url, maxConnections: 2 });
  const store = new PostgresStore(server.url);
  try {
    await migrate(database, migrations);
    const journal = new Journal({ store, clock: new SystemClock() });
    const load = new TransferLoad('uniform', 1);
    const tally = new Tally();
    await fillPurses(database, journal, load);
    const full = await fullLoad(journal, load, tally, { warmupS: WARMUP_S, measuredS: seconds, clients: CLIENTS });
    const perS = full.committedPerS / 2;
    say(`the journal alone: ${full.committedPerS.toFixed(0)}/s; beside the zone it is asked for half of that`);
    await ticks(zone, seconds);
    const rounds: Round[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      const alone = await ticks(zone, seconds);
      const [beside, { committedPerS }] = await Promise.all([
        ticks(zone, seconds),
        pacedLoad(journal, load, tally, { warmupS: 0, measuredS: seconds, perS }),
      ]);
      rounds.push({ alone, beside, committedPerS });
      say(`tick p99 ${alone.workMsP99.toFixed(2)} ms alone, ${beside.workMsP99.toFixed(2)} ms beside`);
    }
    await journal.close();
    const faults = await checkSums(database, load, tally);
    const figures = published(rounds);
    for (const [name, value] of Object.entries(figures)) say(`${name} ${value.toFixed(2)}`);
    for (const fault of faults) say(`does not add up: ${fault}`);
    if (values.json === true)
      console.log(JSON.stringify({ scenario: 'tick-under-journal', players: PLAYERS, ...figures, faults, ...about }));
    return faults.length === 0 && rounds.every(({ beside }) => beside.changeBytes > 0) ? 0 : 1;
  } finally {
    await zone.terminate();
    await store.close();
    await database.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ratios are taken inside of a round, since a shared machine's speed drifts between them. */
function published(rounds: readonly Round[]): Record<string, number> {
  const median = (of: (round: Round) => number): number => quantile(rounds.map(of), 0.5) ?? Number.NaN;
  return {
    committed_per_s: median(({ committedPerS }) => committedPerS),
    tick_ms_p50_alone: median(({ alone }) => alone.workMsP50),
    tick_ms_p50: median(({ beside }) => beside.workMsP50),
    tick_ms_p99_alone: median(({ alone }) => alone.workMsP99),
    tick_ms_p99: median(({ beside }) => beside.workMsP99),
    moved_by: median(({ alone, beside }) => beside.workMsP99 / alone.workMsP99 - 1),
    due_ms_p99_alone: median(({ alone }) => alone.dueMsP99),
    due_ms_p99: median(({ beside }) => beside.dueMsP99),
  };
}

async function ticks(zone: Worker, seconds: number): Promise<Ticks> {
  zone.postMessage(seconds * 1_000);
  const [answer] = (await once(zone, 'message')) as [Ticks];
  return answer;
}
