import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConfigurationError } from './config/read-options.ts';
import { startThread } from './thread.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lifeverse-thread-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let roles = 0;
function role(start: string): URL {
  const path = join(folder, `role-${roles++}.ts`);
  writeFileSync(
    path,
    `import { runAsThread } from ${JSON.stringify(import.meta.resolve('./thread.ts'))};
     import { ConfigurationError } from ${JSON.stringify(import.meta.resolve('./config/read-options.ts'))};
     await runAsThread(async (setup) => { ${start} });`,
  );
  return pathToFileURL(path);
}
const never = (error: Error): void => {
  throw error;
};

it('starts with its setup, and stops when asked', async () => {
  const entry = role(`
    const alive = setInterval(() => {}, 1000);
    return { result: setup.n * 2, stop: async () => Atomics.store(setup.stopped, 0, 1) };`);
  const stopped = new Int32Array(new SharedArrayBuffer(4));
  const thread = await startThread<number>(entry, { setup: { n: 21, stopped }, died: never });
  expect(thread.result).toBe(42);
  await thread.stop();
  expect(stopped[0]).toBe(1);
});

it('rejects with the sentence of a refusal', async () => {
  const started = startThread(role(`throw new ConfigurationError('Port 1 is taken.');`), { setup: {}, died: never });
  await expect(started).rejects.toThrow(ConfigurationError);
  await expect(started).rejects.toThrow('Port 1 is taken.');
});

it('rejects with an error of its start', async () => {
  await expect(startThread(role(`throw new TypeError('no');`), { setup: {}, died: never })).rejects.toThrow('no');
});

it('says when it died', async () => {
  const entry = role(`setTimeout(() => { throw new Error('later'); }, 1); return { result: 1, stop: async () => {} };`);
  const error = await new Promise<Error>((resolve, reject) => {
    startThread(entry, { setup: {}, died: resolve }).catch(reject);
  });
  expect(error.message).toBe('later');
});
