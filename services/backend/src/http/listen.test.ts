import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lifecycle } from '@lifeverse/node-kit';
import fastify from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import { listen } from './listen.ts';

/** What answers at that socket. */
function answerAt(socketPath: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: '/', agent: false }, async (answer) => {
      let text = '';
      for await (const piece of answer) text += piece;
      resolve(text);
    });
    asked.once('error', reject).end();
  });
}

it('one backend takes the socket of another that runs still, and keeps it when that one ends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-listen-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const socketPath = join(folder, 'api.sock');
  const start = async (name: string) => {
    const [app, life] = [fastify(), new Lifecycle()];
    app.get('/', async () => name);
    await life.start(
      'API',
      () => listen(app, { socketFolder: null, apiPlace: { socketPath } }, life),
      () => app.close(),
    );
    return life;
  };
  const first = await start('first');
  expect(await answerAt(socketPath)).toBe('first');
  const second = await start('second');
  expect(await answerAt(socketPath)).toBe('second');
  await first.stop();
  expect(await answerAt(socketPath)).toBe('second');
  await second.stop();
  expect(existsSync(socketPath)).toBe(false);
});
