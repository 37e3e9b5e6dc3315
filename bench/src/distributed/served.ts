import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Layout } from './layout.ts';
import { treeUse } from './process-tree.ts';

const root = join(import.meta.dirname, '../../..');
export const command = join(root, 'cli/bin/lifeverse.mjs');
const PAYLOAD_BYTES_MAX = 8 * 2 ** 20;
const TOKEN_BYTES = 16;
const OPENS_MS = 60_000;

/** Of a NATS that counts, since its start. */
export interface BusUse {
  readonly messages: number;
  readonly bytes: number;
}

const groups = ['gateway', 'zone', 'backend', 'nats', 'rest'] as const;
export type Group = (typeof groups)[number];

/** At one moment. */
export interface Use {
  readonly atMs: number;
  /** Of all kinds of processes. The database and the supervisor are the rest; of one process, all of it is. */
  readonly cpuMs: Readonly<Record<Group, number>>;
  readonly rssBytes: number;
  readonly processes: number;
  /** Ticks run, the mean of the zones. */
  readonly ticks: number;
  readonly players: number;
  /** Null where there is none. */
  readonly bus: BusUse | null;
}

/** A world as its command starts it, with a NATS beside it that tells how much goes over it. */
export class Served {
  readonly token = randomBytes(TOKEN_BYTES).toString('base64url');
  readonly #folder = mkdtempSync(join(tmpdir(), 'lifeverse-bench-distributed-'));
  readonly #children: ChildProcess[] = [];
  readonly #pids = new Map<number, Group>();
  #urls: readonly string[] = [];
  #monitor: string | null = null;
  #said = '';

  static async start({ processes }: Layout, areaM2: number): Promise<Served> {
    const served = new Served();
    try {
      const world = ['--world', 'open', '--area-m2', String(areaM2), '--port', '0'];
      const own = [...world, '--data', join(served.#folder, 'data'), '--log-level', 'silent'];
      if (processes === null) await served.#open(['start', ...own]);
      else {
        const nats = await served.#startNats();
        const { gateways, zoneServers } = processes;
        const parts = ['--gateways', String(gateways), '--zone-servers', String(zoneServers), '--nats', nats];
        await served.#open(['cluster', ...own, ...parts]);
      }
      return served;
    } catch (error) {
      await served.stop();
      throw error;
    }
  }

  /** Of the gateways. */
  get urls(): readonly string[] {
    return this.#urls;
  }

  async use(): Promise<Use> {
    const page = await (await fetch(new URL('/metrics', this.#urls[0]))).text();
    const of = (series: string): number[] =>
      [...page.matchAll(new RegExp(`^lifeverse_zone_${series}(?:\\{[^}]*\\})? (\\S+)`, 'gm'))].map(([, value]) =>
        Number(value),
      );
    const ticks = of('ticks_total');
    const bus = this.#monitor === null ? null : await busUse(this.#monitor);
    const cpuMs = { gateway: 0, zone: 0, backend: 0, nats: 0, rest: 0 };
    let [rssBytes, processes] = [0, 0];
    for (const child of this.#children) {
      const root = child.pid as number;
      for (const [pid, use] of treeUse(root)) {
        cpuMs[this.#pids.get(pid) ?? 'rest'] += use.cpuMs;
        rssBytes += use.rssBytes;
        processes++;
      }
    }
    return {
      ...{ atMs: performance.now(), cpuMs, rssBytes, processes, bus },
      ticks: ticks.reduce((sum, value) => sum + value, 0) / Math.max(1, ticks.length),
      players: of('players').reduce((sum, value) => sum + value, 0),
    };
  }

  /** A figure of each gateway, as their page of metrics has it. */
  async gateways(series: string): Promise<number[]> {
    const page = await (await fetch(new URL('/metrics', this.#urls[0]))).text();
    const found = page.matchAll(new RegExp(`^lifeverse_gateway_${series}(?:\\{[^}]*\\})? (\\S+)`, 'gm'));
    return [...found].map(([, value]) => Number(value));
  }

  async stop(): Promise<void> {
    for (const child of this.#children.splice(0).reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      await closed;
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  #start(program: string, args: readonly string[]): ChildProcess {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, LIFEVERSE_OPERATOR_TOKEN: this.token },
    });
    this.#children.push(child);
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream as NodeJS.ReadableStream }).on('line', (line) => this.#hear(line));
    return child;
  }

  async #open(args: readonly string[]): Promise<void> {
    await this.#until(this.#start(process.execPath, [command, ...args]), () => this.#urls.length > 0);
  }

  async #startNats(): Promise<string> {
    const settings = join(this.#folder, 'nats.conf');
    writeFileSync(
      settings,
      JSON.stringify({ max_payload: PAYLOAD_BYTES_MAX, host: '127.0.0.1', port: -1, http: '127.0.0.1:-1' }),
    );
    const child = this.#start('nats-server', ['-c', settings]);
    this.#pids.set(child.pid as number, 'nats');
    await this.#until(child, () => this.#said.includes('Server is ready'));
    this.#monitor = /Starting http monitor on (\S+:\d+)/.exec(this.#said)?.[1] ?? null;
    return `nats://127.0.0.1:${/Listening for client connections on \S+:(\d+)/.exec(this.#said)?.[1]}`;
  }

  #hear(line: string): void {
    this.#said += `${line}\n`;
    this.#urls = /^The world is open at (.*)$/.exec(line)?.[1]?.split(' and ') ?? this.#urls;
    const [, name, pid] = /^(\S+) runs, process (\d+)/.exec(line) ?? [];
    const group = groups.find((one) => name?.startsWith(one));
    if (group !== undefined) this.#pids.set(Number(pid), group);
  }

  async #until(child: ChildProcess, isSo: () => boolean): Promise<void> {
    const untilMs = performance.now() + OPENS_MS;
    while (!isSo()) {
      if (child.exitCode !== null || performance.now() > untilMs) throw new Error(`it did not open: ${this.#said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function busUse(monitor: string): Promise<BusUse> {
  const answer = (await (await fetch(`http://${monitor}/varz`)).json()) as Record<string, number>;
  return {
    messages: (answer.in_msgs ?? 0) + (answer.out_msgs ?? 0),
    bytes: (answer.in_bytes ?? 0) + (answer.out_bytes ?? 0),
  };
}
