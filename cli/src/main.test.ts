import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it, vi } from 'vitest';
import { main } from './main.ts';

const page = mkdtempSync(join(tmpdir(), 'lifeverse-page-'));
writeFileSync(join(page, 'index.html'), '<title>a page</title>');
afterAll(() => rmSync(page, { recursive: true }));

/** What the command says to these arguments, and its exit code. */
async function said(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const lines = (of: { mock: { calls: unknown[][] } }): string => of.mock.calls.map(([line]) => `${line}\n`).join('');
  const [out, err] = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error')];
  for (const spy of [out, err]) spy.mockReset().mockImplementation(() => undefined);
  try {
    return { code: await main(argv), out: lines(out), err: lines(err) };
  } finally {
    vi.restoreAllMocks();
  }
}

it.each([
  [['dance'], '"dance" is no command; "lifeverse --help" lists them.'],
  [['start', '--prot', '1'], '--prot is no option; --help lists them.'],
  [['start', '--port', '99999'], '--port must be a whole number from 0 to 65535, not "99999".'],
  [['start', '--world', 'moon'], '--world must be town, open, or the path of a module (.ts, .js), not "moon".'],
  [['start', '--storm'], '--storm needs --world open.'],
  [['start', '--page', '/nowhere'], '--page: there is no index.html in /nowhere.'],
  [['start', '--tls-cert', '/nowhere/a.crt'], '--tls-cert and --tls-key belong together; one of them is missing.'],
  [['db', 'dance'], 'db "dance" is no command; "lifeverse db --help" lists them.'],
  [['db', 'status', '--data', '/nowhere'], 'There is no data of a world in /nowhere: name its folder with --data.'],
  [
    ['db', 'status', '--database-url', 'nothing at all'],
    'The address of the database is none; one looks like postgresql://user@host/name.',
  ],
  [
    ['db', 'status', '--database-url', 'postgresql://ann:secret@127.0.0.1:1/x'],
    'The database cannot be used: connect ECONNREFUSED 127.0.0.1:1.',
  ],
])('%j is one sentence and exit code 1', async (args, sentence) => {
  const atPage = args[0] === 'start' && !args.includes('--page') ? ['--page', page] : [];
  expect(await said(...args, ...atPage)).toEqual({ code: 1, out: '', err: `lifeverse: ${sentence}\n` });
});

it('says what is wrong with the world of a module', async () => {
  const world = (path: string) => said('start', '--page', page, '--world', path);
  const missing = await world('/nowhere/meadow.ts');
  expect(missing.code).toBe(1);
  expect(missing.err).toContain('--world: /nowhere/meadow.ts cannot be loaded');
  expect(missing.err.trim().split('\n')).toHaveLength(1);
  const other = fileURLToPath(import.meta.resolve('@lifeverse/base'));
  const err = `lifeverse: --world: the default export of ${other} is not what serve() returns.\n`;
  expect(await world(other)).toEqual({ code: 1, out: '', err });
});

it('refuses a mistyped variable of the environment', async () => {
  vi.stubEnv('LIFEVERSE_PROT', '1');
  const { code, err } = await said('start', '--page', page);
  vi.unstubAllEnvs();
  expect([code, err]).toEqual([1, 'lifeverse: The environment sets LIFEVERSE_PROT, which is no setting.\n']);
});
