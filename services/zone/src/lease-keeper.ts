import { setTimeout as sleep } from 'node:timers/promises';
import { assert, type Clock } from '@lifeverse/base';
import {
  type Bus,
  decodeOwnershipNotice,
  encodeOwnershipNotice,
  type OwnedNotice,
  subjects,
} from '@lifeverse/contracts';
import { ConfigurationError, DatabaseUnreachable, type Log, machineMs } from '@lifeverse/node-kit';
import { HEARD_MS, type Loss, Ownership, type OwnershipState } from '@lifeverse/world';
import { type Renewal, ZoneLeases } from './zone-leases.ts';

/** As whom a zone server owns zones, and for how long at a time. */
export interface LeaseSetup {
  /** Where the lease lies; its schema is up to date. */
  readonly databaseUrl: string;
  /** What the operator calls this server: whoever is started by the same name takes its place, at once. */
  readonly server: string;
  readonly version: string;
  /** Where it stands, as its operator calls that; empty when left out. */
  readonly region?: string;
  /** The bus lies within this process: nobody else can be heard on it. */
  readonly ownBus: boolean;
  /** 1,500 when left out. */
  readonly leaseMs?: number;
}

export interface LeaseKeeperOptions extends LeaseSetup {
  readonly bus: Bus;
  /** By which the zones tick. */
  readonly clock: Clock;
  readonly log: Log;
  /** Called once: another server was started under the same name, and this one gets no zones any more. */
  replaced?(): void;
}

/** What the database has given, as long as it lasts. */
export interface OwnedZone {
  readonly epoch: number;
  mayTick(): boolean;
  mayFlush(): boolean;
  /** The backend says that another server has it. */
  replaced(): void;
}

/** How a zone stands that runs here. */
export type ZoneStanding = Omit<OwnedNotice, 'zone' | 'epoch'>;

const nothingKnown: ZoneStanding = { settled: 0, busyPermille: 0, players: 0, middle: { x: 0, y: 0 } };

interface Kept {
  readonly zone: number;
  readonly ownership: Ownership;
  readonly lost: (loss: Loss) => void;
  /** When it was got: an answer to an earlier question does not speak of it. */
  readonly sinceMs: number;
  state: OwnershipState['state'];
  /** What others are told of it. */
  standing: () => ZoneStanding;
}

const LEASE_MS = 1_500;
/** Of a lease: the margin, how often it is renewed, and how long the answer may take. */
const MARGIN = 1 / 6;
const RENEW = 1 / 3;
const ANSWER = 1 / 4;
/** A clock that follows the database asks it once a second. */
const SETTLE_MS = 5_000;

/** Keeps the lease of this server, tells the others of it, and knows for each zone whether it may act. */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #leases: ZoneLeases;
  readonly #leaseMs: number;
  readonly #marginMs: number;
  #zones: Kept[] = [];
  readonly #stopping = new AbortController();
  #last: { askedMs: number; others: readonly string[] };
  #registered: readonly number[] = [];
  #failedMs = Number.NEGATIVE_INFINITY;
  #isReplaced = false;
  #renewing: Promise<void> = Promise.resolve();
  #silence: () => void = () => undefined;

  private constructor(options: LeaseKeeperOptions) {
    const leaseMs = options.leaseMs ?? LEASE_MS;
    assert(options.ownBus || leaseMs * (RENEW + ANSWER) <= HEARD_MS, 'others would not hear often enough of this one');
    this.#options = options;
    this.#leaseMs = leaseMs;
    this.#marginMs = leaseMs * MARGIN;
    this.#leases = new ZoneLeases({
      ...options,
      region: options.region ?? '',
      leaseMs,
      marginMs: Math.round(this.#marginMs),
      answerMs: Math.round(leaseMs * ANSWER),
    });
    this.#last = { askedMs: machineMs(), others: [] };
  }

  /** Rejects when the database does not grant a lease. */
  static async start(options: LeaseKeeperOptions): Promise<LeaseKeeper> {
    const keeper = new LeaseKeeper(options);
    try {
      await keeper.#begin();
    } catch (error) {
      await keeper.#leases.close();
      throw error;
    }
    return keeper;
  }

  /**
   * Takes a zone; that of a server which is gone, once its lease and the margin are over. `lost` is called at most once.
   * Throws a ConfigurationError that names the server when one that is alive has it.
   */
  async take(zone: number, lost: (loss: Loss) => void): Promise<OwnedZone> {
    const epoch = await this.#takeFromGone(zone);
    const { ownBus } = this.#options;
    const ownership = new Ownership({ epoch, leaseMs: this.#leaseMs, marginMs: this.#marginMs, ownBus });
    ownership.granted(this.#last.askedMs, this.#last.others);
    ownership.uncertainty(this.#uncertaintyMs());
    const kept: Kept = { zone, ownership, lost, sinceMs: machineMs(), state: 'owning', standing: () => nothingKnown };
    this.#zones.push(kept);
    this.#look();
    return {
      epoch,
      mayTick: () => ownership.mayTick(machineMs()),
      mayFlush: () => ownership.mayFlush(machineMs()),
      replaced: () => {
        ownership.lose({ why: 'taken' });
        this.#look();
      },
    };
  }

  /** How the zone stands, to be told others. */
  tells(zone: number, standing: () => ZoneStanding): void {
    for (const kept of this.#zones) if (kept.zone === zone) kept.standing = standing;
  }

  /** Nothing is heard of that zone any more: it does not run here. */
  drop(zone: number): void {
    this.#zones = this.#zones.filter((kept) => kept.zone !== zone);
  }

  /** Those that are this server's by the database, whether they run here or not. */
  get registered(): readonly number[] {
    return this.#registered;
  }

  /** What an earlier life of this server owned is that standby's to go on with. */
  isOutlivedBy(standby: string, generation: number): Promise<boolean> {
    return this.#leases.isOutlivedBy(standby, generation);
  }

  /** The zone, which was dropped, is free for others. */
  give(zone: number): Promise<void> {
    return this.#leases.give(zone);
  }

  /** This server is to end: its zones are to go to others. How many there are that may have them. */
  leave(): Promise<number> {
    return this.#leases.leave();
  }

  /** What it owned is free at once, when the database can be told; and else when the lease is over. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#silence();
    await this.#renewing;
    await this.#leases
      .end()
      .catch((error: unknown) =>
        this.#options.log.warn({ err: error }, 'the lease could not be given back: it runs out'),
      );
    await this.#leases.close();
  }

  async #begin(): Promise<void> {
    const { bus, server } = this.#options;
    const askedMs = machineMs();
    const renewal = await this.#leases.grant();
    if (renewal === null) throw new Error(`another server was started as ${JSON.stringify(server)} at the same time`);
    this.#last = { askedMs, others: renewal.others };
    this.#registered = renewal.zones.map(({ zone }) => zone);
    this.#tell(true);
    this.#silence = bus.subscribe(subjects.ownership, (bytes) => this.#hear(bytes));
    this.#renewing = this.#keepRenewing();
  }

  async #takeFromGone(zone: number): Promise<number> {
    const { signal } = this.#stopping;
    for (let first: Date | undefined; ; ) {
      const taking = await this.#leases.take(zone);
      if ('epoch' in taking) return taking.epoch;
      const { holder, until, freeInMs } = taking;
      if (first !== undefined && until > first) throw held(zone, holder, until);
      if (first === undefined) this.#options.log.warn({ zone, holder, until }, 'another server has the zone: waiting');
      first = until;
      // One that is alive renews its lease in the meantime, and need not be waited for to the end.
      await sleep(Math.ceil(Math.min(freeInMs + 1, this.#leaseMs * RENEW)), undefined, { signal });
    }
  }

  async #keepRenewing(): Promise<void> {
    const { signal } = this.#stopping;
    let askedMs = this.#last.askedMs;
    while (!signal.aborted) {
      const waitMs = askedMs + this.#leaseMs * RENEW - machineMs();
      if (waitMs > 0) await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      askedMs = machineMs();
      await this.#renew();
    }
  }

  async #renew(): Promise<void> {
    const askedMs = machineMs();
    let reaches = true;
    let isReplaced = false;
    try {
      const renewal = await this.#leases.renew();
      isReplaced = renewal === null;
      this.#renewed(askedMs, renewal);
    } catch (error) {
      reaches = false;
      this.#failedMs = machineMs();
      for (const { ownership } of this.#zones) ownership.unreachable(askedMs);
      const level = error instanceof DatabaseUnreachable ? 'debug' : 'error';
      this.#options.log[level]({ err: error }, 'the lease was not renewed');
    }
    this.#look();
    this.#tell(reaches);
    // Behind its zones, which say more; it may have none.
    if (isReplaced && !this.#isReplaced) this.#options.replaced?.();
    this.#isReplaced ||= isReplaced;
  }

  #renewed(askedMs: number, renewal: Renewal | null): void {
    if (renewal !== null) {
      this.#last = { askedMs, others: renewal.others };
      this.#registered = renewal.zones.map(({ zone }) => zone);
    }
    for (const { zone, ownership, sinceMs } of this.#zones) {
      const owned = renewal?.zones.find((it) => it.zone === zone);
      if (renewal === null) ownership.lose({ why: 'replaced' });
      else if (owned?.epoch !== ownership.epoch && askedMs > sinceMs) ownership.lose({ why: 'taken' });
      else ownership.granted(askedMs, renewal.others);
      ownership.uncertainty(this.#uncertaintyMs());
    }
  }

  /** 0 as long as the clock has had no time to be put right after an outage. */
  #uncertaintyMs(): number {
    return machineMs() - this.#failedMs < SETTLE_MS ? 0 : (this.#options.clock.uncertaintyMs?.() ?? 0);
  }

  #tell(reaches: boolean): void {
    const { bus, server, ownBus } = this.#options;
    if (ownBus) return;
    const owned = this.#zones.filter(({ state }) => state !== 'lost');
    const zones = owned.map(({ zone, ownership, standing }) => ({ zone, epoch: ownership.epoch, ...standing() }));
    bus.publish(subjects.ownership, encodeOwnershipNotice({ server, reaches, zones }));
  }

  #hear(bytes: Uint8Array): void {
    const notice = decodeOwnershipNotice(bytes);
    if (notice === undefined) return;
    for (const { zone, ownership } of this.#zones) {
      if (notice.server !== this.#options.server) ownership.heard(notice.server, notice.reaches, machineMs());
      for (const said of notice.zones) if (said.zone === zone) ownership.heardEpoch(said.epoch);
    }
    this.#look();
  }

  /** Says once what has become of a zone. */
  #look(): void {
    const { log } = this.#options;
    for (const kept of this.#zones) {
      const now = kept.ownership.stateAt(machineMs());
      if (now.state === kept.state) continue;
      const { zone } = kept;
      const before = kept.state;
      kept.state = now.state;
      if (now.state === 'coasting') log.warn({ zone }, 'the database cannot be reached: the zone goes on without it');
      else if (now.state === 'owning') log.info({ zone, before }, 'the lease of the zone goes on');
      else if (now.state === 'waiting')
        log.warn({ zone }, 'the lease ran out: the zone stands still until it is renewed');
      else kept.lost(now.loss);
    }
  }
}

function held(zone: number, holder: string, until: Date): ConfigurationError {
  return new ConfigurationError(
    `Zone ${zone} is held by the server ${JSON.stringify(holder)} until ${until.toISOString()}, and it keeps renewing that: stop it first, or give this one a database of its own.`,
  );
}
