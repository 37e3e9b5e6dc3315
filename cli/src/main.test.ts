import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { asked } from './test-asked.ts';

const page = mkdtempSync(join(tmpdir(), 'lifeverse-page-'));
writeFileSync(join(page, 'index.html'), '<title>a page</title>');
afterAll(() => rmSync(page, { recursive: true }));

const mistakes: readonly (readonly [argv: readonly string[], sentence: string])[] = [
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
  [['zones', 'dance'], '"zones dance" is no command; "lifeverse zones --help" lists them.'],
  [['zones', 'split', 'x'], 'A zone is a whole number, not "x".'],
  [['zones', 'move', '1'], 'A zone is moved to another server: name it with --server.'],
  [['zones', 'split', '1', '--at', '3'], '--axis and --at belong together; one of them is missing.'],
  [['zones', '--data', '/nowhere'], 'There is no data of a world in /nowhere: name its folder with --data.'],
  [['drain'], 'Which server is to be drained? Name it: lifeverse drain zone-1.'],
  [['drain', 'zone-1', '--data', '/nowhere'], 'There is no data of a world in /nowhere: name its folder with --data.'],
  [
    ['replace', '--data', '/nowhere'],
    'No cluster "lifeverse" runs on /nowhere: name its folder with --data, and its name with --cluster.',
  ],
  [['replace', '--only', 'nats'], '--only must be of backend, zone, gateway, parted by commas, not "nats".'],
  [['zone', '--port', '1'], '--port is no option; --help lists them.'],
];

it('what was asked for wrongly is one sentence and exit code 1', async () => {
  const told = await asked(
    mistakes.map(([args]) => (args[0] === 'start' && !args.includes('--page') ? [...args, '--page', page] : args)),
  );
  expect(told).toEqual(mistakes.map(([, sentence]) => ({ code: 1, out: '', err: `lifeverse: ${sentence}\n` })));
});

it('says what is wrong with the world of a module', async () => {
  const other = fileURLToPath(import.meta.resolve('@lifeverse/base'));
  const worlds = ['/nowhere/meadow.ts', other];
  const [missing, strange] = await asked(worlds.map((path) => ['start', '--page', page, '--world', path]));
  expect(missing?.code).toBe(1);
  expect(missing?.err).toContain('--world: /nowhere/meadow.ts cannot be loaded');
  expect(missing?.err.trim().split('\n')).toHaveLength(1);
  const err = `lifeverse: --world: the default export of ${other} is not what serve() returns.\n`;
  expect(strange).toEqual({ code: 1, out: '', err });
});

it('refuses a mistyped variable of the environment', async () => {
  const [told] = await asked([['start', '--page', page]], { LIFEVERSE_PROT: '1' });
  expect(told).toMatchObject({
    code: 1,
    err: 'lifeverse: The environment sets LIFEVERSE_PROT, which is no setting.\n',
  });
});
