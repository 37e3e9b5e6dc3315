import { setTimeout as sleep } from 'node:timers/promises';
import { type Bus, decodeZonePlan, subjects, type ZonePlan, zonesIn } from '@lifeverse/contracts';
import { ConfigurationError, Lifecycle } from '@lifeverse/node-kit';
import type { Loss } from '@lifeverse/world';
import { LeaseKeeper, type LeaseSetup } from './lease-keeper.ts';
import { sentenceOf } from './loss-sentence.ts';
import { type RunningZone, startZone } from './zone.ts';
import type { ZoneHostOptions } from './zone-host.ts';

type OfOneZone = 'zone' | 'arrangement' | 'populates' | 'epoch' | 'owner';

export interface ZoneServerOptions extends Omit<ZoneHostOptions, OfOneZone> {
  readonly lease: LeaseSetup;
  /** This server may own nothing any more: its process is to say this sentence, and to end with exit code 1. */
  lost(sentence: string): void;
}

const DRAIN_LOOK_MS = 250;

/** Has a lease, and owns what the plan gives it. Rejects when the database grants none. */
export async function startZoneServer(options: ZoneServerOptions): Promise<RunningZoneServer> {
  const { lease, bus, clock, log } = options;
  const life = new Lifecycle();
  let server: ZoneServer;
  try {
    const keeper = await life.start(
      'lease',
      () => LeaseKeeper.start({ ...lease, bus, clock, log }),
      (it) => it.stop(),
    );
    server = await life.start(
      'zones',
      () => new ZoneServer(options, keeper),
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

/** The zones of one server: those that the plan gives it are taken and run, all others are given back. */
class ZoneServer {
  readonly #options: ZoneServerOptions;
  readonly #keeper: LeaseKeeper;
  readonly #zones = new Map<number, RunningZone>();
  /** Lost while they ran. */
  readonly #lost = new Map<number, Loss>();
  #plan: ZonePlan | null = null;
  #working: Promise<void> | null = null;
  #stopped = false;

  constructor(options: ZoneServerOptions, keeper: LeaseKeeper) {
    this.#options = options;
    this.#keeper = keeper;
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
    while (this.#zones.size > 0 && !signal.aborted) {
      const others = await this.#keeper.leave().catch((error: unknown) => {
        log.warn({ err: error }, 'nobody could be told that the zones of this server are to go elsewhere');
        return 0;
      });
      if (others === 0) return;
      await sleep(DRAIN_LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#working;
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
    for (const zone of wanted) if (!this.#zones.has(zone) && !this.#stopped) await this.#begin(zone);
  }

  #wanted(): Set<number> {
    const servers = [...(this.#plan?.servers ?? [])];
    return new Set(servers.filter(([, server]) => server === this.#options.lease.server).map(([zone]) => zone));
  }

  async #begin(zone: number): Promise<void> {
    const { log } = this.#options;
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
    const running = await startZone({
      ...this.#options,
      zone,
      arrangement,
      // Whoever comes with the world was handed over from where these cells were before.
      populates: former === null || zonesIn(former).includes(zone),
      epoch: taken.epoch,
      owner: taken,
    });
    this.#zones.set(zone, running);
    this.#keeper.tells(zone, () => running.standing());
    if (this.#plan !== plan) running.rearrange((this.#plan as ZonePlan).arrangement);
    log.info({ zone, epoch: taken.epoch }, 'the zone runs here');
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
