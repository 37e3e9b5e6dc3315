import { firstArrangement, type ZoneTree } from '@lifeverse/contracts';
import type { ServedWorld } from '@lifeverse/world';
import { ZoneCore } from '@lifeverse/world';
import { TickSchedule } from '@lifeverse/zone/tick-schedule';
import type { Tally } from '../report/tally.ts';
import type { Due } from '../time/event-queue.ts';
import type { Timeline } from '../time/timeline.ts';

export interface ZoneParts {
  readonly served: ServedWorld;
  readonly zone: number;
  readonly zones: ZoneTree;
  readonly epoch: number;
  readonly seed: number;
  readonly timeline: Timeline;
  readonly tally: Tally;
  publish(gateway: string, bytes: Uint8Array): void;
  ask(bytes: Uint8Array): void;
  /** To the owner of another zone. */
  say(zone: number, bytes: Uint8Array): void;
  /** Before an uplink is read. */
  taking(zone: ZoneProcess, bytes: Uint8Array): void;
  /** After each tick. */
  ticked(zone: ZoneProcess, tick: number): void;
  /** The rules threw. */
  fault(where: string, error: unknown): void;
}

/** A timer fires late, never early. */
const LATE_MS = 0.001;

/** A process around a zone's core: ticks at their moments, and it may stop for a while. */
export class ZoneProcess implements Due {
  readonly core: ZoneCore;
  readonly zone: number;
  readonly epoch: number;
  readonly #parts: ZoneParts;
  readonly #schedule: TickSchedule;
  readonly #periodMs: number;
  #state: 'running' | 'paused' | 'dead' = 'running';
  #inbox: (() => void)[] = [];

  constructor(parts: ZoneParts) {
    const { served, zone, zones, epoch, seed, timeline } = parts;
    this.zone = zone;
    this.epoch = epoch;
    this.#parts = parts;
    this.#periodMs = 1_000 / served.world.layout.tickHz;
    this.core = new ZoneCore({
      served,
      zone,
      arrangement: firstArrangement(zones),
      epoch,
      seed,
      clock: timeline,
      options: {},
      // Who has been replaced goes on all the same: it must not matter.
      ports: {
        toGateway: parts.publish,
        toDesk: parts.ask,
        toZone: parts.say,
        truth() {},
        fault: parts.fault,
        replaced() {},
      },
    });
    this.#schedule = new TickSchedule(this.#periodMs, timeline.nowMs());
    this.#sleep();
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  /** From the bus. */
  uplink(bytes: Uint8Array): void {
    this.#take(() => {
      this.#parts.taking(this, bytes);
      this.core.uplink(bytes, this.#parts.timeline.nowMs());
    });
  }

  /** An answer of the desk. */
  answer(bytes: Uint8Array): void {
    this.#take(() => this.core.desk(bytes, this.#parts.timeline.nowMs()));
  }

  /** From the owner of another zone. */
  neighbour(bytes: Uint8Array): void {
    this.#take(() => this.core.neighbour(bytes, this.#parts.timeline.nowMs()));
  }

  #take(message: () => void): void {
    if (this.#state === 'running') message();
    else if (this.#state === 'paused') this.#inbox.push(message);
  }

  pause(): void {
    if (this.#state === 'running') this.#state = 'paused';
  }

  /** What came meanwhile is read first, then the ticks that are still to be made up for run. */
  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    const inbox = this.#inbox;
    this.#inbox = [];
    for (const message of inbox) message();
    this.#run();
  }

  kill(): void {
    if (this.#state !== 'dead') this.count();
    this.#state = 'dead';
    this.#inbox = [];
  }

  /** Adds what the core has counted to the tally. */
  count(): void {
    for (const [name, count] of Object.entries(this.core.counters)) this.#parts.tally.add(`zone: ${name}`, count);
  }

  due(): void {
    if (this.#state === 'dead') return;
    if (this.#state === 'running') this.#run();
    this.#sleep();
  }

  #run(): void {
    const nowMs = this.#parts.timeline.nowMs();
    const due = this.#schedule.take(nowMs);
    if (due.skipped > 0) this.#parts.tally.add('ticks skipped', due.skipped);
    for (let tick = due.first; tick < due.first + due.count; tick++) {
      this.core.tick(tick, nowMs);
      this.core.samples.step_ms.length = this.core.samples.encode_ms.length = 0;
      this.#parts.ticked(this, tick);
    }
  }

  /** Asleep for a period at most: a paused zone looks again then. */
  #sleep(): void {
    const { timeline } = this.#parts;
    const untilMs = this.#schedule.untilNextMs(timeline.nowMs());
    timeline.after((untilMs > 0 ? untilMs : this.#periodMs) + LATE_MS, this);
  }
}
