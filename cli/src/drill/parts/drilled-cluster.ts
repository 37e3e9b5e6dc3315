import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { apiHeaders } from '@lifeverse/contracts';
import { ConfigurationError } from '@lifeverse/node-kit';
import { type Asking, askSupervisor } from '../../cluster/ask.ts';
import type { Kind } from '../../cluster/fleet.ts';
import { passedOn } from '../../cluster/role-environment.ts';
import { topologyOf } from '../../points/topology.ts';
import type { LaneLog } from '../report/lane-log.ts';
import { signalTo } from './process-tree.ts';

const command = fileURLToPath(new URL('../../../bin/lifeverse.mjs', import.meta.url));
const world = new URL('../walkers/counting-world.ts', import.meta.url);

const TOKEN_BYTES = 16;
const GATEWAYS = 2;
export const CLUSTER = 'lifeverse';
/** How the command begins the sentence in which it says what it was told wrongly. */
const REFUSAL = /^lifeverse: /;
const RUNS = /^(\S+) runs, process (\d+)/;
const ENDED = /^(\S+) (?:was killed by|ended with)/;
const LEFT = /^(\S+) has left$/;
const OPEN = /^The world is open at (.*)/;

export interface DrilledClusterOptions {
  /** Of its own: page and data lie there. */
  readonly folder: string;
  readonly seed: number;
  /** Of the plain. */
  readonly sideM: number;
  /** One when left out. */
  readonly zoneServers?: number;
  /** Its gateways and zone servers stand in `regions` in turn. */
  readonly isParted?: boolean;
  /** What it is to use in place of what it would start itself. */
  readonly natsUrl?: string;
  readonly databaseUrl?: string;
  /** Told when one of its processes runs, and when it is gone. */
  readonly lanes: LaneLog;
}

interface Member {
  /** Null of one that was never told to run: to a system call, a number in its place could mean every process there is. */
  pid: number | null;
  starts: number;
  deaths: number;
  isThere: boolean;
}

/**
 * A cluster of two gateways as a user starts it, in a folder of its own, read by what it tells. What the user has set for a world of
 * theirs, its database above all, does not concern it.
 */
export class DrilledCluster {
  readonly #child: ChildProcess;
  readonly #operatorToken: string;
  readonly #lanes: LaneLog;
  readonly #members = new Map<string, Member>();
  readonly #data: string;
  readonly #paused = new Set<string>();
  #urls: readonly URL[] = [];
  #out = '';
  #err = '';

  constructor({
    folder,
    seed,
    sideM,
    zoneServers = 1,
    isParted = false,
    natsUrl,
    databaseUrl,
    lanes,
  }: DrilledClusterOptions) {
    this.#operatorToken = randomBytes(TOKEN_BYTES).toString('base64url');
    this.#lanes = lanes;
    this.#data = join(folder, 'data');
    const page = join(folder, 'page');
    mkdirSync(page, { recursive: true });
    writeFileSync(join(page, 'index.html'), '<title>No page</title>');
    const module = join(folder, 'world.mjs');
    writeFileSync(module, `import { counting } from ${JSON.stringify(world)};\nexport default counting(${sideM});\n`);
    const own = ['--port', '0', '--page', page, '--data', this.#data];
    const places = isParted ? ['--regions', regions.join()] : [];
    const parts = ['--gateways', String(GATEWAYS), '--zone-servers', String(zoneServers), ...places];
    const what = [...parts, '--cluster', CLUSTER, '--world', module, '--seed', String(seed)];
    this.#child = spawn(process.execPath, [command, 'cluster', ...own, ...what, '--log-level', 'silent'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A Ctrl-C of the terminal is for the drill, which tells it once.
      detached: true,
      env: {
        ...passedOn(process.env),
        LIFEVERSE_OPERATOR_TOKEN: this.#operatorToken,
        ...(natsUrl === undefined ? {} : { LIFEVERSE_NATS: natsUrl }),
        ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      },
    });
    // It stops its processes itself, which are no children of ours.
    process.once('exit', () => this.#terminate());
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on('line', (line) => this.#hear(line));
    this.#child.stderr?.on('data', (piece) => {
      this.#err += piece;
    });
  }

  /** Resolves once it is open. Rejects with what it said when it ends before, and when the signal is aborted. */
  async opened(signal: AbortSignal): Promise<void> {
    const ended = once(this.#child, 'close').then(() => {
      const said = this.#err.trim() || this.#out.trim();
      throw new ConfigurationError(`The cluster did not come up: ${said.replace(REFUSAL, '')}`);
    });
    ended.catch(() => undefined);
    while (this.#urls.length === 0)
      await Promise.race([once(this.#child.stdout as NodeJS.ReadableStream, 'data', { signal }), ended]);
  }

  /** What its zones have counted, by zone, as far as gateways have heard of them. */
  async counted(series: string): Promise<ReadonlyMap<string, number>> {
    const text = await (await fetch(new URL('metrics', this.#urls[0]))).text();
    const found = text.matchAll(
      new RegExp(`^lifeverse_zone_${series}_total\\{[^}]*instance="([^"]+)"[^}]*\\} (\\d+)`, 'gm'),
    );
    return new Map([...found].map(([, zone = '', value]) => [zone, Number(value)]));
  }

  /** Every zone says that another server has a whole copy of it. */
  async hasCopies(): Promise<boolean> {
    const { zones } = topologyOf(await (await fetch(new URL('metrics', this.#urls[0]))).text());
    return zones.length > 0 && zones.every(({ hasStandby }) => hasStandby);
  }

  /** Of the gateways, in order. */
  get urls(): readonly URL[] {
    return this.#urls;
  }

  /**
   * Of a new player of that name, to join with. An operator makes them as fast as they like; players from one address would have
   * to wait. Undefined where there is none: then the player comes as anybody does.
   */
  async session(gateway: number, name: string): Promise<string | undefined> {
    const answer = await fetch(new URL('api/tickets', this.#urls[gateway]), {
      method: 'POST',
      headers: { 'content-type': 'application/json', [apiHeaders.operator]: this.#operatorToken },
      body: JSON.stringify({ name }),
    });
    const { session } = (await answer.json()) as { session?: string };
    return answer.ok ? session : undefined;
  }

  /** Returns at once. The supervisor is held for so long: it starts nothing meanwhile. */
  kill(names: readonly string[], restartDelayMs: number): void {
    const pids = names.map((name) => this.#pid(name));
    if (restartDelayMs > 0) {
      this.hold();
      setTimeout(() => this.release(), restartDelayMs);
    }
    for (const pid of pids) signalTo(pid, 'SIGKILL');
  }

  /** Its processes go on, and it starts, kills and tells nothing. */
  hold(): void {
    this.#child.kill('SIGSTOP');
  }

  release(): void {
    this.#child.kill('SIGCONT');
  }

  /** The process is there and does nothing, until it goes on. */
  pause(name: string): void {
    signalTo(this.#pid(name), 'SIGSTOP');
    this.#paused.add(name);
    this.#lanes.note(name, 'silent', performance.now());
  }

  goOn(name: string): void {
    if (!this.#paused.delete(name)) return;
    signalTo(this.#pid(name), 'SIGCONT');
    this.#lanes.note(name, 'alive', performance.now());
  }

  /** Has its processes of these kinds replaced, one after the other. */
  async replace(kinds: readonly Kind[], asking: Asking): Promise<void> {
    await askSupervisor({ data: this.#data, cluster: CLUSTER }, { replace: kinds }, asking);
  }

  /** Processes by name, as far as it told of them. */
  get running(): ReadonlyMap<string, number> {
    const there = [...this.#members.keys()].filter((name) => this.#member(name).isThere);
    return new Map(there.map((name) => [name, this.#pid(name)]));
  }

  /** How often it was open. */
  starts(name: string): number {
    return this.#member(name).starts;
  }

  /** How often its supervisor has seen it end by itself. */
  deaths(name: string): number {
    return this.#member(name).deaths;
  }

  /** Why it is no more; null while it runs. */
  get ended(): string | null {
    const { exitCode, signalCode } = this.#child;
    return exitCode === null && signalCode === null ? null : `the cluster ended: ${this.#err.trim()}`;
  }

  async stop(): Promise<void> {
    if (this.ended !== null) return;
    const closed = once(this.#child, 'close');
    this.#terminate();
    await closed;
  }

  #terminate(): void {
    for (const name of this.#paused) this.goOn(name);
    this.#child.kill('SIGTERM');
    this.#child.kill('SIGCONT');
  }

  #hear(line: string): void {
    this.#out += `${line}\n`;
    const nowMs = performance.now();
    const open = OPEN.exec(line)?.[1];
    if (open !== undefined) this.#urls = open.split(' and ').map((url) => new URL(`${url}/`));
    const [, runs, pid] = RUNS.exec(line) ?? [];
    if (runs !== undefined) {
      const member = this.#member(runs);
      member.pid = Number(pid);
      member.starts++;
      member.isThere = true;
      this.#lanes.note(runs, 'alive', nowMs);
    }
    const ended = ENDED.exec(line)?.[1];
    if (ended !== undefined) {
      this.#member(ended).deaths++;
      this.#goes(ended, nowMs);
    }
    const left = LEFT.exec(line)?.[1];
    if (left !== undefined) this.#goes(left, nowMs);
  }

  #pid(name: string): number {
    const { pid } = this.#member(name);
    if (pid === null) throw new Error(`${name} has never run`);
    return pid;
  }

  #goes(name: string, nowMs: number): void {
    this.#member(name).isThere = false;
    this.#lanes.note(name, 'gone', nowMs);
  }

  #member(name: string): Member {
    const member = this.#members.get(name) ?? { pid: null, starts: 0, deaths: 0, isThere: false };
    this.#members.set(name, member);
    return member;
  }
}

/** Of the process of a zone server. With a database of the operator's the server's own name has something before it. */
export function zoneProcess(server: string): string {
  return /zone-\d+$/.exec(server)?.[0] ?? server;
}

/** One gateway in each. */
export const regions = ['west', 'east'] as const;

/** Whether a zone server's process, as its supervisor calls it, stands in that one of the regions. */
export function inRegion(region: number, process: string): boolean {
  const number = Number(/^zone-(\d+)$/.exec(process)?.[1]);
  return (number - 1) % regions.length === region;
}

export function gatewayName(index: number): string {
  return `gateway-${index + 1}`;
}
