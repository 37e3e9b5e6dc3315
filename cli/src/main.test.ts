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
  [['audit', 'verify', '--data', '/nowhere'], 'There is no data of a world in /nowhere: name its folder with --data.'],
  [['audit', 'dance'], '"audit dance" is no command; there is "audit verify".'],
  [
    ['audit', 'verify', '--expect', 'abc'],
    '--expect must be hashes of 64 hexadecimal digits, parted by commas, not "abc".',
  ],
  [['gateway'], 'A role of a cluster needs --cluster-secret-file, with a secret of 32 bytes or more.'],
  [['backend', '--cluster-secret', 'short'], 'The secret of the cluster has fewer than 32 bytes.'],
  [['backend', '--cluster-secret-file', '/nowhere'], '--cluster-secret-file: /nowhere cannot be read (ENOENT).'],
  [
    ['zone', '--nats', 'http://x'],
    '--nats must be addresses such as nats://host:4222 or tls://host:4222, parted by commas.',
  ],
  [
    ['zone', '--nats', 'tls://10.0.0.1:4222'],
    '--nats: over TLS, NATS is named by the name in its certificate, not by an IP address.',
  ],
  [['zone', '--nats-user', 'ann'], '--nats-user needs --nats-password-file.'],
  [['zone', '--nats-cert', 'a.pem'], '--nats-cert and --nats-key belong together; one of them is missing.'],
  [
    ['gateway', '--backend', 'https://x'],
    '--backend must be an address such as http://127.0.0.1:8079, or the absolute path of a Unix socket, not "https://x".',
  ],
  [
    ['gateway', '--public-url', 'https://play.example/world'],
    '--public-url must be an address such as https://eu-1.play.example, without a path, or listening.',
  ],
  [['gateway', '--name', 'The Gate'], '--name must be a name of small letters, digits and dashes, not "The Gate".'],
  [['zone', '--health-port', '65536'], '--health-port must be a whole number from 0 to 65535, not "65536".'],
  [['zone', '--port', '1'], '--port is no option; --help lists them.'],
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
