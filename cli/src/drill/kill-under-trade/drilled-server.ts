import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ConfigurationError, runningServerUrl } from '@lifeverse/node-kit';
import { passedOn } from '../../cluster/role-environment.ts';
import { childrenOf, signalTo } from '../parts/process-tree.ts';
import type { LaneLog } from '../report/lane-log.ts';

const command = fileURLToPath(new URL('../../../bin/lifeverse.mjs', import.meta.url));
const STOP_MS = 30_000;
const LOOK_MS = 20;

export interface DrilledServerOptions {
  /** Of its own: page and data lie there. */
  readonly folder: string;
  /** Options of `lifeverse start`. */
  readonly args: readonly string[];
  /** A module that the server loads first: for tests that plant a bug. */
  readonly preload?: string | undefined;
  /** Told what becomes of the server and of its database. */
  readonly lanes: LaneLog;
}

/**
 * A server as a user starts it, that can be killed and started again at its address, on its data: its own, whatever
 * database the user has set for a world of theirs.
 */
export class DrilledServer {
  readonly #options: DrilledServerOptions;
  readonly #page: string;
  readonly #postgres: string;
  #process: ChildProcess | null = null;
  #url: URL | null = null;

  constructor(options: DrilledServerOptions) {
    this.#options = options;
    this.#postgres = join(options.folder, 'data', 'postgres');
    this.#page = join(options.folder, 'page');
    mkdirSync(this.#page, { recursive: true });
    writeFileSync(join(this.#page, 'index.html'), '<title>No page</title>');
    process.once('exit', () => this.killServer());
  }

  /** The same over all its lives. */
  get url(): URL {
    if (this.#url === null) throw new Error('the server was never started');
    return this.#url;
  }

  /** Rejects when there is none that runs. */
  get databaseUrl(): string {
    const url = runningServerUrl(this.#postgres);
    if (url === null) throw new Error('the database does not run');
    return url;
  }

  /** The data of its PostgreSQL. */
  get data(): string {
    return join(this.#postgres, 'data');
  }

  /** Rejects when it does not come up, and when the signal is aborted. */
  async start(signal: AbortSignal): Promise<void> {
    const { folder, args, preload } = this.#options;
    const given = ['--port', this.#url?.port ?? '0', '--page', this.#page, '--data', join(folder, 'data')];
    const first = preload === undefined ? [] : ['--import', preload];
    const child = spawn(process.execPath, [...first, command, 'start', '--log-level', 'silent', ...given, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A Ctrl-C of the terminal is for the drill, which tells it once.
      detached: true,
      env: passedOn(process.env),
    });
    this.#process = child;
    this.#url = await addressOf(child, signal);
    this.#note('alive', 'server', 'database');
  }

  /** As a machine does that ends the process. Its PostgreSQL notices and ends too. */
  killServer(): void {
    this.#process?.kill('SIGKILL');
    this.#note('gone', 'server', 'database');
  }

  /** The server starts it again by itself: resolves when it has. */
  async killDatabase(signal: AbortSignal): Promise<void> {
    const pid = this.#databasePid();
    if (pid !== null) signalTo(pid, 'SIGKILL');
    this.#note('gone', 'database');
    while (runningServerUrl(this.#postgres) === null || this.#databasePid() === pid)
      await sleep(LOOK_MS, undefined, { signal });
    this.#note('alive', 'database');
  }

  /** Nothing of it runs on, and nobody says a farewell. */
  killBoth(): void {
    const pid = this.#databasePid();
    const backends = pid === null ? [] : childrenOf(pid);
    if (pid !== null) signalTo(pid, 'SIGKILL');
    this.killServer();
    for (const backend of backends) signalTo(backend, 'SIGKILL');
  }

  /** Once it has ended, whatever ended it. */
  async gone(): Promise<void> {
    const child = this.#process;
    if (child !== null && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  async stop(): Promise<void> {
    const timer = setTimeout(() => this.killServer(), STOP_MS);
    this.#process?.kill('SIGTERM');
    await this.gone();
    clearTimeout(timer);
  }

  #note(state: 'alive' | 'gone', ...names: readonly string[]): void {
    for (const name of names) this.#options.lanes.note(name, state, performance.now());
  }

  #databasePid(): number | null {
    try {
      return Number(readFileSync(join(this.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    } catch {
      return null;
    }
  }
}

function addressOf(child: ChildProcess, signal: AbortSignal): Promise<URL> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (piece: Buffer): void => {
      said += piece;
      const url = /open at (https?:\/\/\S+)\n/.exec(said)?.[1];
      if (url !== undefined) resolve(new URL(`${url}/`));
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    child.once('error', reject);
    child.once('exit', () => reject(new ConfigurationError(`The server did not come up: ${said.trim()}`)));
  });
}
