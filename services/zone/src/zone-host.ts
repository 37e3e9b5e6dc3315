import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, ContentDeclarations } from '@lifeverse/base';
import {
  type Bus,
  decodeTruthWanted,
  followContent,
  followToggles,
  LiveContent,
  LiveToggles,
  subjects,
  type ZoneArrangement,
} from '@lifeverse/contracts';
import type { Log } from '@lifeverse/node-kit';
import { nextRate, type ServedWorld, type ZoneCopies, ZoneCore } from '@lifeverse/world';
import type { OwnedZone, ZoneStanding } from './lease-keeper.ts';
import { TickSchedule } from './tick-schedule.ts';

export interface ZoneHostOptions {
  readonly zone: number;
  /** Which zone has which cells. Left out: this one has all. */
  readonly arrangement?: ZoneArrangement;
  /** Left out: nobody stands there yet who comes with the world. */
  readonly populates?: boolean;
  /** What this server had of the zone as its standby. Null or left out: nothing. */
  readonly copies?: ZoneCopies | null;
  readonly epoch: number;
  readonly seed: number;
  readonly served: ServedWorld;
  /** What the operator gave the world's rules. */
  readonly worldOptions: Readonly<Record<string, string | number>>;
  /** There is a backend that keeps characters; without, the world forgets everybody when it ends. */
  readonly keeps?: boolean;
  /** Whether the zone is still this server's; when left out, nobody else can have it. */
  readonly owner?: OwnedZone;
  readonly bus: Bus & { readonly dropped: number };
  readonly clock: Clock;
  readonly log: Log;
}

/** How long a zone that stops waits for the backend to keep everything. */
const CLOSE_MS = 5_000;
const CLOSE_STEP_MS = 10;
const DILATION_LOOK_MS = 1_000;
const FAULT_LOG_MS = 1_000;
/** Samples kept when nobody asks for them. */
const KEPT_SAMPLES = 10_000;

/** Runs one zone in real time: ticks at their moments, gateways and measuring tools over the bus. */
export class ZoneHost {
  readonly #options: ZoneHostOptions;
  readonly #core: ZoneCore;
  readonly #toggles: LiveToggles;
  readonly #content: LiveContent<ContentDeclarations>;
  readonly #schedule: TickSchedule;
  readonly #periodMs: number;
  readonly #ends: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #latenessMs: number[] = [];
  #skipped = 0;
  #withheld = 0;
  #stopped = false;
  #faultLoggedMs = Number.NEGATIVE_INFINITY;
  #look = { atMs: 0, busyMs: 0 };
  #load = 0;

  constructor(options: ZoneHostOptions) {
    const { zone, clock, served } = options;
    this.#options = options;
    this.#periodMs = 1_000 / served.world.layout.tickHz;
    this.#toggles = new LiveToggles(clock);
    this.#content = new LiveContent(served.world.definition.content ?? {});
    // The wall clock once: set back later, it ends nothing that has begun.
    const offsetMs = Date.now() - clock.nowMs();
    this.#core = new ZoneCore({
      ...options,
      options: options.worldOptions,
      outside: { content: (document) => this.#content.get(document), unixMs: () => offsetMs + clock.nowMs() },
      updateHz: () => this.#toggles.get('updateHz'),
      ports: {
        toGateway: (gateway, bytes) => this.#flush(subjects.bundle(gateway), bytes),
        toZone: (other, bytes) => this.#flush(subjects.neighbour(other), bytes),
        toStandby: (bytes) => this.#flush(subjects.copies(zone), bytes),
        truth: (bytes) => this.#flush(subjects.truth(zone), bytes),
        fault: (where, error) => this.#fault(where, error),
        ...(options.keeps ? this.#deskPorts() : {}),
      },
    });
    this.#schedule = new TickSchedule(this.#periodMs, clock.nowMs());
    this.#look.atMs = clock.nowMs();
  }

  start(): void {
    const { bus, zone, clock, log } = this.#options;
    const refused = (toggle: object): void => log.error(toggle, 'a toggle has a version that this zone does not take');
    this.#ends.push(
      followToggles({ bus, clock, live: this.#toggles, refused }),
      followContent({
        bus,
        clock,
        live: this.#content,
        refused: (content) => log.error(content, 'a document has a version that this zone does not take'),
      }),
      bus.subscribe(subjects.uplink(zone), (bytes) => this.#core.uplink(bytes, clock.nowMs())),
      bus.subscribe(subjects.neighbour(zone), (bytes) => this.#core.neighbour(bytes, clock.nowMs())),
      bus.subscribe(subjects.copied(zone), (bytes) => this.#core.copied(bytes, clock.nowMs())),
      bus.subscribe(subjects.deskAnswer(zone), (bytes) => this.#core.desk(bytes, clock.nowMs())),
      bus.subscribe(subjects.truthWanted(zone), (bytes) => {
        const ids = decodeTruthWanted(bytes);
        if (ids !== undefined) this.#core.wantTruth(ids, clock.nowMs());
      }),
    );
    this.#sleep();
  }

  rearrange(arrangement: ZoneArrangement): void {
    this.#core.rearrange(arrangement);
  }

  standing(): ZoneStanding {
    return { settled: this.#core.settled ?? 0, busyPermille: Math.round(this.#load * 1_000), ...this.#core.crowd() };
  }

  /** Everybody is kept as they stand, as far as the backend is there to do it. */
  async stop(): Promise<void> {
    if (!this.#stopped) await this.#close();
    for (const end of this.#ends) end();
  }

  async #close(): Promise<void> {
    const { clock, log } = this.#options;
    this.#halt();
    const untilMs = clock.nowMs() + CLOSE_MS;
    while (!this.#core.close(clock.nowMs())) {
      if (clock.nowMs() > untilMs) {
        log.warn(this.#core.gauges(), 'the backend did not keep everything before the zone stopped');
        return;
      }
      await sleep(CLOSE_STEP_MS);
    }
  }

  #halt(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #deskPorts(): { toDesk(bytes: Uint8Array): void; replaced(): void } {
    const { bus, log, zone, epoch, owner } = this.#options;
    return {
      toDesk: (bytes) => bus.publish(subjects.desk, bytes),
      replaced: () => {
        log.error({ zone, epoch }, 'another server has taken this zone: this one stops it');
        this.#halt();
        owner?.replaced();
      },
    };
  }

  /** What an owner wants to say that is none any more by now is not said. */
  #flush(subject: string, bytes: Uint8Array): void {
    if (this.#options.owner?.mayFlush() !== false) this.#options.bus.publish(subject, bytes);
  }

  takeFigures(): {
    counters: Record<string, number>;
    gauges: Record<string, number>;
    samples: Record<string, number[]>;
  } {
    const { samples } = this.#core;
    const taken = { ...samples, tick_lateness_ms: this.#latenessMs };
    samples.step_ms = [];
    samples.encode_ms = [];
    this.#latenessMs = [];
    const counters = {
      ...this.#core.counters,
      ticks_skipped: this.#skipped,
      ticks_withheld: this.#withheld,
      bus_dropped: this.#options.bus.dropped,
    };
    return { counters, gauges: this.#core.gauges(), samples: taken };
  }

  /**
   * A timer wakes a millisecond late at most, which costs nothing; spinning would hit the moment and burn a core.
   * It may also wake early, having counted from when its turn of the event loop began.
   */
  #sleep(): void {
    const delayMs = Math.max(0, this.#schedule.untilNextMs(this.#options.clock.nowMs()));
    this.#timer = setTimeout(() => this.#wake(), Math.ceil(delayMs));
  }

  #wake(): void {
    const { clock } = this.#options;
    const due = this.#schedule.take(clock.nowMs());
    this.#skipped += due.skipped;
    for (let i = 0; i < due.count && !this.#stopped; i++) {
      if (this.#options.owner?.mayTick() === false) this.#withheld++;
      else this.#tick(due.first + i);
    }
    if (due.count > 0) this.#dilate();
    if (!this.#stopped) this.#sleep();
  }

  #tick(tick: number): void {
    const { clock } = this.#options;
    const startMs = clock.nowMs();
    if (this.#latenessMs.length < KEPT_SAMPLES) this.#latenessMs.push(startMs - tick * this.#periodMs);
    this.#core.tick(tick, startMs);
    this.#look.busyMs += clock.nowMs() - startMs;
  }

  /** Slows the world down rather than let it stutter, once a second. */
  #dilate(): void {
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#look.atMs < DILATION_LOOK_MS) return;
    const before = this.#core.rate;
    const load = this.#look.busyMs / (nowMs - this.#look.atMs);
    this.#load = load;
    this.#core.rate = nextRate(before, load);
    if (this.#core.rate !== before) {
      this.#options.log.warn({ rate: this.#core.rate, load }, 'the rate of time changed');
    }
    this.#look = { atMs: nowMs, busyMs: 0 };
  }

  /** Rules may fail for every entity in every tick: one line a second says it, the counter says how often. */
  #fault(where: string, error: unknown): void {
    const { clock, log } = this.#options;
    if (clock.nowMs() - this.#faultLoggedMs < FAULT_LOG_MS) return;
    this.#faultLoggedMs = clock.nowMs();
    log.error({ err: error, where }, 'the rules of the world threw');
  }
}
