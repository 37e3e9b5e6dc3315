import { declareContent, ManualClock, shape } from '@lifeverse/base';
import { followContent, LiveContent } from '@lifeverse/contracts';
import { createLog, type Database, LocalBus, migrate, openDatabase } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { LifeverseError } from '@lifeverse/protocol';
import fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readAudit } from '../audit/read-audit.ts';
import { verifyAudit } from '../audit/verify-audit.ts';
import { migrations } from '../migrations.ts';
import { contentRoutes } from './routes.ts';
import { startContent } from './start-content.ts';

const { database, url } = await testDatabase();
await migrate(database, migrations);

const Prices = (max: number) =>
  declareContent({
    shape: shape.map(shape.object({ asks: shape.integer(1, max), pays: shape.integer(0, max) }), 1_000),
    initial: { bread: { asks: 5, pays: 2 } },
    sentence: 'What stalls ask and pay.',
    check: (body) =>
      Object.entries(body).flatMap(([ware, { asks, pays }]) =>
        pays > asks ? [{ at: `/${ware}/pays`, why: 'must not be above asks' }] : [],
      ),
  });
const prices = Prices(1_000);
const events = declareContent({
  shape: shape.list(shape.text(64), 8),
  initial: [],
  sentence: 'What is on today.',
});
const by = { actor: 'player:ann', reason: 'a fair' };
const bread = (asks: number) => ({ bread: { asks, pays: 0 } });
/** Nobody looks by themselves: what is followed was heard. */
const NEVER_MS = 2 ** 30;

async function started(
  over: { database?: Database; declarations?: { prices: typeof prices; events: typeof events } } = {},
) {
  const bus = new LocalBus();
  const log = createLog({ role: 'test', level: 'silent' });
  const declarations = { prices, events };
  const running = await startContent({ database, bus, log, declarations, pollMs: NEVER_MS, ...over });
  onTestFinished(async () => {
    await running.stop();
    bus.close();
  });
  return { ...running, bus };
}

type Live = Pick<LiveContent<{ prices: typeof prices }>, 'get' | 'onChange'>;

async function until(live: Live, asks: number): Promise<void> {
  while (live.get('prices').bread?.asks !== asks)
    await new Promise<void>((resolve) => {
      const end = live.onChange(() => {
        end();
        resolve();
      });
    });
}

describe('content', () => {
  it('is staged without effect, put into force for everybody, and reverted', async () => {
    const { desk, live } = await started();
    const other = await started({ database: openDatabase({ url }) });
    const onBus = new LiveContent({ prices });
    onTestFinished(followContent({ bus: other.bus, clock: new ManualClock(), live: onBus }));
    const cheap = await desk.stage('prices', bread(3), by);
    const dear = await desk.stage('prices', bread(30), { ...by, reason: 'a shortage' });
    expect([cheap.state, live.get('prices').bread?.asks]).toEqual(['staged', 5]);
    // In another order than they were staged.
    await desk.enforce('prices', dear.version, by, null);
    await Promise.all([until(live, 30), until(other.live, 30), until(onBus, 30)]);
    await desk.enforce('prices', cheap.version, by, dear.version);
    expect(live.get('prices').bread?.asks).toBe(3);
    await Promise.all([until(other.live, 3), until(onBus, 3)]);
    const again = await desk.revert('prices', dear.version, { ...by, reason: 'again' });
    expect([again.state, live.version('prices')]).toEqual(['in force', again.version]);
    await Promise.all([until(other.live, 30), until(onBus, 30)]);
    expect(await desk.history('prices', { limit: 10 })).toMatchObject([
      { version: again.version, state: 'in force', reason: 'again' },
      { version: dear.version, state: 'former', reason: 'a shortage', actor: 'player:ann' },
      { version: cheap.version, state: 'former' },
    ]);
    expect((await desk.version('prices', dear.version)).body).toEqual(bread(30));
    const { rows } = await readAudit(database, { limit: 10, subject: 'content:prices' });
    expect(rows.map(({ act }) => act)).toEqual([
      'content.revert',
      'content.enforce',
      'content.enforce',
      'content.stage',
      'content.stage',
    ]);
    expect(await verifyAudit(database)).toMatchObject({ ok: true });
  });

  it('is put into force by one of several who saw the same', async () => {
    const { desk, live } = await started();
    const staged = await Promise.all([6, 7, 8].map((asks) => desk.stage('prices', bread(asks), by)));
    const seen = live.version('prices');
    const all = await Promise.allSettled(staged.map(({ version }) => desk.enforce('prices', version, by, seen)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const each of all)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'change_conflict' });
    const [inForce] = await database.query<{ n: bigint }>(
      `SELECT count(*) AS n FROM content_versions WHERE document = 'prices' AND state = 'in force'`,
    );
    expect(inForce?.n).toBe(1n);
  });

  it('stays as it is when the world does not take a version any more', async () => {
    const { desk } = await started();
    const { version } = await desk.stage('prices', bread(900), by);
    const good = await desk.stage('prices', bread(90), by);
    await desk.enforce('prices', good.version, by);
    const newer = await started({ declarations: { prices: Prices(100) as typeof prices, events } });
    await expect(newer.desk.enforce('prices', version, by)).rejects.toThrow('/bread/asks must be a whole number');
    expect(newer.live.get('prices').bread?.asks).toBe(90);
    expect((await newer.desk.version('prices', version)).state).toBe('refused');
    await expect(desk.enforce('prices', version, by)).rejects.toMatchObject({ code: 'change_conflict' });
    // An older server may have put into force what this one does not take: its last good one stands.
    const dear = await desk.stage('prices', bread(901), by);
    await desk.enforce('prices', dear.version, by);
    const cheap = await desk.stage('events', ['a fair'], by);
    const heard = new Promise<void>((resolve) => newer.live.onChange(() => resolve()));
    await desk.enforce('events', cheap.version, by);
    await heard;
    expect([newer.live.get('events'), newer.live.get('prices').bread?.asks]).toEqual([['a fair'], 90]);
    await expect(newer.desk.revert('prices', version, by)).rejects.toMatchObject({ code: 'change_conflict' });
  });

  it('can only be reverted to what was in force, of the same document', async () => {
    const { desk } = await started();
    const staged = await desk.stage('prices', bread(3), by);
    await expect(desk.revert('prices', staged.version, by)).rejects.toMatchObject({ code: 'change_conflict' });
    await expect(desk.enforce('events', staged.version, by)).rejects.toMatchObject({ code: 'setting_unknown' });
    await expect(desk.revert('prices', 999_999, by)).rejects.toMatchObject({ code: 'setting_unknown' });
    await expect(desk.stage('nothing', {}, by)).rejects.toMatchObject({ code: 'setting_unknown' });
    await expect(desk.stage('constructor', {}, by)).rejects.toMatchObject({ code: 'setting_unknown' });
  });
});

describe('over HTTP', () => {
  async function asker() {
    const { desk } = await started();
    const app = fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: false } } });
    const staff = {
      admit: async (request: { headers: { authorization?: string | undefined } }, act: string) => {
        if (!request.headers.authorization?.includes(act)) throw new LifeverseError('command_refused');
        return 'player:ann';
      },
    };
    await app.register(contentRoutes({ desk, staff }));
    onTestFinished(() => app.close());
    return async (request: string, body?: unknown, authorization = 'content.read content.change') => {
      const [method, path] = request.split(' ') as ['GET' | 'POST', string];
      const payload = typeof body === 'string' ? body : JSON.stringify(body);
      const response = await app.inject({
        method,
        url: `/api/admin/content${path}`,
        headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { payload }),
      });
      return { status: response.statusCode, body: response.json() };
    };
  }

  it('is listed, staged, put into force, seen in history and reverted', async () => {
    const ask = await asker();
    const staged = await ask('POST /prices/versions', { body: bread(11), reason: 'a fair' });
    expect(staged).toMatchObject({ status: 201, body: { state: 'staged', reason: 'a fair', inForceAt: null } });
    const { version } = staged.body;
    expect((await ask('POST /prices/enforce', { version, reason: 'now' })).body).toMatchObject({ state: 'in force' });
    const listed = (await ask('GET /prices/../')).status === 404 ? (await ask('GET ')).body.documents : [];
    expect(listed[0]).toMatchObject({ document: 'prices', inForce: version, body: bread(11), shape: { kind: 'map' } });
    const next = (await ask('POST /prices/versions', { body: bread(12), reason: 'a fair' })).body.version;
    await ask('POST /prices/enforce', { version: next, reason: 'now', basedOn: version });
    expect((await ask('POST /prices/revert', { version, reason: 'no' })).body).toMatchObject({ state: 'in force' });
    expect((await ask('GET /prices/versions?limit=2')).body.versions).toHaveLength(2);
    expect((await ask(`GET /prices/versions/${version}`)).body).toMatchObject({ state: 'former', body: bread(11) });
  });

  it.each<[string, string, unknown, string]>([
    ['a price below 1', 'POST /prices/versions', { body: bread(-1), reason: 'x' }, '/bread/asks must be a whole'],
    [
      'what makes no sense',
      'POST /prices/versions',
      { body: { bread: { asks: 1, pays: 2 } }, reason: 'x' },
      '/bread/pays',
    ],
    [
      'a number beyond 2^53',
      'POST /prices/versions',
      '{"body":{"bread":{"asks":9007199254740993,"pays":0}},"reason":"x"}',
      '/bread/asks',
    ],
    ['__proto__', 'POST /prices/versions', '{"body":{"__proto__":{"asks":1}},"reason":"x"}', 'not valid JSON'],
    [
      'constructor.prototype',
      'POST /prices/versions',
      '{"body":{"constructor":{"prototype":{}}},"reason":"x"}',
      'not valid JSON',
    ],
    ['an unpaired surrogate', 'POST /events/versions', '{"body":["\\ud800"],"reason":"x"}', '/0 must be text'],
    ['a NUL', 'POST /events/versions', '{"body":["a\\u0000"],"reason":"x"}', '/0 must be text'],
    ['1 MB', 'POST /events/versions', { body: ['x'.repeat(1_000_000)], reason: 'x' }, 'too large'],
    ['no reason', 'POST /prices/versions', { body: bread(1), reason: '' }, 'reason'],
    ['an unknown field', 'POST /prices/versions', { body: bread(1), reason: 'x', by: 'me' }, 'additional'],
    ['no version', 'POST /prices/enforce', { version: 0, reason: 'x' }, 'version'],
    ['SQL', "GET /prices'; DROP TABLE audit; --/versions", undefined, 'no such toggle, document'],
  ])('is refused, with nothing changed: %s', async (_, request, body, message) => {
    const ask = await asker();
    const before = await database.query('SELECT max(id) FROM content_versions');
    const answer = await ask(encodeURI(request).replace('%20', ' '), body);
    expect([answer.status >= 400, answer.body.message]).toEqual([true, expect.stringContaining(message)]);
    expect(await database.query('SELECT max(id) FROM content_versions')).toEqual(before);
  });

  it('keeps SQL and odd words as they are', async () => {
    const ask = await asker();
    const body = [`'); DROP TABLE content_versions; --`, '$1 \\ "', 'é\u2028'];
    const { version } = (await ask('POST /events/versions', { body, reason: `'; --` })).body;
    expect((await ask(`GET /events/versions/${version}`)).body).toMatchObject({ body, reason: `'; --` });
  });

  it('is for those who may', async () => {
    const ask = await asker();
    for (const [request, body] of [
      ['GET ', undefined],
      ['GET /prices/versions', undefined],
      ['GET /prices/versions/1', undefined],
      ['POST /prices/versions', { body: {}, reason: 'x' }],
      ['POST /prices/enforce', { version: 1, reason: 'x' }],
      ['POST /prices/revert', { version: 1, reason: 'x' }],
    ] as const) {
      const other = request.startsWith('GET') ? 'content.change' : 'content.read';
      expect((await ask(request, body, other)).body.message).toBe('The world refused this.');
    }
  });
});
