import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { passedOn } from '../cluster/role-environment.ts';
import { Exposition } from './exposition.ts';

const command = fileURLToPath(new URL('../../bin/lifeverse.mjs', import.meta.url));
const STOP_MS = 20_000;

/** What its own memory looks like to the server, behind a collection of all garbage. */
export interface HeapReading {
  /** By the own monotonic clock. */
  readonly atMs: number;
  readonly heapUsed: number;
}

export interface ServerProcessOptions {
  /** It collects all garbage now and then, and tells what is left. */
  readonly readHeap?: boolean;
  /** Where the world is kept, by whoever names it; when left out, it is gone with the server. */
  readonly data?: string;
  /** A free one when left out. */
  readonly port?: number;
}

/** A server as a user starts it: a process of its own, on a free port. */
export class ServerProcess {
  readonly url: URL;
  /** Of what is alive in the server's heap, the newest last; empty unless asked for at the start. */
  readonly heapReadings: HeapReading[] = [];
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, url: URL) {
    this.#process = child;
    this.#folder = folder;
    this.url = url;
    child.on('message', ({ heapUsed }: { heapUsed: number }) => {
      this.heapReadings.push({ atMs: performance.now(), heapUsed });
    });
  }

  /** `args`: options of `lifeverse start`. Rejects when it does not come up. */
  static async start(args: readonly string[], options: ServerProcessOptions = {}): Promise<ServerProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'lifeverse-trial-'));
    const { readHeap = false, data = join(folder, 'data'), port = 0 } = options;
    const page = join(folder, 'page');
    mkdirSync(page);
    writeFileSync(join(page, 'index.html'), '<title>No page</title>');
    const probe = readHeap ? ['--expose-gc', '--import', new URL('heap-probe.ts', import.meta.url).href] : [];
    const given = ['start', '--port', String(port), '--page', page, '--log-level', 'warn', '--data', data, ...args];
    const child = spawn(process.execPath, [...probe, command, ...given], {
      stdio: ['ignore', 'pipe', 'inherit', ...(readHeap ? (['ipc'] as const) : [])],
      env: passedOn(process.env),
    });
    endWithUs(child, folder);
    try {
      return new ServerProcess(child, folder, await address(child));
    } catch (error) {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async metrics(): Promise<Exposition> {
    return new Exposition(await (await fetch(new URL('metrics', this.url))).text());
  }

  /** As a machine that fails does: nobody is told anything. */
  async kill(): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** As Ctrl-C does. Answers the exit code, null when it had to be killed. */
  async stop(): Promise<number | null> {
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS);
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exited = once(this.#process, 'exit');
      this.#process.kill('SIGTERM');
      await exited;
    }
    clearTimeout(timer);
    rmSync(this.#folder, { recursive: true, force: true });
    return this.#process.exitCode;
  }
}

/** Whoever runs a trial may end it with Ctrl-C, or by a bound: the server goes with it. */
function endWithUs(child: ChildProcess, folder: string): void {
  process.once('exit', () => {
    child.kill('SIGKILL');
    // Its database ends a moment later.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
}

function address(child: ChildProcess): Promise<URL> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (piece: Buffer) => {
      said += piece;
      const url = /https?:\/\/\S+/.exec(said)?.[0];
      if (url !== undefined) resolve(new URL(url.endsWith('/') ? url : `${url}/`));
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the server did not come up: ${said}`)));
  });
}
