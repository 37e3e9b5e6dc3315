import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { BoundedQueue, type Clock } from '@lifeverse/base';
import { type Argon2Parameters, textOfParameters } from './argon2-parameters.ts';
import { forkHasher } from './fork-hasher.ts';
import type { HashAnswer, HashWork } from './hash-work.ts';

export interface HashPoolOptions {
  readonly clock: Clock;
  /** Hashes under way at once; each takes a core and its memory (19 MiB) for tens of milliseconds. */
  readonly processes: number;
  /** Hashes that may wait; the next one is refused. */
  readonly waiting: number;
}

/** There is no room for another hash to wait. */
export class HashPoolBusy extends Error {
  override readonly name = 'HashPoolBusy';
  readonly retryAfterMs: number;
  constructor(retryAfterMs: number) {
    super('too many hashes wait');
    this.retryAfterMs = retryAfterMs;
  }
}

interface Job {
  readonly work: HashWork;
  done(hash: Uint8Array): void;
  failed(error: Error): void;
}

interface Lane {
  readonly worker: ChildProcess;
  /** The one under way, and the one that the process takes up next without waiting for this one. */
  readonly jobs: Job[];
  startedMs: number;
}

/** A process that had to ask for its next hash would rest until the event loop comes round. */
const AHEAD = 2;
/** Assumed of a hash before one was measured. */
const FIRST_GUESS_MS = 50;
const SMOOTHING = 0.1;

/**
 * Computes argon2id in processes of its own, of lower priority, so many at once and no more: neither the event loop nor
 * the threads that read files wait for it, and the world's tick goes first. They are started when they are needed.
 */
export class HashPool {
  readonly #clock: Clock;
  readonly #processes: number;
  readonly #queue: BoundedQueue<Job>;
  readonly #lanes = new Set<Lane>();
  readonly #counts = new Map<string, number>();
  #hashMs = FIRST_GUESS_MS;
  #closed = false;

  constructor({ clock, processes, waiting }: HashPoolOptions) {
    this.#clock = clock;
    this.#processes = processes;
    this.#queue = new BoundedQueue(waiting);
  }

  /** Hashes begun since the start, by parameters: what an answer cost, whoever it was for. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Rejects with HashPoolBusy when the queue is full. */
  hash(password: string, salt: Uint8Array, parameters: Argon2Parameters): Promise<Uint8Array> {
    return new Promise((done, failed) => {
      if (this.#closed) return failed(new Error('the pool is closed'));
      const job: Job = { work: { password, salt, parameters }, done, failed };
      const lane = this.#lane();
      if (lane !== undefined) this.#begin(lane, job);
      else if (!this.#queue.push(job)) failed(new HashPoolBusy(this.#retryAfterMs()));
    });
  }

  /** Whoever waits is refused. */
  async close(): Promise<void> {
    this.#closed = true;
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift())
      job.failed(new Error('the pool is closed'));
    await Promise.all(
      [...this.#lanes].map(async ({ worker }) => {
        const ended = once(worker, 'exit');
        worker.ref();
        worker.kill('SIGKILL');
        await ended;
      }),
    );
  }

  /** One that has nothing to do, or a new one, or one that has room for what comes next. */
  #lane(): Lane | undefined {
    const [least] = [...this.#lanes].sort((a, b) => a.jobs.length - b.jobs.length);
    if (least?.jobs.length === 0) return least;
    if (this.#lanes.size < this.#processes) return this.#another();
    return least !== undefined && least.jobs.length < AHEAD ? least : undefined;
  }

  #another(): Lane {
    const worker = forkHasher(new URL('./hash-process.ts', import.meta.url));
    const lane: Lane = { worker, jobs: [], startedMs: 0 };
    worker.unref();
    worker.channel?.unref();
    worker.on('message', (answer: HashAnswer) => this.#ended(lane, answer));
    worker.on('error', (error) => this.#lost(lane, error));
    worker.on('exit', () => this.#lost(lane, new Error('a hashing process ended')));
    this.#lanes.add(lane);
    return lane;
  }

  #begin(lane: Lane, job: Job): void {
    const key = textOfParameters(job.work.parameters);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    if (lane.jobs.push(job) === 1) lane.startedMs = this.#clock.nowMs();
    // A process does not end while a hash is awaited.
    lane.worker.channel?.ref();
    lane.worker.send(job.work, (error) => {
      if (error !== null) this.#lost(lane, error);
    });
  }

  #ended(lane: Lane, answer: HashAnswer): void {
    const nowMs = this.#clock.nowMs();
    this.#hashMs += SMOOTHING * (nowMs - lane.startedMs - this.#hashMs);
    lane.startedMs = nowMs;
    const job = lane.jobs.shift();
    const next = this.#queue.shift();
    if (next !== undefined) this.#begin(lane, next);
    else if (lane.jobs.length === 0) lane.worker.channel?.unref();
    if ('hash' in answer) job?.done(answer.hash);
    else job?.failed(new Error(answer.failed));
  }

  /** What it was computing failed; what was to come next is begun elsewhere. */
  #lost(lane: Lane, error: Error): void {
    if (!this.#lanes.delete(lane)) return;
    const [job, ...ahead] = lane.jobs;
    job?.failed(error);
    const next = this.#queue.length > 0 && ahead.length < AHEAD ? this.#queue.shift() : undefined;
    for (const again of next === undefined ? ahead : [...ahead, next]) {
      const other = this.#closed ? undefined : this.#lane();
      if (other === undefined) again.failed(error);
      else this.#begin(other, again);
    }
  }

  #retryAfterMs(): number {
    return Math.ceil(((this.#queue.length + AHEAD * this.#lanes.size) * this.#hashMs) / this.#processes);
  }
}
