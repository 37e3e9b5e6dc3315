import { randomBytes, randomUUID } from 'node:crypto';
import {
  type DealingsAnswer,
  type DealingsAsk,
  decodeDealingsAnswer,
  encodeDealings,
  type StallPlan,
} from '@lifeverse/contracts';
import { createLog, LocalBus, migrate, SystemClock } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import fastify from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import { belongingsDesk } from '../belongings/belongings-desk.ts';
import { takeZone } from '../characters/take-zone.ts';
import { Journal, PostgresStore } from '../journal/index.ts';
import { migrations } from '../migrations.ts';
import { prices, stallPrices } from './market-prices.ts';
import { playerContentRoutes } from './player-routes.ts';
import { startContent } from './start-content.ts';

const ZONE = 1;
const baker: StallPlan = {
  name: 'baker',
  currency: 'coin',
  till: 100,
  wares: [{ kind: 'bread', asks: 5, pays: 2, stock: 9 }],
};
const by = { actor: 'player:ann', reason: 'a fair' };

it('players pay what is in force, and are told it', async () => {
  const { database, url } = await testDatabase();
  await migrate(database, migrations);
  const bus = new LocalBus();
  const log = createLog({ role: 'test', level: 'silent' });
  const content = await startContent({ database, bus, log, declarations: { prices } });
  const store = new PostgresStore(url);
  const journal = new Journal({ store, clock: new SystemClock() });
  const app = fastify();
  await app.register(playerContentRoutes(content.live));
  onTestFinished(async () => {
    await app.close();
    await journal.close();
    await store.close();
    await content.stop();
    bus.close();
  });
  const epoch = await takeZone(database, ZONE);
  const desk = belongingsDesk({ database, journal, prices: stallPrices(content.live) });
  const ask = async (asked: DealingsAsk): Promise<DealingsAnswer> => {
    const outcome = await desk({ zone: ZONE, epoch, number: 1, kind: 'durable', body: encodeDealings(asked) });
    if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
    return decodeDealingsAnswer(outcome.body) as DealingsAnswer;
  };
  const holder = randomUUID();
  const grants = [{ key: new TextEncoder().encode('starting-coins-1'), money: { coin: 40 }, items: [] }];
  await ask({ ask: 'belongings', holder, grants });
  const { stocks } = await ask({ ask: 'market', stalls: [baker] });
  const loaves = (stocks?.[0]?.items ?? []).map(({ id }) => id);
  const buy = async (price: number) => {
    const operation = { kind: 'buy', stall: 'baker', item: loaves.pop() as number, price } as const;
    return (await ask({ ask: 'operate', request: { holder, key: randomBytes(16), operation } })).outcome;
  };
  const told = async (etag = '') => {
    const response = await app.inject({ url: '/api/content/prices', headers: { 'if-none-match': etag } });
    return { status: response.statusCode, etag: response.headers.etag as string, body: response.body };
  };

  expect(await buy(5)).toMatchObject({ ok: true, balances: { coin: 35 } });
  const before = await told();
  expect(JSON.parse(before.body)).toEqual({ document: 'prices', version: null, body: {} });
  const { version } = await content.desk.stage('prices', { baker: { bread: { asks: 7 } } }, by);
  expect(await buy(5)).toMatchObject({ ok: true });
  await content.desk.enforce('prices', version, by);
  // Listed in its turn, before whatever the market is asked for next.
  await ask({ ask: 'market', stalls: [] });
  expect(await buy(5)).toEqual({ ok: false, code: 'price_changed' });
  expect(await buy(7)).toMatchObject({ ok: true, balances: { coin: 23 } });
  const after = await told(before.etag);
  expect(JSON.parse(after.body)).toEqual({ document: 'prices', version, body: { baker: { bread: { asks: 7 } } } });
  expect((await told(after.etag)).status).toBe(304);
  expect((await app.inject({ url: '/api/content/nothing' })).json().message).toContain('no such toggle, document');
  // Stalls that open again have them too.
  await ask({ ask: 'market', stalls: [baker] });
  expect(await buy(7)).toMatchObject({ ok: true });
});
