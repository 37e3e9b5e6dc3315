import { toggles } from '@lifeverse/contracts';
import { createLog, LocalBus, migrate, SystemClock } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature, type Provider, ProviderEvents } from '@openfeature/web-sdk';
import fastify from 'fastify';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { migrations } from '../migrations.ts';
import { ofrepRoutes } from './ofrep-routes.ts';
import { startToggles } from './start-toggles.ts';

const { database } = await testDatabase();
await migrate(database, migrations);
const bus = new LocalBus();
const log = createLog({ role: 'test', level: 'silent' });
const declarations = { ...toggles, updateHz: { ...toggles.updateHz, scope: 'player' } } as const;
const { live, desk, stop } = await startToggles({ database, bus, clock: new SystemClock(), log, declarations });
const app = fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: false } } });
await app.register(
  ofrepRoutes({ live, known: async (request) => (request.headers.staff ? { cohort: ['staff'] } : {}) }),
);
const baseUrl = await app.listen({ host: '127.0.0.1', port: 0 });
afterAll(async () => {
  await app.close();
  await stop();
  bus.close();
});

const by = { actor: 'player:ann', reason: 'to see it' };
beforeEach(async () => {
  await desk.set('worldCapacity', { variants: { some: 500 }, serve: 'some' }, by);
  await desk.set(
    'updateHz',
    {
      variants: { full: 20, less: 10, most: 60 },
      serve: 'full',
      targeting: [
        { cohort: ['staff'], serve: 'most' },
        { platform: ['phone'], serve: 'less' },
      ],
    },
    by,
  );
});

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${baseUrl}/ofrep/v1/evaluate/flags${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
  });
  const answer = await response.text();
  return {
    status: response.status,
    etag: response.headers.get('etag'),
    json: answer === '' ? null : JSON.parse(answer),
  };
}

describe('one toggle by OFREP', () => {
  it('has value, reason and variant', async () => {
    const { status, json } = await post('/updateHz', {
      context: { targetingKey: 'p1', platform: 'phone', other: [1] },
    });
    expect([status, json]).toEqual([
      200,
      {
        key: 'updateHz',
        value: 10,
        reason: 'TARGETING_MATCH',
        variant: 'less',
        metadata: { version: live.version('updateHz') },
      },
    ]);
    expect((await post('/bytesPerSPerPlayer', {})).json).toEqual({
      key: 'bytesPerSPerPlayer',
      value: 262_144,
      reason: 'DEFAULT',
      metadata: {},
    });
  });

  it('goes by what the server knows before what they say of themselves', async () => {
    const asked = { context: { cohort: 'nobody', platform: 'phone' } };
    expect((await post('/updateHz', asked, { staff: '1' })).json).toMatchObject({ value: 60 });
  });

  it.each<[string, string, unknown, number, object]>([
    ['an unknown toggle', '/nothing', {}, 404, { key: 'nothing', errorCode: 'FLAG_NOT_FOUND' }],
    ['an inherited name', '/__proto__', {}, 404, { key: '__proto__', errorCode: 'FLAG_NOT_FOUND' }],
    ['SQL as a name', "/'; DROP TABLE audit; --", {}, 404, { errorCode: 'FLAG_NOT_FOUND' }],
    ['no JSON', '/updateHz', '{', 400, { key: 'updateHz', errorCode: 'PARSE_ERROR' }],
    ['a list', '/updateHz', [], 400, { key: 'updateHz', errorCode: 'PARSE_ERROR' }],
    ['an unknown field', '/updateHz', { contxt: {} }, 400, { key: 'updateHz', errorCode: 'PARSE_ERROR' }],
    ['__proto__', '/updateHz', '{"context":{"__proto__":{"cohort":"staff"}}}', 400, { errorCode: 'PARSE_ERROR' }],
    ['a context that is a list', '/updateHz', { context: [] }, 400, { key: 'updateHz', errorCode: 'INVALID_CONTEXT' }],
    ['a key that is a number', '/updateHz', { context: { targetingKey: 1 } }, 400, { errorCode: 'INVALID_CONTEXT' }],
    ['an unpaired surrogate', '/updateHz', '{"context":{"region":"\\ud800"}}', 400, { errorCode: 'INVALID_CONTEXT' }],
    [
      'a number as a region',
      '/updateHz',
      '{"context":{"region":9007199254740993}}',
      400,
      { errorCode: 'INVALID_CONTEXT' },
    ],
    [
      'too many cohorts',
      '/updateHz',
      { context: { cohort: Array(65).fill('a') } },
      400,
      { errorCode: 'INVALID_CONTEXT' },
    ],
    ['1 MB', '/updateHz', { context: { region: 'x'.repeat(1_000_000) } }, 413, { errorCode: 'PARSE_ERROR' }],
  ])('is refused as OFREP says: %s', async (_, path, body, status, failure) => {
    const answer = await post(encodeURI(path), body);
    expect([answer.status, answer.json]).toEqual([status, expect.objectContaining(failure)]);
  });
});

describe('all toggles by OFREP', () => {
  it('come with a tag, and not again while they are the same for this context', async () => {
    const phone = { context: { platform: 'phone' } };
    const first = await post('', phone);
    expect(first.json.flags).toHaveLength(Object.keys(live.declarations).length);
    expect(first.json.flags).toContainEqual(expect.objectContaining({ key: 'updateHz', value: 10 }));
    const tag = first.etag as string;
    for (const header of [tag, `W/${tag}`, `"x", ${tag}`, '*'])
      expect(await post('', phone, { 'if-none-match': header })).toEqual({ status: 304, etag: tag, json: null });
    expect(await post('', {}, { 'if-none-match': tag })).toMatchObject({ status: 200 });
    await desk.set('worldCapacity', { variants: { some: 501 }, serve: 'some' }, by);
    const changed = await post('', phone, { 'if-none-match': tag });
    expect(changed.status).toBe(200);
    expect(changed.etag).not.toBe(tag);
  });

  it('are refused for a context that is none', async () => {
    expect(await post('', { context: { cohort: {} } })).toMatchObject({
      status: 400,
      json: { errorCode: 'INVALID_CONTEXT', errorDetails: expect.stringContaining('cohort') },
    });
    expect(await post('', 'x')).toMatchObject({ status: 400, json: { errorCode: 'PARSE_ERROR' } });
  });
});

describe("OpenFeature's web provider", () => {
  // Its own types are laxer than this repository's about what is undefined.
  const provider = (pollInterval: number) => new OFREPWebProvider({ baseUrl, pollInterval }) as Provider;

  it('evaluates, knows what is wrong, and hears of changes', async () => {
    await OpenFeature.setContext({ targetingKey: 'p1', platform: 'phone' });
    await OpenFeature.setProviderAndWait(provider(100));
    onTestFinished(() => OpenFeature.close());
    const client = OpenFeature.getClient();
    expect(client.getNumberDetails('updateHz', 1)).toMatchObject({
      value: 10,
      reason: 'TARGETING_MATCH',
      variant: 'less',
      flagMetadata: { version: live.version('updateHz') },
    });
    expect(client.getNumberValue('worldCapacity', 1)).toBe(500);
    expect(client.getNumberDetails('nothing', 1)).toMatchObject({ value: 1, errorCode: 'FLAG_NOT_FOUND' });
    expect(client.getBooleanDetails('updateHz', true)).toMatchObject({ value: true, errorCode: 'TYPE_MISMATCH' });
    const changed = new Promise((resolve) => client.addHandler(ProviderEvents.ConfigurationChanged, resolve));
    await desk.set('worldCapacity', { variants: { some: 502 }, serve: 'some' }, by);
    expect(await changed).toMatchObject({ flagsChanged: ['worldCapacity'] });
    expect(client.getNumberValue('worldCapacity', 1)).toBe(502);
    await OpenFeature.setContext({ targetingKey: 'p1', platform: 'desktop' });
    expect(client.getNumberValue('updateHz', 1)).toBe(20);
  });

  it('is told of a context that is none', async () => {
    await OpenFeature.setContext({ region: 5 as never });
    await expect(OpenFeature.setProviderAndWait(provider(0))).rejects.toThrow('status: 400');
    await OpenFeature.setContext({});
    await OpenFeature.close();
  });
});
