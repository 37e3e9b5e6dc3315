import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seedData } from '@lifeverse/node-kit/test-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asked } from '../test-asked.ts';

const command = fileURLToPath(new URL('../../bin/lifeverse.mjs', import.meta.url));
let folder = '';
const servers: ChildProcess[] = [];
let plain = '';
let town = '';

interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lifeverse-load-'));
  mkdirSync(join(folder, 'page'));
  writeFileSync(join(folder, 'page', 'index.html'), '<title>a page</title>');
  [plain, town] = (await Promise.all([
    startServer('--world', 'open', '--area-m2', '20000'),
    startServer('--residents', '20'),
  ])) as [string, string];
});

afterAll(async () => {
  for (const server of servers) server.kill('SIGTERM');
  await Promise.all(servers.map((server) => server.exitCode ?? once(server, 'exit')));
  rmSync(folder, { recursive: true, force: true });
});

function run(...args: string[]): ChildProcess {
  return spawn(process.execPath, [command, ...args], {
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function startServer(...args: string[]): Promise<string> {
  const data = mkdtempSync(join(folder, 'data-'));
  await seedData(data);
  const server = run('start', '--port', '0', '--page', join(folder, 'page'), '--data', data, ...args);
  servers.push(server);
  let said = '';
  server.stderr?.on('data', (piece) => (said += piece));
  for await (const piece of server.stdout as NodeJS.ReadableStream) {
    said += piece;
    const url = /https?:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error(`the server ended: ${said}`);
}

async function finished(child: ChildProcess): Promise<Finished> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (piece) => (out += piece));
  child.stderr?.on('data', (piece) => (err += piece));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

const load = (...args: string[]): Promise<Finished> => finished(run('load', ...args));
const lastLine = (out: string): Record<string, number | null> => JSON.parse(out.trimEnd().split('\n').at(-1) ?? '');

/** The fastest of both worlds. */
const RUN_MPS = 6;

const fields = [
  'players',
  'joined',
  'join_ms_p50',
  'join_ms_p99',
  'updates_per_s',
  'bytes_per_player_s',
  'staleness_ms_p50',
  'staleness_ms_p99',
  'view_delay_ms_p95',
  'position_error_m_p95',
  'disconnects',
  'protocol_errors',
  'loadgen_cpu_s',
];

describe('lifeverse load', () => {
  it.each([
    ['the plain', () => plain, '1000'],
    ['the plain, most of them only counting', () => plain, '5'],
    ['the town', () => town, '1000'],
  ])('has players join %s and measures what they see', async (_, url, decoding) => {
    const args = ['--players', '20', '--seconds', '3', '--ramp-s', '0', '--decoding', decoding, '--json'];
    const { code, out, err } = await load('--url', url(), ...args);
    expect([code, err]).toEqual([0, '']);
    const report = lastLine(out);
    expect(Object.keys(report)).toEqual(fields);
    expect(report).toMatchObject({ players: 20, joined: 20, disconnects: 0, protocol_errors: 0 });
    for (const field of fields) expect(report[field], field).toBeTypeOf('number');
    // Nobody is further from where they are shown than they can have run while that was not known.
    const unknownS = (report.staleness_ms_p99 as number) / 1_000;
    expect(report.position_error_m_p95).toBeLessThanOrEqual(0.1 + 2 * RUN_MPS * unknownS);
    expect(report.updates_per_s).toBeGreaterThan(20);
    expect(report.bytes_per_player_s).toBeGreaterThan(20);
    expect(report.view_delay_ms_p95).toBeGreaterThan(50);
  });

  it('follows a recorded trace', async () => {
    const trace = join(folder, 'trace.csv');
    const lines = Array.from({ length: 40 }, (_, i) => `${i / 10},ann,${i / 10},0\n${i / 10},bo,5,${i / 5}`);
    writeFileSync(trace, `t_s,id,x_m,y_m\n${lines.join('\n')}\n`);
    const { code, out, err } = await load('--url', plain, '--trace', trace, '--seconds', '2', '--json');
    // The two may be out of each other's sight for so short a time: then there is no position error to know.
    expect([code, err.replace('The position error is unknown: nobody saw another.\n', '')]).toEqual([0, '']);
    expect(lastLine(out)).toMatchObject({ players: 2, joined: 2, disconnects: 0, protocol_errors: 0 });
  });

  it('prints a table for people', async () => {
    const { code, out } = await load('--url', plain, '--players', '20', '--seconds', '2');
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}joined {2,}20$/m);
    expect(out).toMatch(/^ {2}staleness, p99 {2,}[\d.,]+ ms$/m);
  });

  it('reports what was measured so far when it is interrupted', async () => {
    const child = run('load', '--url', plain, '--players', '5', '--seconds', '3600', '--json');
    const [result] = await Promise.all([finished(child), untilPlaying(plain).then(() => child.kill('SIGINT'))]);
    expect([result.code, result.err.replace(/^The position error .*\n/, '')]).toEqual([0, '']);
    expect(lastLine(result.out)).toMatchObject({ players: 5, disconnects: 0, protocol_errors: 0 });
  });

  it('refuses what is wrong with one sentence, and names the line of a malformed trace', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const nobody = `http://127.0.0.1:${(closed.address() as AddressInfo).port}/`;
    closed.close();
    await once(closed, 'close');
    const trace = join(folder, 'broken.csv');
    writeFileSync(trace, 't_s,id,x_m,y_m\n0,ann,1,2\n0.1,ann,one,2\n');
    const mistakes: readonly (readonly [argv: readonly string[], sentence: string])[] = [
      [['--players', '0'], '--players must be a whole number from 1 to 100000, not "0".'],
      [['--trace', '/nowhere/x.csv'], 'The trace /nowhere/x.csv cannot be read (ENOENT).'],
      [['--url', nobody], `No server answers at ${nobody} (ECONNREFUSED).`],
      [['--url', plain, '--trace', trace], `The trace ${trace} is malformed, line 3: x_m is no number: "one".`],
    ];
    const told = await asked(mistakes.map(([argv]) => ['load', ...argv]));
    expect(told).toEqual(mistakes.map(([, sentence]) => ({ code: 1, out: '', err: `lifeverse: ${sentence}\n` })));
  });
});

/** Somebody plays on that server. */
async function untilPlaying(url: string): Promise<void> {
  const players = async () => ((await (await fetch(`${url}/api/world`)).json()) as { players: number }).players;
  await expect.poll(players, { timeout: 20_000 }).toBeGreaterThan(0);
}
