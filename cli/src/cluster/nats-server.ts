import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { BusRole } from '@lifeverse/contracts';
import { ConfigurationError } from '@lifeverse/node-kit';
import type { ChildSpec } from './kept-child.ts';
import { busRoles, natsSettings } from './nats-settings.ts';

const NAMED = /^lifeverse-nats-(\d+)-/;
const LISTENING = /Listening for client connections on \S+:(\d+)/;
const PASSWORD_BYTES = 24;
/** Where Debian puts it is on nobody's path but root's. */
const ADDED_PATH = '/usr/sbin:/usr/local/sbin';

/** A NATS server of a cluster, for this machine alone, with a password for each role. */
export class NatsServer {
  readonly #folder: string;
  readonly #program: string;
  readonly #passwords: Readonly<Record<BusRole, string>>;
  #port = -1;

  /** `prefix`: of all subjects. Throws a ConfigurationError where the program is missing. */
  constructor(prefix: string, path: string | undefined) {
    this.#program = findNatsServer(path);
    removeStale(tmpdir());
    this.#folder = mkdtempSync(join(tmpdir(), `lifeverse-nats-${process.pid}-`));
    const drawn = (): string => randomBytes(PASSWORD_BYTES).toString('base64url');
    this.#passwords = Object.fromEntries(busRoles.map((role) => [role, drawn()])) as Record<BusRole, string>;
    writeFileSync(this.#settings, natsSettings({ prefix, passwords: this.#passwords }), { mode: 0o600 });
  }

  /** Port 0 takes a free one, which it keeps when it is started again. */
  get spec(): ChildSpec {
    return {
      name: 'nats',
      command: this.#program,
      args: () => [
        ...['-a', '127.0.0.1', '-p', String(this.#port), '-c', this.#settings],
        ...['-P', join(this.#folder, 'nats.pid')],
      ],
      env: () => ({}),
      opensBy: /Server is ready/,
      // Of one that is cut off because it does not take what it is told.
      passesOn: /\[(ERR|FTL)\]|Slow Consumer/,
      heard: (line) => {
        this.#port = Number(LISTENING.exec(line)?.[1] ?? this.#port);
      },
    };
  }

  url(role: BusRole): string {
    return `nats://${role}:${this.#passwords[role]}@127.0.0.1:${this.#port}`;
  }

  remove(): void {
    removeFolder(this.#folder);
  }

  get #settings(): string {
    return join(this.#folder, 'nats.conf');
  }
}

/** Throws a ConfigurationError where there is none. */
export function findNatsServer(path = ''): string {
  const folders = `${path}${delimiter}${ADDED_PATH}`.split(delimiter).filter((folder) => folder !== '');
  const found = folders.map((folder) => join(folder, 'nats-server')).find((program) => existsSync(program));
  if (found !== undefined) return found;
  throw new ConfigurationError(
    'There is no nats-server on this machine: install it (Debian: apt-get install nats-server), or name a NATS with --nats.',
  );
}

const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** Of a supervisor that was killed: its server still runs, and its folder is there. `within`: where such folders are. */
export function removeStale(within: string, remove = removeFolder): void {
  for (const name of readdirSync(within)) {
    const supervisor = Number(NAMED.exec(name)?.[1] ?? process.pid);
    if (supervisor === process.pid || isAlive(supervisor)) continue;
    const folder = join(within, name);
    try {
      const pid = Number(readFileSync(join(folder, 'nats.pid'), 'utf8'));
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)) process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself, or is not ours to end.
    }
    try {
      remove(folder);
    } catch {
      // Another user's, who may remove it.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code !== 'ESRCH';
  }
}
