import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Random } from '@lifeverse/base';
import { type Client, connect } from '@lifeverse/client';
import { open } from '@lifeverse/open';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { cheating } from '../floods/attacks/cheating.ts';
import { fragments } from '../floods/attacks/fragments.ts';

const AREA_M2 = 10_000;
const MIB = 1_048_576;
const world = open({ areaM2: AREA_M2 });
const command = fileURLToPath(new URL('../../bin/lifeverse.mjs', import.meta.url));

let folder = '';
let server: ChildProcess;
let url = '';
let bystander: Client<(typeof world)['definition']>;
let sockets: Socket[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lifeverse-abuse-'));
  const page = join(folder, 'page');
  mkdirSync(page);
  writeFileSync(join(page, 'index.html'), '');
  const args = ['start', '--port', '0', '--world', 'open', '--area-m2', String(AREA_M2), '--page', page];
  args.push('--data', join(folder, 'data'));
  server = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: server.stdout as NodeJS.ReadableStream })) {
    url = /http:\S+/.exec(line)?.[0] ?? '';
    if (url !== '') break;
  }
  bystander = await connect(world, url);
});
afterAll(async () => {
  bystander.close();
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
});

async function attacker(localAddress: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connectTcp({ host: hostname, port: Number(port), localAddress });
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function unjoined(): Promise<Socket> {
  const socket = await attacker('127.0.0.1');
  const key = randomBytes(16).toString('base64');
  socket.write(
    `GET /ws HTTP/1.1\r\nHost: ${new URL(url).host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  await once(socket, 'data');
  return socket.resume();
}

/** A masked frame of so many random bytes, that says it is of so many. */
function frame(bytes: number, announced = bytes): Buffer {
  const head = Buffer.alloc(14, 0);
  head[0] = 0x82;
  head[1] = 0x80 | 127;
  head.writeBigUInt64BE(BigInt(announced), 2);
  return Buffer.concat([head, randomBytes(bytes)]);
}

async function residentBytes(): Promise<number> {
  const page = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\d+)$/m.exec(page)?.[1]);
}

/** What everyone else sees of an attack: the server's memory stays near where it was, who plays plays, who comes gets in. */
async function survives(attack: () => Promise<void>): Promise<void> {
  const before = await residentBytes();
  await attack();
  const newcomer = await connect(world, url);
  expect(newcomer.state).toBe('playing');
  newcomer.close();
  expect(bystander.state).toBe('playing');
  expect((await residentBytes()) - before).toBeLessThan(64 * MIB);
}

it('2,000 half-open sockets', async () => {
  await survives(async () => {
    for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 100 }, () => attacker('127.0.0.2')));
  });
});

it('50,000 random frames from sockets that have not joined', async () => {
  const frames = Buffer.concat(Array.from({ length: 100 }, (_, i) => frame(i)));
  await survives(async () => {
    await Promise.all(
      Array.from({ length: 500 }, async () => {
        const socket = await unjoined();
        socket.write(frames);
        await once(socket, 'close');
      }),
    );
  });
});

it('100 sockets that announce 100 MB and send of it what they can', async () => {
  const junk = Buffer.concat([frame(0, 100_000_000), Buffer.alloc(MIB)]);
  await survives(async () => {
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const socket = await unjoined();
        socket.write(junk);
        await once(socket, 'close');
      }),
    );
  });
});

it('100 sockets that send a large message a byte at a time', async () => {
  const whole = frame(16_000);
  await survives(async () => {
    const slow = await Promise.all(Array.from({ length: 100 }, unjoined));
    for (const socket of slow) socket.setNoDelay();
    for (let at = 0; at < 600; at++) {
      for (const socket of slow) socket.write(whole.subarray(at, at + 1));
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
});

it('a million fragments of a byte', async () => {
  await survives(async () => {
    const deeds = await fragments.run({ url, forMs: 1_000, random: new Random(1) });
    expect(deeds.messages).toBeGreaterThan(10);
  });
});

it('players whose inputs are wrong in every way, each refused by its code', async () => {
  await survives(async () => {
    const deeds = await cheating.run({ url, forMs: 3_000, random: new Random(1) });
    for (const what of Object.keys(cheating.least)) expect(deeds[what], what).toBeGreaterThan(0);
  });
});
