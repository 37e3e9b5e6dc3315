import { setTimeout as sleep } from 'node:timers/promises';
import { type Bus, decodeClusterNotice, encodeClusterNotice, subjects } from '@lifeverse/contracts';
import {
  ConfigurationError,
  type Database,
  DatabaseUnreachable,
  type Lifecycle,
  type Log,
  openDatabase,
} from '@lifeverse/node-kit';
import { endWhenLost } from '../start/own-lease.ts';
import { version as ownVersion } from '../version.ts';
import { type BusOptions, busAccess } from './bus-options.ts';
import { type Foreign, LISTEN_MS, Membership, SPEAK_MS, type Unlike } from './membership.ts';
import {
  described,
  foundGeneration,
  isSeen,
  leaveThisCluster,
  readThisCluster,
  type ThisCluster,
} from './this-cluster.ts';

export interface JoinSetup {
  readonly options: BusOptions;
  readonly bus: Bus;
  /** Its schema is up to date; null for who has none. */
  readonly databaseUrl: string | null;
  /** Made from the secret of the cluster; empty for who does not know it. */
  readonly mark: string;
  /** `backend`, `gateway-1`. */
  readonly speaker: string;
  /** Of the product; that of this process when left out. */
  readonly version?: string;
  /** When this one stops, all others have. */
  readonly isLast?: boolean;
}

interface Surroundings {
  readonly life: Lifecycle;
  readonly log: Log;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

const LOOK_MS = 50;
const ANSWER_MS = 2_000;

/**
 * Makes sure that this process, its NATS and its database are of one cluster, now and from now on. Throws a
 * ConfigurationError that names both where they are not; later on, that ends the process with exit code 1.
 */
export async function joinCluster(setup: JoinSetup, { life, log, signal }: Surroundings): Promise<void> {
  const member = await life.start(
    'membership',
    () => new Member(setup, log, endWhenLost(life, log)),
    (it) => it.stop(),
  );
  await member.join(signal);
}

class Member {
  readonly #setup: JoinSetup;
  readonly #name: string;
  readonly #version: string;
  readonly #log: Log;
  readonly #lost: (sentence: string) => void;
  readonly #membership: Membership;
  readonly #database: Database | null;
  readonly #silence: () => void;
  #speaking: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;
  readonly #startedMs = performance.now();
  #saidWaiting = false;
  #joined = false;
  #over = false;

  constructor(setup: JoinSetup, log: Log, lost: (sentence: string) => void) {
    const { bus, mark, databaseUrl: url, options, version = ownVersion() } = setup;
    this.#setup = setup;
    this.#name = options.cluster;
    this.#version = version;
    this.#log = log;
    this.#lost = lost;
    this.#membership = new Membership(mark, version, this.#startedMs);
    this.#database =
      url === null ? null : openDatabase({ url, maxConnections: 1, name: 'lifeverse-cluster', answerMs: ANSWER_MS });
    this.#silence = bus.subscribe(subjects.cluster, (bytes) => this.#hear(bytes));
  }

  async join(signal: AbortSignal): Promise<void> {
    this.#speak();
    for (;;) {
      signal.throwIfAborted();
      if (await this.#mayJoin()) break;
      await sleep(LOOK_MS, undefined, { signal });
    }
    this.#joined = true;
    this.#membership.joined(performance.now());
    this.#speak();
    this.#speaking = setInterval(() => this.#beat(), SPEAK_MS);
    const own = this.#membership.own(performance.now());
    this.#log.debug({ cluster: this.#name, ...own }, 'joined');
  }

  async stop(): Promise<void> {
    this.#over = true;
    clearInterval(this.#speaking);
    this.#silence();
    await this.#looking;
    if (this.#database === null) return;
    const own = this.#membership.own(performance.now());
    if (this.#joined && this.#setup.isLast && own !== null)
      await leaveThisCluster(this.#database, own).catch((error: unknown) =>
        this.#log.debug({ err: error }, 'the database could not be told that the cluster has stopped'),
      );
    await this.#database.close();
  }

  /** Throws the reason why it never will. */
  async #mayJoin(): Promise<boolean> {
    const cluster = await this.#read();
    if (this.#database !== null && cluster === null) return false;
    if (cluster !== null) this.#membership.belongs(cluster);
    const nowMs = performance.now();
    const foreign = this.#membership.foreign(nowMs);
    if (foreign !== null) throw new ConfigurationError(this.#foreignSentence(foreign));
    const unlike = this.#membership.unlike(nowMs);
    if (unlike !== null) throw new ConfigurationError(this.#unlikeSentence(unlike));
    switch (this.#membership.next(cluster, nowMs)) {
      case 'join':
        return true;
      case 'wait':
        if (cluster !== null) this.#sayWaiting(nowMs);
        return false;
      case 'found':
        return this.#found(cluster as ThisCluster);
      case 'elsewhere':
        throw new ConfigurationError(this.#elsewhereSentence(cluster as ThisCluster));
    }
  }

  /** Once, where it takes longer than the hearing. */
  #sayWaiting(nowMs: number): void {
    if (this.#saidWaiting || nowMs - this.#startedMs < 2 * LISTEN_MS) return;
    this.#saidWaiting = true;
    this.#log.warn(
      'the database was in use a moment ago, by processes that are not heard: waiting until they are missed',
    );
  }

  /** Null: there is no database, or it cannot be reached at the moment. */
  async #read(): Promise<ThisCluster | null> {
    if (this.#database === null) return null;
    return orUnreachable(readThisCluster(this.#database, this.#name));
  }

  async #found(cluster: ThisCluster): Promise<boolean> {
    const own = await orUnreachable(foundGeneration(this.#database as Database, this.#name, cluster));
    if (own !== null) this.#membership.belongs(own);
    return own !== null;
  }

  #speak(): void {
    const { bus, mark, speaker } = this.#setup;
    const own = this.#membership.own(performance.now()) ?? { identity: '', generation: 0, sinceMs: 0 };
    const { identity, generation, sinceMs } = own;
    bus.publish(
      subjects.cluster,
      encodeClusterNotice({
        identity,
        generation,
        sinceMs,
        mark,
        speaker,
        version: this.#version,
        joined: this.#joined,
      }),
    );
  }

  #hear(bytes: Uint8Array): void {
    const notice = decodeClusterNotice(bytes);
    if (notice === undefined) return;
    const nowMs = performance.now();
    this.#membership.hear(notice, nowMs);
    if (!this.#joined) return;
    // Whoever asks, of this cluster or not, is to know who is there.
    if (!notice.joined) this.#speak();
    const foreign = this.#membership.foreign(nowMs);
    if (foreign !== null) this.#end(this.#foreignSentence(foreign));
    const unlike = this.#membership.unlike(nowMs);
    if (unlike !== null) this.#end(this.#unlikeSentence(unlike));
  }

  #beat(): void {
    this.#speak();
    if (this.#database === null || this.#looking !== null) return;
    this.#looking = this.#look(this.#database).finally(() => {
      this.#looking = null;
    });
  }

  async #look(database: Database): Promise<void> {
    try {
      const own = this.#membership.own(performance.now());
      if (own === null || (await isSeen(database, this.#name, own))) return;
      const cluster = await readThisCluster(database, this.#name);
      if (this.#membership.isSuperseded(cluster, performance.now())) this.#end(this.#elsewhereSentence(cluster));
    } catch (error) {
      if (error instanceof ConfigurationError) this.#end(error.message);
      else if (!(error instanceof DatabaseUnreachable))
        this.#log.error({ err: error }, 'the cluster was not looked at');
    }
  }

  #end(sentence: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#lost(sentence);
  }

  #foreignSentence(foreign: Foreign): string {
    const own = this.#membership.own(performance.now());
    const { speaker } = foreign;
    const ours = own === null ? 'another secret' : described(this.#name, own);
    return `NATS at ${this.#nats} has ${described(this.#name, foreign)} already, for which ${speaker} speaks, and this process is of ${ours}: give one of the two another name by --cluster, or a NATS of its own.`;
  }

  #unlikeSentence({ speaker, version }: Unlike): string {
    return `${speaker} of the cluster "${this.#name}" is of version ${version}, and this process is of ${this.#version}: only versions next to each other run in one cluster, so it goes there by those between, one after the other.`;
  }

  #elsewhereSentence(cluster: ThisCluster): string {
    return `The database is in use by ${described(this.#name, cluster)}, of which nothing is heard on NATS at ${this.#nats}: name the NATS of that one, stop it, or give this process a database of its own.`;
  }

  get #nats(): string {
    return busAccess(this.#setup.options).servers.join(', ');
  }
}

/** Null: the database cannot be reached at the moment. */
async function orUnreachable<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof DatabaseUnreachable) return null;
    throw error;
  }
}
