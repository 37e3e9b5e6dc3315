import { expect, it, onTestFinished } from 'vitest';
import { ConfigurationError } from '../config/read-options.ts';
import { createLog } from '../log.ts';
import { startHealthServer } from './health-server.ts';
import { Waits } from './waits.ts';

const HERE = { host: '127.0.0.1', port: 0 };

async function start() {
  const waits = new Waits(createLog({ role: 'zone', level: 'silent' }));
  const server = await startHealthServer(HERE, waits);
  onTestFinished(() => server.stop());
  const ask = async (path: string, method = 'GET') => {
    const answer = await fetch(server.url + path, { method });
    return [answer.status, await answer.json()];
  };
  return { waits, server, ask };
}

it('is alive from the start, and ready when nothing is waited for', async () => {
  const { waits, ask } = await start();
  waits.begin('nats', 'connection refused');
  expect(await ask('/healthz')).toEqual([200, { status: 'alive' }]);
  const waitsFor = [{ what: 'nats', why: 'connection refused' }];
  expect(await ask('/readyz?verbose')).toEqual([503, { status: 'waiting', waitsFor }]);
  waits.end('nats');
  expect(await ask('/readyz')).toEqual([200, { status: 'ready' }]);
});

it('has nothing else, and takes nothing', async () => {
  const { ask } = await start();
  expect((await ask('/'))[0]).toBe(404);
  expect((await ask('/readyz', 'POST'))[0]).toBe(405);
});

it('says in a sentence that a port is taken', async () => {
  const { server, waits } = await start();
  const taken = startHealthServer({ ...HERE, port: Number(new URL(server.url).port) }, waits);
  await expect(taken).rejects.toThrow(ConfigurationError);
  await expect(taken).rejects.toThrow(/^--health-port: 127\.0\.0\.1:\d+ cannot be listened on \(EADDRINUSE\)\.$/);
});
