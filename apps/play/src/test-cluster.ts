import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const command = join(import.meta.dirname, '../../../cli/bin/lifeverse.mjs');

export interface ZoneRow {
  readonly zone: number;
  readonly server: string | null;
  readonly standby: string | null;
  /** First and last cell. */
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** A cluster as an operator starts it, with the page that players get. */
export class TestCluster {
  readonly #child: ChildProcess;
  readonly #data: string;
  readonly #pids = new Map<string, number>();
  readonly #said: string[] = [];
  #urls: readonly string[] = [];

  private constructor(child: ChildProcess, data: string) {
    this.#child = child;
    this.#data = data;
    for (const stream of [child.stdout, child.stderr] as NodeJS.ReadableStream[])
      createInterface({ input: stream }).on('line', (line) => this.#hear(line));
  }

  static async start(...options: readonly string[]): Promise<TestCluster> {
    const data = mkdtempSync(join(tmpdir(), 'lifeverse-cluster-'));
    const fixed = ['--port', '0', '--log-level', 'warn', '--data', data];
    const child = spawn(process.execPath, [command, 'cluster', ...fixed, ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const cluster = new TestCluster(child, data);
    const ended = once(child, 'close').then(() => Promise.reject(new Error(`it ended: ${cluster.said}`)));
    ended.catch(() => undefined);
    while (cluster.urls.length === 0) await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), ended]);
    return cluster;
  }

  /** Of its gateways. */
  get urls(): readonly string[] {
    return this.#urls;
  }

  get said(): string {
    return this.#said.join('\n');
  }

  /** Its zones as `lifeverse zones` tells them, having been asked for that change. */
  async zones(...change: readonly string[]): Promise<{ readonly changing: boolean; readonly zones: ZoneRow[] }> {
    const args = [command, 'zones', ...change, '--json', '--data', this.#data];
    return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
  }

  /** Returns at once. */
  kill(name: string): void {
    process.kill(this.#pids.get(name) as number, 'SIGKILL');
  }

  /** Whose process that is by now. */
  pid(name: string): number | undefined {
    return this.#pids.get(name);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      this.#child.kill('SIGTERM');
      await once(this.#child, 'exit');
    }
    rmSync(this.#data, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  #hear(line: string): void {
    this.#said.push(line);
    this.#urls = /^The world is open at (.*)$/.exec(line)?.[1]?.split(' and ') ?? this.#urls;
    const [, name, pid] = /^(\S+) runs, process (\d+)/.exec(line) ?? [];
    if (name !== undefined) this.#pids.set(name, Number(pid));
  }
}
