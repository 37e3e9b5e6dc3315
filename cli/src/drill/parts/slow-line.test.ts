import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { SlowLine } from './slow-line.ts';

it('answers come late by so much and in their order, and questions do not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-slow-'));
  const askedMs: number[] = [];
  const server = createServer((socket) =>
    socket.on('data', (bytes) => {
      askedMs.push(performance.now());
      for (const byte of bytes) socket.write(Uint8Array.of(byte));
    }),
  );
  await new Promise<void>((resolve) => server.listen(join(folder, '.s.PGSQL.5432'), resolve));
  const line = await SlowLine.start(join(folder, 'line'), folder);
  const client = connect(join(folder, 'line', '.s.PGSQL.5432'));
  onTestFinished(async () => {
    client.destroy();
    await line.stop();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const heard: number[] = [];
  const hears = (count: number): Promise<number> =>
    new Promise((resolve) => {
      client.on('data', (bytes) => {
        heard.push(...bytes);
        if (heard.length >= count) resolve(performance.now());
      });
    });
  line.delayMs = 100;
  const first = hears(3);
  const sentMs = performance.now();
  client.write(Uint8Array.of(1, 2, 3));
  const heardMs = await first;
  expect(heardMs - sentMs).toBeGreaterThanOrEqual(99);
  expect((askedMs[0] as number) - sentMs).toBeLessThan(heardMs - sentMs);
  const rest = hears(6);
  line.delayMs = 0;
  client.write(Uint8Array.of(4, 5, 6));
  await rest;
  expect(heard.filter((byte, at) => heard.indexOf(byte) === at)).toEqual([1, 2, 3, 4, 5, 6]);
});
