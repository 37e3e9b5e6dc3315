import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { encodeClientMessage, serverType } from '@lifeverse/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawConnection } from '../sockets/raw-client.ts';
import { nextMessage, openPlayer, startTestGateway } from '../test-gateway.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lifeverse-tls-'));
  for (const name of ['first', 'second']) certify(name);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A self-signed certificate by that name, in files of its own. */
function certify(name: string): void {
  const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1,IP:::1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...files, ...subject], { stdio: 'pipe' });
}

/** The pair by that name, put where the server looks. */
function install(name: string): { tlsCert: string; tlsKey: string } {
  const files = { tlsCert: join(folder, 'live.crt'), tlsKey: join(folder, 'live.key') };
  copyFileSync(join(folder, `${name}.key`), `${files.tlsKey}.new`);
  copyFileSync(join(folder, `${name}.crt`), `${files.tlsCert}.new`);
  renameSync(`${files.tlsKey}.new`, files.tlsKey);
  renameSync(`${files.tlsCert}.new`, files.tlsCert);
  return files;
}

/** Name of the certificate that a newcomer is shown. */
async function shownTo(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket: TLSSocket = connect({
    host: hostname.replace(/[[\]]/g, ''),
    port: Number(port),
    rejectUnauthorized: false,
  });
  await once(socket, 'secureConnect');
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

describe('over TLS', () => {
  it('players play on while the certificate is renewed, newcomers see the new one', async () => {
    const { url, join: joinWorld, logLines } = await startTestGateway(install('first'));
    expect(url).toMatch(/^https:/);
    const player = await joinWorld({ rejectUnauthorized: false });
    expect(await shownTo(url)).toBe('first');
    install('second');
    await until(async () => (await shownTo(url)) === 'second');
    player.send(encodeClientMessage({ type: 'heartbeat', sentMs: 1 }));
    await nextMessage(player, serverType.private);
    expect(logLines.join()).toContain('the renewed certificate is in use');
  });

  it('keeps the former certificate when the renewed files are no pair', async () => {
    const files = install('first');
    const { url, logLines } = await startTestGateway(files);
    copyFileSync(join(folder, 'second.key'), files.tlsKey);
    await until(() => logLines.some((line) => line.includes('the renewed certificate cannot be used')));
    expect(await shownTo(url)).toBe('first');
    writeFileSync(files.tlsCert, 'not a certificate');
    await until(() => logLines.filter((line) => line.includes('cannot be used')).length === 2);
    expect(await shownTo(url)).toBe('first');
    install('second');
    await until(async () => (await shownTo(url)) === 'second');
  });

  it('and over IPv6, with a limit on silent handshakes as everywhere', async () => {
    const limits = { unjoinedPerAddress: 2, limitLocal: true };
    const { url } = await startTestGateway({ ...install('first'), ...limits, host: '::1' });
    expect(url).toMatch(/^https:\/\/\[::1\]:\d+$/);
    const player = await openPlayer(url, { rejectUnauthorized: false });
    await openPlayer(url, { rejectUnauthorized: false });
    const over = await openPlayer(url, { rejectUnauthorized: false });
    const [code] = await once(over, 'close');
    expect(code).toBe(4011);
    player.close();
  });

  it('closes a connection that never begins its handshake', async () => {
    const { url, join: joinWorld } = await startTestGateway({ ...install('first'), handshakeMs: 1_000 });
    const silent = await rawConnection(url);
    await once(silent.resume(), 'close');
    await joinWorld({ rejectUnauthorized: false });
  });

  it.each([
    [
      'one without the other',
      { tlsCert: 'first.crt' },
      '--tls-cert and --tls-key belong together; one of them is missing.',
    ],
    [
      'a file that is not there',
      { tlsCert: 'none.crt', tlsKey: 'first.key' },
      /^--tls-cert: .*none.crt cannot be read \(ENOENT\)\.$/,
    ],
    [
      'files of two pairs',
      { tlsCert: 'first.crt', tlsKey: 'second.key' },
      /are no certificate and its key \(.*key values mismatch\)\.$/,
    ],
  ])('refuses to start with %s', async (_, files, sentence) => {
    const paths = Object.fromEntries(Object.entries(files).map(([option, name]) => [option, join(folder, name)]));
    await expect(startTestGateway(paths)).rejects.toThrow(sentence);
  });
});

describe('an address', () => {
  it('that is taken is refused in one sentence', async () => {
    const { url } = await startTestGateway();
    const port = Number(new URL(url).port);
    await expect(startTestGateway({ port })).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is taken by another program; choose another with --port.`,
    );
  });

  it('that is none of this machine is refused in one sentence', async () => {
    await expect(startTestGateway({ host: '192.0.2.1' })).rejects.toThrow(
      '--host 192.0.2.1 is no address of this machine.',
    );
  });

  it('of IPv6 serves pages and players', async () => {
    const { url, join: joinWorld } = await startTestGateway({ host: '::1' });
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    await joinWorld();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});
