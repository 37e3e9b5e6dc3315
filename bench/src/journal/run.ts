import { type Journal, openHolder } from '@lifeverse/backend/journal';
import { quantile } from '@lifeverse/base';
import type { Database } from '@lifeverse/node-kit';
import { type Asked, START_GOLD, type TransferLoad, wrong } from './load.ts';

export interface Measured {
  readonly committedPerS: number;
  readonly refusedPerS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Told {
  readonly asked: Asked;
  readonly ok: boolean;
}

/** What was acknowledged: to be held against what is in the database. */
export class Tally {
  /** Transfers that were done, each counted once. */
  done = 0;
  refused = 0;
  readonly wrongs: string[] = [];
  #latenciesMs: number[] = [];
  #doneBefore = 0;
  #refusedBefore = 0;

  tell({ asked, ok }: Told, outcome: string | null, latencyMs: number): void {
    if (outcome !== null) this.wrongs.push(outcome);
    if (ok && asked.expected === 'done') this.done++;
    if (!ok) this.refused++;
    this.#latenciesMs.push(latencyMs);
  }

  start(): void {
    this.#latenciesMs = [];
    this.#doneBefore = this.done;
    this.#refusedBefore = this.refused;
  }

  measured(seconds: number): Measured {
    return {
      committedPerS: (this.done - this.#doneBefore) / seconds,
      refusedPerS: (this.refused - this.#refusedBefore) / seconds,
      p50Ms: quantile(this.#latenciesMs, 0.5) ?? Number.NaN,
      p99Ms: quantile(this.#latenciesMs, 0.99) ?? Number.NaN,
    };
  }
}

export interface Phase {
  readonly warmupS: number;
  readonly measuredS: number;
}

/** As many as there are clients are always waiting for an answer. */
export async function fullLoad(
  journal: Journal,
  load: TransferLoad,
  tally: Tally,
  phase: Phase & { readonly clients: number },
): Promise<Measured> {
  const { warmupS, measuredS, clients } = phase;
  let running = true;
  const client = async (): Promise<void> => {
    while (running) await one(journal, load, tally, performance.now());
  };
  const all = Array.from({ length: clients }, client);
  await pause(warmupS);
  tally.start();
  const started = performance.now();
  await pause(measuredS);
  const measured = tally.measured((performance.now() - started) / 1_000);
  running = false;
  await Promise.all(all);
  return measured;
}

/** Requests come when they are due, whether the earlier ones have been answered or not; late ones count from when they were due. */
export async function pacedLoad(
  journal: Journal,
  load: TransferLoad,
  tally: Tally,
  phase: Phase & { readonly perS: number },
): Promise<Measured> {
  const { warmupS, measuredS, perS } = phase;
  const started = performance.now();
  const gapMs = 1_000 / perS;
  const open = new Set<Promise<void>>();
  let due = started;
  let warm = false;
  for (;;) {
    const now = performance.now();
    if (!warm && now - started >= warmupS * 1_000) {
      warm = true;
      tally.start();
    }
    if (now - started >= (warmupS + measuredS) * 1_000) break;
    for (; due <= now; due += gapMs) {
      const asked = one(journal, load, tally, due);
      open.add(asked);
      void asked.then(() => open.delete(asked));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const measured = tally.measured(measuredS);
  await Promise.all(open);
  return measured;
}

async function one(journal: Journal, load: TransferLoad, tally: Tally, dueMs: number): Promise<void> {
  const asked = load.next();
  const outcome = await journal.submit(asked.request);
  tally.tell({ asked, ok: outcome.ok }, wrong(asked, outcome), performance.now() - dueMs);
}

/** Everyone's purse, filled by the journal itself. */
export async function fillPurses(database: Database, journal: Journal, load: TransferLoad): Promise<void> {
  await database.transaction(async (sql) => {
    for (const character of load.characters) await openHolder(sql, character);
  });
  await Promise.all(
    load.characters.map(async (holder, index) => {
      const key = Buffer.alloc(16);
      key.writeUInt32LE(index);
      const operation = { kind: 'mint', money: { gold: START_GOLD }, items: [] } as const;
      const outcome = await journal.submit({ holder, key, operation });
      if (!outcome.ok) throw new Error(`a purse was not filled: ${outcome.code}`);
    }),
  );
  await database.query('ANALYZE');
}

/** What does not add up in the database, held against what was acknowledged; empty when all is well. */
export async function checkSums(database: Database, load: TransferLoad, tally: Tally): Promise<string[]> {
  const found = [...new Set(tally.wrongs)];
  const count = async (what: string, sql: string, expected: bigint): Promise<void> => {
    const [row] = await database.query<{ n: bigint }>(`SELECT (${sql})::bigint AS n`);
    if (row?.n !== expected) found.push(`${what}: ${row?.n}, expected ${expected}`);
  };
  await count('sum of all balances', 'SELECT sum(amount) FROM balances', 0n);
  await count(
    'transfers done',
    `SELECT count(*) FROM operations WHERE kind = 'give' AND refused IS NULL`,
    BigInt(tally.done),
  );
  await count('entries', 'SELECT count(*) FROM entries', BigInt(tally.done + load.characters.length));
  await count(
    'balances that are not the sum of their entries',
    `SELECT count(*) FROM balances b JOIN (SELECT holder, sum(amount) AS amount FROM (
       SELECT to_holder AS holder, amount FROM entries UNION ALL SELECT from_holder, -amount FROM entries) e
       GROUP BY holder) s USING (holder) WHERE b.amount <> s.amount`,
    0n,
  );
  return found;
}

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
