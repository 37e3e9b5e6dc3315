import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { seedData } from '@lifeverse/node-kit/test-data';

const command = fileURLToPath(new URL('../../bin/lifeverse.mjs', import.meta.url));

/** A cluster as a user starts it, on free ports, with data of its own. */
export class TestCluster {
  readonly #child: ChildProcess;
  readonly #folder: string;
  #out = '';
  #err = '';

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
    child.stdout?.on('data', (piece) => (this.#out += piece));
    child.stderr?.on('data', (piece) => (this.#err += piece));
  }

  static async start(...args: readonly string[]): Promise<TestCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'lifeverse-cluster-'));
    mkdirSync(join(folder, 'page'));
    writeFileSync(join(folder, 'page/index.html'), '<title>a page</title>');
    const given = ['--port', '0', '--page', join(folder, 'page'), '--data', join(folder, 'data'), '--json'];
    await seedData(join(folder, 'data'));
    const child = spawn(process.execPath, [command, 'cluster', ...given, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const cluster = new TestCluster(child, folder);
    await cluster.#until(() => cluster.urls.length > 0);
    return cluster;
  }

  /** All that it has said. */
  get said(): string {
    return this.#out + this.#err;
  }

  /** What its world is kept in. */
  get data(): string {
    return join(this.#folder, 'data');
  }

  /** Another command, of what its world is kept in; gives what it says. */
  async asks(...args: readonly string[]): Promise<string> {
    const told = await promisify(execFile)(process.execPath, [command, ...args, '--data', this.data]);
    return told.stdout;
  }

  get urls(): readonly string[] {
    return /^The world is open at (.*)\n/m.exec(this.#out)?.[1]?.split(' and ') ?? [];
  }

  /** The processes that have been that one, in order. */
  #pids(name: string): number[] {
    return [...this.#out.matchAll(new RegExp(`^${name} runs, process (\\d+)`, 'gm'))].map(([, pid]) => Number(pid));
  }

  /** Returns at once. */
  kill(name: string): void {
    process.kill(this.#pids(name).at(-1) as number, 'SIGKILL');
  }

  /** As often as it was started. */
  async runs(name: string, times: number): Promise<void> {
    await this.#until(() => this.#pids(name).length >= times);
  }

  /** Rejects when it ends before. */
  async #until(isSo: () => boolean): Promise<void> {
    const ended = once(this.#child, 'close').then(() => Promise.reject(new Error(`it ended: ${this.said}`)));
    while (!isSo()) await Promise.race([once(this.#child.stdout as NodeJS.ReadableStream, 'data'), ended]);
    ended.catch(() => undefined);
  }

  /** As Ctrl-C does. Gives the exit code, and the object at the end. */
  async stop(): Promise<{ code: number | null; account: unknown }> {
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGINT');
    const [code] = await closed;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    return { code, account: JSON.parse(this.#out.trim().split('\n').at(-1) ?? '') };
  }
}
