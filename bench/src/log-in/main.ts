import { type ChildProcess, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { defaultAccountLimits, forkHasher, migrations, Players } from '@lifeverse/backend';
import { quantile } from '@lifeverse/base';
import { migrate, openDatabase, SystemClock, startEmbeddedServer } from '@lifeverse/node-kit';
import { provenance } from '../harness/machine.ts';
import { cpuTimeMs } from './cpu-time.ts';

const ACCOUNTS = 64;
/** At once: one is hashed for while the others wait. */
const CLIENTS = 8;
const ROUNDS = 5;

/** How many a second, and the CPU time of one, which other work on the machine hardly moves; NaN where it is not told. */
interface Pace {
  readonly perS: number;
  readonly cpuMs: number;
}

interface Round {
  readonly logIns: Pace;
  readonly hashes: Pace;
  readonly tickAloneMs: number;
  readonly tickMs: number;
}

/** `npm run bench -- --scenario log-in`. Answers the exit code: 1 when a log-in was refused. */
export async function logInBench(args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const options = { scenario: text, seconds: text, json: { type: 'boolean' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const seconds = Number(values.seconds ?? 4);
  if (!(seconds >= 1)) throw new Error('--seconds is at least 1');
  const say = (line: string) => (values.json === true ? process.stderr : process.stdout).write(`${line}\n`);
  const about = provenance(new Date());
  const oneCore = stayOnOneCore();
  say(`${about.cpu}, ${oneCore ? 'one core for everything' : 'all cores'}, Node ${about.node}, commit ${about.commit}`);
  const bench = await LogIns.open();
  try {
    const rounds: Round[] = [];
    for (let i = 0; i < ROUNDS; i++) rounds.push(await bench.round(seconds * 1_000));
    const figures = published(rounds, bench.tookMs);
    for (const [name, value] of Object.entries(figures)) say(`${name} ${value.toFixed(2)}`);
    for (const code of bench.refused) say(`refused: ${code}`);
    if (values.json === true) console.log(JSON.stringify({ scenario: 'log-in', oneCore, ...figures, ...about }));
    return bench.refused.size === 0 ? 0 : 1;
  } finally {
    await bench.close();
  }
}

/** This process, its threads and what it starts. False where the system cannot. */
function stayOnOneCore(): boolean {
  const last = String(availableParallelism() - 1);
  return spawnSync('taskset', ['-apc', last, String(process.pid)]).status === 0;
}

/** Ratios are taken inside of a round, since a shared machine's speed drifts between them. */
function published(rounds: readonly Round[], tookMs: readonly number[]): Record<string, number> {
  const median = (of: (round: Round) => number): number => quantile(rounds.map(of), 0.5) ?? Number.NaN;
  return {
    logins_per_s: median((round) => round.logIns.perS),
    hash_limit_per_s: median((round) => round.hashes.perS),
    ratio: median((round) => round.logIns.perS / round.hashes.perS),
    cpu_ms_per_login: median((round) => round.logIns.cpuMs),
    cpu_ms_per_hash: median((round) => round.hashes.cpuMs),
    ratio_cpu: median((round) => round.hashes.cpuMs / round.logIns.cpuMs),
    login_ms_p50: quantile(tookMs, 0.5) ?? Number.NaN,
    login_ms_p99: quantile(tookMs, 0.99) ?? Number.NaN,
    tick_ms_p99_alone: median((round) => round.tickAloneMs),
    tick_ms_p99_with_logins: median((round) => round.tickMs),
  };
}

class LogIns {
  readonly refused = new Set<string>();
  readonly tookMs: number[] = [];
  readonly #players: Players;
  readonly #serverPid: number;
  readonly #bare = forkHasher(new URL('./bare-process.ts', import.meta.url));
  readonly #tick = new Worker(new URL('./tick-thread.ts', import.meta.url));
  readonly #close: () => Promise<void>;

  static async open(): Promise<LogIns> {
    const folder = mkdtempSync(join(tmpdir(), 'lifeverse-bench-log-in-'));
    const server = await startEmbeddedServer({ folder });
    const database = openDatabase({ url: server.url, maxConnections: 4 });
    await migrate(database, migrations);
    const players = new Players({
      database,
      clock: new SystemClock(),
      ticketKey: new Uint8Array(randomBytes(32)),
      publicUrl: 'http://127.0.0.1',
      // One account's log-ins stay under its own limits: that is part of what is measured.
      limits: { ...defaultAccountLimits, hashing: { processes: 1, waiting: CLIENTS } },
    });
    await players.start();
    const bench = new LogIns(players, server.pid, async () => {
      await players.close();
      await database.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    for (let i = 0; i < ACCOUNTS; i++) bench.#note(await players.register(account(i), nobody, caller(i)));
    return bench;
  }

  private constructor(players: Players, serverPid: number, close: () => Promise<void>) {
    this.#players = players;
    this.#serverPid = serverPid;
    this.#close = close;
  }

  async close(): Promise<void> {
    this.#bare.disconnect();
    await this.#tick.terminate();
    await this.#close();
  }

  async round(ms: number): Promise<Round> {
    const hashes = await this.#paced(ms, () => hashed(this.#bare, ms));
    const logIns = await this.#paced(ms, () => this.#logIns(ms));
    const tickAloneMs = await ask(this.#tick, ms);
    const [tickMs] = await Promise.all([ask(this.#tick, ms), this.#logIns(ms)]);
    return { hashes, logIns, tickAloneMs, tickMs };
  }

  async #paced(ms: number, work: () => Promise<number>): Promise<Pace> {
    const startMs = performance.now();
    const before = cpuTimeMs(this.#serverPid);
    const perS = await work();
    const after = cpuTimeMs(this.#serverPid);
    const count = (perS * Math.max(ms, performance.now() - startMs)) / 1_000;
    return { perS, cpuMs: before === null || after === null ? Number.NaN : (after - before) / count };
  }

  async #logIns(ms: number): Promise<number> {
    const startMs = performance.now();
    let done = 0;
    const client = async (number: number): Promise<void> => {
      for (let i = number; performance.now() - startMs < ms; i += CLIENTS) {
        const askedMs = performance.now();
        this.#note(await this.#players.logIn(account(i % ACCOUNTS), caller(number)));
        this.tookMs.push(performance.now() - askedMs);
        done++;
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
    return (done * 1_000) / (performance.now() - startMs);
  }

  #note(answer: object): void {
    if ('refused' in answer) this.refused.add(String(answer.refused));
  }
}

const nobody = { info: null, name: undefined };

function account(number: number): { email: string; password: string } {
  return { email: `player-${number}@example.org`, password: `the password of ${number}` };
}

/** Each client its own peer; what a peer may ask for a second is not what is measured. */
function caller(number: number): Parameters<Players['guest']>[1] {
  return { peer: `198.51.100.${number}`, token: null, platform: 'bench', unlimited: true };
}

async function hashed(bare: ChildProcess, ms: number): Promise<number> {
  bare.send(ms);
  const [answer] = (await once(bare, 'message')) as [number];
  return answer;
}

async function ask(worker: Worker, ms: number): Promise<number> {
  worker.postMessage(ms);
  const [answer] = (await once(worker, 'message')) as [number];
  return answer;
}
