import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { busContract, reached } from './bus-contract.ts';
import { NatsBus, type NatsBusOptions } from './nats-bus.ts';
import { TestNats } from './test-nats.ts';

const connected = (server: TestNats, more: Partial<NatsBusOptions> = {}): Promise<NatsBus> =>
  NatsBus.connect({ servers: [server.url], name: 'test', prefix: 'lifeverse.test', ...more });

busContract('over NATS', async (lose) => {
  const server = await TestNats.start();
  return {
    publisher: await connected(server, lose === undefined ? {} : { lose }),
    subscriber: await connected(server),
  };
});

it('keeps worlds apart that share a server', async () => {
  const server = await TestNats.start();
  const [here, there] = [await connected(server), await connected(server, { prefix: 'lifeverse.other' })];
  const heard: number[] = [];
  there.subscribe('a', (bytes) => heard.push(bytes[0] as number));
  here.publish('a', Uint8Array.of(1));
  there.publish('a', Uint8Array.of(2));
  await reached(here, here);
  await reached(there, there);
  expect(heard).toEqual([2]);
  here.close();
  there.close();
});

it('waits for a server that is not there, and says so; loses what is said while it is gone, and goes on', async () => {
  const server = await TestNats.start();
  await server.kill();
  const told: boolean[] = [];
  const onStatus = ({ up }: { up: boolean }): number => told.push(up);
  const connecting = connected(server, { onStatus });
  await expect.poll(() => told, { timeout: 10_000 }).toContain(false);
  await server.again();
  const bus = await connecting;
  const heard: number[] = [];
  bus.subscribe('a', (bytes) => heard.push(bytes[0] as number));
  await reached(bus, bus);
  told.length = 0;
  await server.kill();
  await expect.poll(() => told, { timeout: 10_000 }).toEqual([false]);
  bus.publish('a', Uint8Array.of(1));
  expect([bus.up, bus.dropped]).toEqual([false, 1]);
  await server.again();
  await expect.poll(() => told, { timeout: 10_000 }).toEqual([false, true]);
  bus.publish('a', Uint8Array.of(2));
  await reached(bus, bus);
  expect(heard).toEqual([2]);
  bus.close();
});

it('drops what a server that stands still does not take, and delivers the rest in order when it goes on', async () => {
  const server = await TestNats.start();
  const bus = await connected(server, { maxUntakenBytes: 1_000_000 });
  const heard: number[] = [];
  bus.subscribe('a', (bytes) => heard.push(bytes[0] as number));
  await reached(bus, bus);
  server.pause();
  for (let i = 0; i < 50; i++) bus.publish('a', new Uint8Array(100_000).fill(i));
  const lost = bus.dropped;
  expect(lost).toBeGreaterThanOrEqual(39);
  server.goOn();
  await expect.poll(() => heard, { timeout: 10_000 }).toEqual(Array.from({ length: 50 - lost }, (_, i) => i));
  bus.publish('a', new Uint8Array(2_000_000));
  expect(bus.dropped).toBe(lost + 1);
  bus.close();
});

it('notices that it takes more slowly than others speak, and tells so once', async () => {
  const server = await TestNats.start();
  const told: number[] = [];
  const slow = await connected(server, { behindMs: 100, onBehind: (behindMs) => told.push(behindMs) });
  const quick = await connected(server);
  let taken = 0;
  slow.subscribe('a', () => {
    taken++;
    // As a role that has too much to do: it stands still for 20 ms at each.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  });
  await reached(quick, slow);
  const before = slow.behind;
  for (let i = 0; i < 40; i++) quick.publish('a', new Uint8Array(100_000));
  await expect.poll(() => taken, { timeout: 20_000 }).toBe(40);
  expect(slow.behind).toBe(before + 1);
  expect(told).toHaveLength(slow.behind);
  slow.close();
  quick.close();
});

it('takes no for an answer when the server refuses it', async () => {
  const server = await TestNats.start('authorization { user: zone, password: "a word" }');
  await expect(connected(server, { user: { name: 'zone', password: 'another' } })).rejects.toThrow(
    `NATS at ${server.url} does not let zone in.`,
  );
  const bus = await connected(server, { user: { name: 'zone', password: 'a word' } });
  await reached(bus, bus);
  bus.close();
});

it('tells what the server does not let it do, and goes on with what it may', async () => {
  const server = await TestNats.start(`authorization { users: [{ user: zone, password: "a word", permissions: {
    publish: ["lifeverse.test.probe.*", "lifeverse.test.a"], subscribe: ["lifeverse.test.probe.*"] } }] }`);
  const refused: string[] = [];
  const user = { name: 'zone', password: 'a word' };
  const bus = await connected(server, { user, onRefused: (what) => refused.push(what) });
  bus.subscribe('a', () => undefined);
  bus.publish('b', Uint8Array.of(1));
  bus.publish('a', Uint8Array.of(1));
  await expect
    .poll(() => refused, { timeout: 10_000 })
    .toEqual(['subscription lifeverse.test.a', 'publish lifeverse.test.b']);
  await reached(bus, bus);
  bus.close();
});

/** A certificate for localhost that vouches for itself, in files of its own. */
function certificate(folder: string, name: string): { readonly certFile: string; readonly keyFile: string } {
  const [certFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const files = ['-keyout', keyFile, '-out', certFile];
  execFileSync('openssl', ['req', '-x509', ...kind, ...files, ...subject], { stdio: 'pipe' });
  return { certFile, keyFile };
}

it('talks over TLS, both showing a certificate, and to nobody whom it does not trust', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-nats-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [its, ours] = [certificate(folder, 'server'), certificate(folder, 'role')];
  const files = { cert_file: its.certFile, key_file: its.keyFile, ca_file: ours.certFile, verify: true };
  const server = await TestNats.start(JSON.stringify({ tls: files }));
  const servers = [`tls://localhost:${server.port}`];
  const bus = await connected(server, { servers, tls: { ...ours, caFile: its.certFile } });
  await reached(bus, bus);
  bus.close();
  const why: string[] = [];
  const giveUp = new AbortController();
  const distrusting = connected(server, {
    servers,
    tls: { ...ours, caFile: ours.certFile },
    signal: giveUp.signal,
    onStatus: (status) => why.push(status.why),
  });
  distrusting.catch(() => undefined);
  await expect.poll(() => why.length, { timeout: 10_000 }).toBeGreaterThan(0);
  giveUp.abort();
  await expect(distrusting).rejects.toThrow();
});
