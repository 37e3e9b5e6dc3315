import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@lifeverse/base';
import {
  type Bus,
  decodeGatewayNotice,
  decodeOwnershipNotice,
  encodeZonePlan,
  firstArrangement,
  type GatewayNotice,
  type OwnedNotice,
  planLimits,
  subjects,
  type WorldCells,
  type ZonePlan,
  type ZoneTree,
  zonesIn,
} from '@lifeverse/contracts';
import { type Database, DatabaseUnreachable, type Log } from '@lifeverse/node-kit';
import type { PlanDecision } from './plan-decision.ts';
import { makePlan, readPlans, readServers } from './plan-store.ts';
import { Planner, type Standing } from './planner.ts';

export interface PlanKeeperOptions {
  readonly database: Database;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  /** How the world is parted where it never was before. */
  readonly first: ZoneTree;
  readonly cells: WorldCells;
}

const LOOK_MS = 500;
/** While a server is missed that has zones. */
const LOOK_AGAIN_MS = 100;
/** What a server says counts for so long. */
const HEARD_MS = 2_000;
/** What a gateway says, once a second. */
const GATEWAY_HEARD_MS = 5_000;

interface Heard<Notice> {
  readonly notice: Notice;
  readonly atMs: number;
}

/**
 * Tells everybody the plan of the zones twice a second, and makes the next one when it is time. Several backends may do so: the
 * database takes one plan of each generation.
 */
export class PlanKeeper {
  readonly #options: PlanKeeperOptions;
  readonly #planner = new Planner();
  readonly #heard = new Map<number, Heard<OwnedNotice>>();
  /** By name: one that leaves and its successor have the same address. */
  readonly #gateways = new Map<string, Heard<GatewayNotice>>();
  readonly #stopping = new AbortController();
  readonly #silence: readonly (() => void)[];
  #working: Promise<void> = Promise.resolve();
  #plan: ZonePlan | null = null;
  #troubled = false;
  /** Until the next look: a lease that ends is seen at once. */
  #waitMs = LOOK_MS;

  constructor(options: PlanKeeperOptions) {
    this.#options = options;
    this.#silence = [
      options.bus.subscribe(subjects.ownership, (bytes) => this.#hear(bytes)),
      options.bus.subscribe(subjects.gateways, (bytes) => this.#hearGateway(bytes)),
    ];
  }

  start(): void {
    this.#working = this.#work();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const end of this.#silence) end();
    await this.#working;
  }

  #hear(bytes: Uint8Array): void {
    const atMs = this.#options.clock.nowMs();
    for (const notice of decodeOwnershipNotice(bytes)?.zones ?? []) {
      const { zone, epoch } = notice;
      if (epoch >= (this.#heard.get(zone)?.notice.epoch ?? 0)) this.#heard.set(zone, { notice, atMs });
    }
  }

  #hearGateway(bytes: Uint8Array): void {
    const notice = decodeGatewayNotice(bytes);
    const atMs = this.#options.clock.nowMs();
    for (const [name, heard] of this.#gateways) if (atMs - heard.atMs > GATEWAY_HEARD_MS) this.#gateways.delete(name);
    if (notice === undefined) return;
    if (this.#gateways.has(notice.name) || this.#gateways.size < planLimits.homes)
      this.#gateways.set(notice.name, { notice, atMs });
  }

  /** Those that take players. */
  #gatewaysThere(nowMs: number): GatewayNotice[] {
    const recent = [...this.#gateways.values()].filter(({ atMs }) => nowMs - atMs <= GATEWAY_HEARD_MS);
    return recent.map(({ notice }) => notice).filter(({ leaves }) => !leaves);
  }

  async #work(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#look();
      this.#tell();
      await sleep(this.#waitMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { log } = this.#options;
    try {
      await this.#decide();
      this.#troubled = false;
    } catch (error) {
      // What was told last goes on being told; others say already that the database is away.
      const level = error instanceof DatabaseUnreachable || this.#troubled ? 'debug' : 'error';
      log[level]({ err: error }, 'the plan of the zones was not looked at');
      this.#troubled = true;
    }
  }

  async #decide(): Promise<void> {
    const { database, first, cells } = this.#options;
    const [latest] = await readPlans(database, 1);
    if (latest === undefined) {
      const arrangement = firstArrangement(first);
      const zonesMin = zonesIn(first).length;
      const nowhere = { servers: new Map(), standbys: new Map(), homes: new Map() };
      const plan: ZonePlan = { generation: 1, arrangement, ...nowhere, cells, zonesMin, pinned: [] };
      await this.#make({ plan, why: 'the world is parted for the first time' });
      return;
    }
    const { plan, made } = latest;
    this.#plan = plan;
    if (plan.cells.columns !== cells.columns || plan.cells.rows !== cells.rows) {
      await this.#make({
        plan: { ...plan, generation: plan.generation + 1, cells },
        why: 'the world has another size',
      });
      return;
    }
    const decision = this.#planner.next(plan, await this.#standing(made));
    if (decision !== null) await this.#make(decision);
  }

  async #make(decision: PlanDecision): Promise<void> {
    const { database, log } = this.#options;
    if (!(await makePlan(database, decision))) return;
    this.#plan = decision.plan;
    log.info({ generation: decision.plan.generation }, decision.why);
  }

  async #standing(made: Date): Promise<Standing> {
    const servers = await readServers(this.#options.database);
    const nowMs = this.#options.clock.nowMs();
    const running = servers.filter((each) => each.alive);
    const alive = new Set(running.map(({ server }) => server));
    const misses = [...(this.#plan?.servers.values() ?? [])].some((server) => !alive.has(server));
    this.#waitMs = Math.min(
      misses ? LOOK_AGAIN_MS : LOOK_MS,
      ...running.map(({ leaseLeftMs }) => Math.ceil(leaseLeftMs) + 1),
    );
    const draining = new Set(running.filter(({ drained }) => drained).map(({ server }) => server));
    const restarted = new Set(servers.filter(({ started }) => started > made).map(({ server }) => server));
    const heard = [...this.#heard].filter(([, { atMs }]) => nowMs - atMs <= HEARD_MS);
    const gateways = this.#gatewaysThere(nowMs);
    const regions = new Map(running.map(({ server, region }) => [server, region]));
    return {
      nowMs,
      alive,
      draining,
      restarted,
      regions,
      gateways,
      zones: new Map(heard.map(([zone, { notice }]) => [zone, notice])),
    };
  }

  #tell(): void {
    if (this.#plan !== null) this.#options.bus.publish(subjects.plan, encodeZonePlan(this.#plan));
  }
}
