import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '@lifeverse/base';
import type { DurableOutcome, DurableRequest } from '@lifeverse/contracts';
import { type Database, migrate, openDatabase, SystemClock, startEmbeddedServer } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migrations } from '../migrations.ts';
import { checkHistory, type Told } from './checker.ts';
import { readDurable } from './durable-state.ts';
import { openHolder } from './holders.ts';
import { Journal, type JournalOptions, OutcomeUnknown } from './journal.ts';
import { BuggyStore, plants } from './plants.ts';
import { PostgresStore } from './postgres-store.ts';
import { RandomRequests } from './random-requests.ts';
import { type CheckedRequest, checkRequest } from './request.ts';

const person = (number: number): string => `0000000c-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
const people = Array.from({ length: 12 }, (_, index) => person(index + 1));
const [one, other] = people as [string, string];

/** A database of its own with people in it, and a journal on it, sound or with a known bug. */
class Ground {
  readonly told: Told[] = [];
  readonly database: Database;
  readonly url: string;
  #keys = 0;

  constructor(database: Database, url: string) {
    this.database = database;
    this.url = url;
  }

  static async open(): Promise<Ground> {
    const { database, url } = await testDatabase();
    const ground = new Ground(database, url);
    await ground.people();
    return ground;
  }

  async people(): Promise<void> {
    await migrate(this.database, migrations);
    for (const each of people) await openHolder(this.database, each);
  }

  journal(plant?: string, options: Partial<JournalOptions> = {}): { journal: Journal; store: PostgresStore } {
    const store = new PostgresStore(this.url);
    const bug = plant === undefined ? null : (plants[plant]?.() ?? null);
    const behind = bug === null ? store : new BuggyStore(store, bug);
    const journal = new Journal({ store: behind, clock: new SystemClock(), retryMs: 20, ...options });
    onTestFinished(async () => {
      await journal.close();
      await store.close();
    });
    return { journal, store };
  }

  request(holder: string, operation: DurableRequest['operation']): DurableRequest {
    const key = Buffer.alloc(16);
    key.writeUInt32LE(++this.#keys);
    return { holder, key, operation };
  }

  async ask(journal: Journal, request: DurableRequest): Promise<DurableOutcome | null> {
    const checked = checkRequest(request) as CheckedRequest;
    const told: { request: CheckedRequest; outcome: DurableOutcome | null } = { request: checked, outcome: null };
    this.told.push(told);
    try {
      told.outcome = await journal.submit(request);
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
    }
    return told.outcome;
  }

  async check(): Promise<string[]> {
    return checkHistory(this.told, await readDurable(this.database));
  }

  async cutConnections(which: string): Promise<void> {
    await this.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1`,
      [`lifeverse journal ${which}`],
    );
  }

  /** Until so many statements of the journal wait for a lock. */
  async blocked(count = 1): Promise<void> {
    for (;;) {
      const rows = await this.database.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
         AND application_name = 'lifeverse journal writes'`,
      );
      if (rows.length >= count) return;
    }
  }
}

const mint = (gold: number) => ({ kind: 'mint', money: { gold }, items: ['lantern'] }) as const;
const give = (gold: number, to = other) => ({ kind: 'give', to, gives: { money: { gold }, items: [] } }) as const;

/** A purse is locked, a gift waits for it, the connection is cut, the purse is free again. */
async function cutInTheMiddle(ground: Ground, journal: Journal): Promise<DurableOutcome | null> {
  await ground.ask(ground.journal().journal, ground.request(one, mint(10)));
  const holding = await ground.database.connection();
  await holding.query('BEGIN');
  await holding.query('SELECT FROM balances FOR UPDATE');
  const asked = ground.ask(journal, ground.request(one, give(4)));
  await ground.blocked();
  await ground.cutConnections('writes');
  await holding.query('ROLLBACK');
  holding.release();
  // Whatever became of it is on disk when the next one is.
  await ground.ask(ground.journal().journal, ground.request(one, mint(1)));
  return asked;
}

async function randomLoad(ground: Ground, journal: Journal, seed: number): Promise<void> {
  for (const each of people) await ground.ask(journal, ground.request(each, mint(50)));
  const requests = new RandomRequests(new Random(seed), people, [100_000, 100_001, 100_002, 100_003]);
  const client = async (): Promise<void> => {
    for (let count = 0; count < 40; count++) {
      const request = requests.next();
      if (typeof checkRequest(request) !== 'string') await ground.ask(journal, request);
    }
  };
  await Promise.all(Array.from({ length: 10 }, client));
}

/**
 * Two writers, who both write of the first, the middle and the last of so many that the planner looks up each by itself. The
 * middle one is locked until both wait for something.
 */
async function twoWriters(ground: Ground, plant?: string): Promise<number> {
  const many = Array.from({ length: 400 }, (_, index) => person(index + 1));
  for (const each of many) await openHolder(ground.database, each);
  const [a, b] = [ground.journal(plant), ground.journal(plant)];
  const { journal } = ground.journal();
  await Promise.all(many.map((each) => ground.ask(journal, ground.request(each, mint(100)))));
  await ground.database.query('ANALYZE');
  const [first, middle, last] = [many[0], many[200], many[399]] as [string, string, string];
  const holding = await ground.database.connection();
  await holding.query('BEGIN');
  await holding.query(
    'SELECT FROM balances WHERE holder = (SELECT id FROM holders WHERE character = $1::uuid) FOR UPDATE',
    [middle],
  );
  const asked = [a, b].flatMap(({ journal }) => [
    ground.ask(journal, ground.request(first, give(1, middle))),
    ground.ask(journal, ground.request(middle, give(1, last))),
  ]);
  await ground.blocked(2);
  await holding.query('ROLLBACK');
  holding.release();
  expect((await Promise.all(asked)).map((outcome) => outcome?.ok)).toEqual([true, true, true, true]);
  return a.store.counts.deadlocks + b.store.counts.deadlocks;
}

describe('a connection that is cut while a batch is written', () => {
  it('leaves nobody with a wrong answer', async () => {
    const ground = await Ground.open();
    const { journal } = ground.journal();
    expect(await cutInTheMiddle(ground, journal)).toMatchObject({ ok: true });
    expect(await ground.check()).toEqual([]);
  });

  it('shows that ack-before-commit is found', async () => {
    const ground = await Ground.open();
    const { journal } = ground.journal('ack-before-commit');
    expect(await cutInTheMiddle(ground, journal)).toMatchObject({ ok: true });
    expect((await ground.check()).join()).toMatch(/lost/);
  });
});

describe('many who ask at once', () => {
  it('get what is theirs', async () => {
    const ground = await Ground.open();
    await randomLoad(ground, ground.journal().journal, 1);
    expect(await ground.check()).toEqual([]);
    expect(ground.told.filter(({ outcome }) => outcome?.ok === true).length).toBeGreaterThan(50);
  });

  it.each([
    ['no-key-check', /doubled|otherwise/],
    ['one-sided-save', /do not lead to/],
  ])('show that %s is found', async (plant, expected) => {
    const ground = await Ground.open();
    // Answers that are remembered would hide that nobody looks on disk.
    await randomLoad(ground, ground.journal(plant, { recentMax: 1 }).journal, 1);
    expect((await ground.check()).join()).toMatch(expected);
  });
});

describe('two writers to one database', () => {
  it('never wait for one another in a circle', async () => {
    const ground = await Ground.open();
    expect(await twoWriters(ground)).toBe(0);
    expect(await ground.check()).toEqual([]);
  });

  it('show that no-lock-order is found', async () => {
    const ground = await Ground.open();
    expect(await twoWriters(ground, 'no-lock-order')).toBeGreaterThan(0);
    // The database breaks the circle, and all is decided again.
    expect(await ground.check()).toEqual([]);
  });
});

describe('a database that is gone', () => {
  it('is a refusal with a time to retry, or an outcome that is looked up; nothing is lost', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lifeverse-gone-'));
    let server = await startEmbeddedServer({ folder });
    const database = openDatabase({ url: server.url });
    const ground = new Ground(database, server.url);
    await ground.people();
    const { journal } = ground.journal();
    expect(await ground.ask(journal, ground.request(one, mint(100)))).toMatchObject({ ok: true });
    const underWay = Array.from({ length: 20 }, () => ground.request(one, give(1)));
    const asked = underWay.map((request) => ground.ask(journal, request));
    await server.kill();
    // Those that were sent wait until it is known; by now it is known that nothing can be sent.
    let refused = await ground.ask(journal, ground.request(one, give(1)));
    while (refused?.ok !== false) refused = await ground.ask(journal, ground.request(one, give(1)));
    expect(refused).toMatchObject({ code: 'journal_unreachable', retryAfterMs: 20 });
    server = await startEmbeddedServer({ folder });
    await Promise.all(asked);
    for (const request of underWay) {
      let outcome = await ground.ask(journal, request);
      while (outcome?.ok === false && outcome.retryAfterMs !== undefined) {
        await pause(outcome.retryAfterMs);
        outcome = await ground.ask(journal, request);
      }
      expect(outcome).toMatchObject({ ok: true });
    }
    expect(await ground.check()).toEqual([]);
    await database.close();
    onTestFinished(async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    });
  });

  it('and stays away is told as an unknown outcome to those whose request was sent', async () => {
    const ground = await Ground.open();
    const { journal } = ground.journal(undefined, { unknownMs: 0 });
    await ground.ask(journal, ground.request(one, mint(10)));
    const holding = await ground.database.connection();
    await holding.query('BEGIN');
    await holding.query('SELECT FROM balances FOR UPDATE');
    const request = ground.request(one, give(4));
    // Told as soon as the connection breaks, be that before or after the one who cuts it hears so.
    const told = expect(journal.submit(request)).rejects.toThrow(OutcomeUnknown);
    await ground.blocked();
    await ground.cutConnections('writes');
    await told;
    await holding.query('ROLLBACK');
    holding.release();
    let outcome = await ground.ask(journal, request);
    while (outcome?.ok === false) {
      await pause(outcome.retryAfterMs ?? 0);
      outcome = await ground.ask(journal, request);
    }
    expect(await ground.check()).toEqual([]);
  });
});
