import { randomBytes, randomUUID } from 'node:crypto';
import type { Operation } from '@lifeverse/contracts';
import { createLog, migrate, SystemClock } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { LifeverseError } from '@lifeverse/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { createBackendApp } from '../http/app.ts';
import { ProblemSchema } from '../http/problem-schema.ts';
import { migrations } from '../migrations.ts';
import { openHolder } from './holders.ts';
import { Journal } from './journal.ts';
import { PostgresStore } from './postgres-store.ts';
import { journalRoutes } from './routes.ts';

const { database, url } = await testDatabase();
await migrate(database, migrations);
const store = new PostgresStore(url);
const journal = new Journal({ store, clock: new SystemClock() });
const log = createLog({ role: 'test', level: 'error', stream: { write: () => undefined } });
const routes = journalRoutes({
  database,
  problem: ProblemSchema,
  session: async ({ headers }) => {
    if (typeof headers['x-player'] !== 'string') throw new LifeverseError('session_unknown');
    return { session: randomUUID(), player: headers['x-player'], name: 'x', roles: [], mutedUntilMs: null };
  },
});
const app = await createBackendApp({ log, secret: 'secret', routes: [routes] });
afterAll(async () => {
  await app.close();
  await journal.close();
  await store.close();
});

async function someone(): Promise<{ player: string; character: string }> {
  const [player, character] = [randomUUID(), randomUUID()];
  await database.query('INSERT INTO players (id, name) VALUES ($1, $2)', [player, 'Ada']);
  await database.query('INSERT INTO characters (id, player, name) VALUES ($1, $2, $3)', [character, player, 'Ada']);
  await openHolder(database, character);
  return { player, character };
}

const ask = (holder: string, operation: Operation) => journal.submit({ holder, key: randomBytes(16), operation });

async function get(path: string, player?: string) {
  const headers = player === undefined ? {} : { 'x-player': player };
  const { statusCode, body } = await app.inject({ url: `/api/characters/${path}`, headers });
  return { status: statusCode, ...JSON.parse(body) };
}

describe('the routes of the journal', () => {
  it('tell what a character has, and page through how it came', async () => {
    const [one, other] = [await someone(), await someone()];
    await ask(one.character, { kind: 'mint', money: { gold: 100, silver: 7 }, items: ['lantern', 'bread'] });
    for (let amount = 1; amount <= 7; amount++)
      await ask(one.character, { kind: 'give', to: other.character, gives: { money: { gold: amount }, items: [] } });
    const had = await get(`${one.character}/belongings`, one.player);
    expect(had).toMatchObject({ status: 200, money: { gold: 72, silver: 7 } });
    expect(had.items.map(({ kind }: { kind: string }) => kind)).toEqual(['lantern', 'bread']);
    await ask(one.character, {
      kind: 'give',
      to: other.character,
      gives: { money: { silver: 2 }, items: [had.items[0].id] },
    });
    const lines = [];
    let pages = 0;
    for (let next: string | null = ''; next !== null; pages++) {
      const page: Awaited<ReturnType<typeof get>> = await get(
        `${one.character}/journal?limit=2${next === '' ? '' : `&before=${next}`}`,
        one.player,
      );
      expect(page.status).toBe(200);
      lines.push(...page.lines);
      next = page.next;
    }
    expect(pages).toBe(5);
    const money = lines.map((line) => line.money.map((entry: { amount: number }) => entry.amount));
    expect(money).toEqual([[-2], [-7], [-6], [-5], [-4], [-3], [-2], [-1], [100, 7]]);
    expect(lines[0]).toMatchObject({
      kind: 'give',
      money: [{ currency: 'silver', balance: 5, with: other.character }],
      items: [{ id: had.items[0].id, kind: 'lantern', gained: false, with: other.character }],
    });
    expect(lines.at(-1)).toMatchObject({ kind: 'mint', items: [{ gained: true, with: 'mint' }, { gained: true }] });
  });

  it('tell nothing of others, nor to nobody', async () => {
    const [one, other] = [await someone(), await someone()];
    for (const what of ['belongings', 'journal']) {
      expect(await get(`${one.character}/${what}`, other.player)).toMatchObject({
        status: 404,
        code: 'character_unknown',
      });
      expect(await get(`${one.character}/${what}`)).toMatchObject({ status: 401 });
      expect(await get(`${randomUUID()}/${what}`, one.player)).toMatchObject({ status: 404 });
    }
  });

  it('refuse what is no page', async () => {
    const { player, character } = await someone();
    const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const wrong = [
      'limit=0',
      'limit=x',
      'limit=-1',
      'limit=1000000',
      'more=1',
      'before=x',
      `before=${'A'.repeat(2_000)}`,
    ];
    const cursors = [
      [],
      [[['gold', -1]], null],
      [[["x'; DROP TABLE entries", 1]], null],
      [[['__proto__', 1]], 1],
      [1, 2],
      null,
    ];
    for (const query of [...wrong, ...cursors.map((cursor) => `before=${forged(cursor)}`)])
      expect(await get(`${character}/journal?${query}`, player), query).toMatchObject({ status: 400 });
    expect(await get(`${character}/journal?before=${forged([[['gold', 5]], 0])}`, player)).toMatchObject({ lines: [] });
  });
});
