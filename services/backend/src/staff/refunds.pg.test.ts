import { randomBytes, randomUUID } from 'node:crypto';
import type { DurableDone } from '@lifeverse/contracts';
import { createLog, migrate, SystemClock } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { afterAll, expect, it } from 'vitest';
import { verifyAudit } from '../audit/verify-audit.ts';
import { Journal, openHolder, PostgresStore } from '../journal/index.ts';
import { migrations } from '../migrations.ts';
import { Refunds } from './refunds.ts';
import { startRefunds } from './start-refunds.ts';

const { database, url } = await testDatabase();
await migrate(database, migrations);
const store = new PostgresStore(url);
const journal = new Journal({ store, clock: new SystemClock() });
afterAll(async () => {
  await journal.close();
  await store.close();
});

const by = { actor: 'player:x', reason: 'a bug', aboveStaff: false };
const killed = () => Promise.reject(new Error('killed'));

/** Somebody who gave away 60 of 100, and the operation by which they did. */
async function payer(): Promise<{ character: string; paid: number }> {
  const [character, other] = [randomUUID(), randomUUID()];
  for (const each of [character, other]) await openHolder(database, each);
  const submit = (operation: Parameters<Journal['submit']>[0]['operation']) =>
    journal.submit({ holder: character, key: randomBytes(16), operation });
  await submit({ kind: 'mint', money: { gold: 100 }, items: [] });
  const gave = await submit({ kind: 'give', to: other, gives: { money: { gold: 60 }, items: [] } });
  return { character, paid: (gave as DurableDone).operation };
}

async function gold(character: string): Promise<number> {
  const [row] = await database.query<{ amount: bigint }>(
    'SELECT amount FROM balances b JOIN holders h ON h.id = b.holder WHERE h.character = $1',
    [character],
  );
  return Number(row?.amount);
}

async function acts(character: string): Promise<string[]> {
  const rows = await database.query<{ act: string }>('SELECT act FROM audit WHERE subject = $1 ORDER BY number', [
    `character:${character}`,
  ]);
  return rows.map(({ act }) => act);
}

const intents = () => database.query('SELECT id FROM refund_intents');

it('that is in the audit is in the journal, though whoever began it was killed before', async () => {
  const { character, paid } = await payer();
  await expect(new Refunds(database, { submit: killed }).refund(character, paid, by)).rejects.toThrow('killed');
  expect([await acts(character), await gold(character)]).toEqual([['journal.refund'], 40]);
  const started = startRefunds({ database, journal, log: createLog({ role: 'test', level: 'silent' }) });
  await started.stop();
  expect([await acts(character), await gold(character), await intents()]).toEqual([['journal.refund'], 100, []]);
});

it('is done once, though whoever did it was killed before they noted it', async () => {
  const { character, paid } = await payer();
  const submit: Journal['submit'] = (request) => journal.submit(request).then(killed);
  await expect(new Refunds(database, { submit }).refund(character, paid, by)).rejects.toThrow('killed');
  expect([await gold(character), (await intents()).length]).toEqual([100, 1]);
  const refunds = new Refunds(database, journal);
  expect([await refunds.resume(), await refunds.resume()]).toEqual([1, 0]);
  expect([await acts(character), await gold(character)]).toEqual([['journal.refund'], 100]);
});

it('that is refused has that in the audit as well, once, whoever comes to know of it', async () => {
  const { character } = await payer();
  await expect(new Refunds(database, { submit: killed }).refund(character, 987_654, by)).rejects.toThrow('killed');
  const refunds = new Refunds(database, journal);
  await Promise.all([refunds.resume(), refunds.resume()]);
  expect([await acts(character), await intents()]).toEqual([['journal.refund', 'journal.refund-refused'], []]);
});

it('that is refused for now waits', async () => {
  const { character, paid } = await payer();
  for (const refusal of [{ code: 'journal_unreachable', retryAfterMs: 1 }, { code: 'server_stopping' }] as const) {
    const refunds = new Refunds(database, { submit: () => Promise.resolve({ ok: false, ...refusal }) });
    await expect(refunds.refund(character, paid, by)).rejects.toMatchObject({ code: refusal.code });
  }
  expect([await gold(character), (await intents()).length]).toEqual([40, 2]);
  await new Refunds(database, journal).resume();
  expect([await gold(character), await intents()]).toEqual([100, []]);
  expect(await verifyAudit(database)).toMatchObject({ ok: true });
});
