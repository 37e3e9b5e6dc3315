import { setTimeout as sleep } from 'node:timers/promises';
import { type Bus, decodeZonePlan, subjects, type ZonePlan, zonesIn } from '@lifeverse/contracts';
import { ConfigurationError, DatabaseUnreachable, Lifecycle } from '@lifeverse/node-kit';
import type { Loss } from '@lifeverse/world';
import { LeaseKeeper, type LeaseSetup } from './lease-keeper.ts';
import { replacedSentence, sentenceOf } from './loss-sentence.ts';
import { StandbyHost } from './standby-host.ts';
import { type RunningZone, startZone } from './zone.ts';
import type { ZoneHostOptions } from './zone-host.ts';

type OfOneZone = 'zone' | 'arrangement' | 'populates' | 'copies' | 'epoch' | 'owner';

/** So long a server that was started again leaves its zones to those that have their second copies. */
const OUTLIVED_MS = 5_000;

export interface ZoneServerOptions extends Omit<ZoneHostOptions, OfOneZone> {
  readonly lease: LeaseSetup;
  /** This server may own nothing any more: its process is to say this sentence, and to end with exit code 1. */
  lost(sentence: string): void;
}

/** Its process ends with the first: others of what it owned would say the same again. */
function saidOnce(lost: (sentence: string) => void): (sentence: string) => void {
  let isSaid = false;
  return (sentence) => {
    if (isSaid) return;
    isSaid = true;
    lost(sentence);
  };
}

const DRAIN_LOOK_MS = 250;

/** Has a lease, and owns what the plan gives it. Rejects when the database grants none. */
export async function startZoneServer(options: ZoneServerOptions): Promise<RunningZoneServer> {
  const { lease, bus, clock, log } = options;
  const lost = saidOnce(options.lost);
  const replaced = (): void => lost(replacedSentence(lease.server));
  const life = new Lifecycle();
  let server: ZoneServer;
  try {
    const keeper = await life.start(
      'lease',
      () => LeaseKeeper.start({ ...lease, bus, clock, log, replaced }),
      (it) => it.stop(),
    );
    server = await life.start(
      'zones',
      () => new ZoneServer({ ...options, lost }, keeper),
      (it) => it.stop(),
    );
    await life.start(
      'plan',
      () => follow(bus, (plan) => server.told(plan)),
      (end) => end(),
    );
  } catch (error) {
    await life.stop();
    throw error;
  }
  return { drain: (signal) => server.drain(signal), stop: () => life.stop() };
}

export interface RunningZoneServer {
  /** Gives its zones away while they are played in. Resolves when none is left, when nobody may have them, and with the signal. */
  drain(signal: AbortSignal): Promise<void>;
  /** Everybody is kept; what it owned is free. */
  stop(): Promise<void>;
}

function follow(bus: Bus, told: (plan: ZonePlan) => void): () => void {
  return bus.subscribe(subjects.plan, (bytes) => {
    const plan = decodeZonePlan(bytes);
    if (plan !== undefined) told(plan);
  });
}

/**
 * The zones of one server: those that the plan gives it are taken and run, all others are given back; of those that it is to take over, it
 * has the second copy.
 */
class ZoneServer {
  readonly #options: ZoneServerOptions;
  readonly #keeper: LeaseKeeper;
  readonly #begunMs: number;
  readonly #zones = new Map<number, RunningZone>();
  readonly #standbys = new Map<number, StandbyHost>();
  /** Lost while they ran. */
  readonly #lost = new Map<number, Loss>();
  #plan: ZonePlan | null = null;
  #working: Promise<void> | null = null;
  #stopped = false;

  constructor(options: ZoneServerOptions, keeper: LeaseKeeper) {
    this.#options = options;
    this.#keeper = keeper;
    this.#begunMs = options.clock.nowMs();
  }

  told(plan: ZonePlan): void {
    if (this.#plan === null || plan.generation > this.#plan.generation) {
      this.#plan = plan;
      for (const zone of this.#zones.values()) zone.rearrange(plan.arrangement);
    }
    // Also when it is known: what could not be taken is tried again.
    this.#work();
  }

  async drain(signal: AbortSignal): Promise<void> {
    const { log } = this.#options;
    let isWarned = false;
    while (this.#zones.size > 0 && !signal.aborted) {
      // Without an answer, there may be others that are to have them.
      const others = await this.#keeper.leave().catch((error: unknown) => {
        if (!isWarned)
          log.warn({ err: error }, 'nobody could be told yet that the zones of this server are to go elsewhere');
        isWarned = true;
        return null;
      });
      if (others === 0) return;
      await sleep(DRAIN_LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#working;
    for (const standby of this.#standbys.values()) standby.stop();
    await Promise.all([...this.#zones.keys()].map((zone) => this.#end(zone)));
  }

  #work(): void {
    if (this.#stopped || this.#working !== null) return;
    this.#working = this.#follow()
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'the plan of the zones was not followed'))
      .finally(() => {
        this.#working = null;
      });
  }

  async #follow(): Promise<void> {
    const wanted = this.#wanted();
    for (const [zone, loss] of this.#lost) {
      this.#lost.delete(zone);
      await this.#end(zone);
      this.#options.log.warn({ zone }, sentenceOf(zone, this.#options.lease.server, loss));
    }
    for (const zone of [...this.#zones.keys()]) {
      if (wanted.has(zone)) continue;
      await this.#end(zone);
      await this.#keeper.give(zone);
    }
    // What an earlier life of this server had, and is another's to go on with.
    for (const zone of this.#keeper.registered) if (!wanted.has(zone)) await this.#keeper.give(zone);
    for (const zone of wanted) if (!this.#zones.has(zone) && !this.#stopped) await this.#tryToBegin(zone);
    this.#guard(wanted);
  }

  /** Second copies are kept of what the plan says, and of what could not be taken yet. */
  #guard(wanted: ReadonlySet<number>): void {
    const { bus, clock } = this.#options;
    const guarded = this.#named(this.#plan?.standbys);
    for (const [zone, standby] of this.#standbys) {
      if (this.#stopped || this.#zones.has(zone) || !(guarded.has(zone) || wanted.has(zone))) {
        this.#standbys.delete(zone);
        standby.stop();
      }
    }
    for (const zone of guarded)
      if (!this.#stopped && !this.#zones.has(zone) && !this.#standbys.has(zone))
        this.#standbys.set(zone, new StandbyHost({ zone, bus, clock }));
  }

  #wanted(): Set<number> {
    return this.#named(this.#plan?.servers);
  }

  #named(servers: ZonePlan['servers'] | undefined): Set<number> {
    const own = [...(servers ?? [])].filter(([, server]) => server === this.#options.lease.server);
    return new Set(own.map(([zone]) => zone));
  }

  /** Where a standby goes on with what an earlier life of this server had, it is to have it. */
  async #isOutlived(zone: number): Promise<boolean> {
    const { clock, lease, log } = this.#options;
    const plan = this.#plan as ZonePlan;
    const standby = plan.standbys.get(zone);
    if (standby === undefined || standby === lease.server || clock.nowMs() - this.#begunMs > OUTLIVED_MS) return false;
    if (!(await this.#keeper.isOutlivedBy(standby, plan.generation))) return false;
    await this.#keeper.give(zone);
    log.info({ zone, standby }, 'the zone is left to the server that has its second copy');
    return true;
  }

  /** What fails with one zone is no other's matter. That one is free again, and is tried again with whatever is heard of the plan. */
  async #tryToBegin(zone: number): Promise<void> {
    const { log } = this.#options;
    try {
      await this.#begin(zone);
    } catch (error) {
      // Nor can any other be taken.
      if (error instanceof DatabaseUnreachable) throw error;
      log.error({ err: error, zone }, 'the zone could not be begun');
      this.#keeper.drop(zone);
      await this.#keeper
        .give(zone)
        .catch((reason: unknown) => log.warn({ err: reason, zone }, 'the zone could not be given back'));
    }
  }

  async #begin(zone: number): Promise<void> {
    const { log } = this.#options;
    if (await this.#isOutlived(zone)) return;
    const taken = await this.#take(zone);
    const plan = this.#plan as ZonePlan;
    if (taken === null) return;
    if (this.#stopped || !this.#wanted().has(zone)) {
      this.#keeper.drop(zone);
      await this.#keeper.give(zone);
      return;
    }
    const { arrangement } = plan;
    const { former } = arrangement;
    const copies = this.#standbys.get(zone)?.copies() ?? null;
    const running = await startZone({
      ...this.#options,
      zone,
      arrangement,
      // Whoever comes with the world was handed over from where these cells were before.
      populates: former === null || zonesIn(former).includes(zone),
      copies,
      epoch: taken.epoch,
      owner: taken,
    });
    this.#zones.set(zone, running);
    this.#keeper.tells(zone, () => running.standing());
    if (this.#plan !== plan) running.rearrange((this.#plan as ZonePlan).arrangement);
    const from = copies === null ? {} : { entities: copies.travellers.length };
    log.info({ zone, epoch: taken.epoch, ...from }, copies === null ? 'the zone runs here' : 'the zone goes on here');
  }

  async #take(zone: number) {
    try {
      return await this.#keeper.take(zone, (loss) => this.#loses(zone, loss));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      this.#options.log.warn({ zone, reason: error.message }, 'the zone is not to be had yet');
      return null;
    }
  }

  #loses(zone: number, loss: Loss): void {
    this.#lost.set(zone, loss);
    if (loss.why === 'replaced' || loss.why === 'clock') {
      this.#options.lost(sentenceOf(zone, this.#options.lease.server, loss));
    }
    this.#work();
  }

  async #end(zone: number): Promise<void> {
    const running = this.#zones.get(zone);
    if (running === undefined) return;
    this.#zones.delete(zone);
    await running
      .stop()
      .catch((error: unknown) => this.#options.log.error({ err: error, zone }, 'the zone did not close'));
    // Until here it may tell others what is to be kept.
    this.#keeper.drop(zone);
  }
}
