import type { Random } from '@lifeverse/base';
import { estimateWait, type WaitEstimate } from './estimate.ts';
import { EventRate } from './event-rate.ts';
import { Line } from './line.ts';

/**
 * Who goes before whom: `seated` has an avatar in the world still and takes no more room, `returning` was in the world
 * lately, `new` are all others.
 */
export const lanes = ['seated', 'returning', 'new'] as const;
export type Lane = (typeof lanes)[number];

export interface Visitor {
  /** One place each. */
  readonly subject: string;
  readonly lane: Lane;
  /** Whom it counts for; null: counts for nobody. */
  readonly address: string | null;
  /** From a signed place, when they have one. */
  readonly since: { readonly arrivedMs: number; readonly tie: number } | null;
}

/** What there is to give, at the moment of asking. */
export interface Supply {
  /** False: nobody can be let in, whatever the room. */
  readonly open: boolean;
  readonly capacity: number;
  /** Seats that are taken, but for those who were called here. */
  readonly taken: number;
  readonly joinsPerS: number;
}

export interface RoomLimits {
  readonly places: number;
  readonly placesPerAddress: number;
}

export const defaultRoomLimits: RoomLimits = { places: 100_000, placesPerAddress: 100 };

export type RoomAnswer =
  | { readonly kind: 'come' }
  | {
      readonly kind: 'wait';
      readonly lane: Lane;
      readonly arrivedMs: number;
      readonly tie: number;
      /** From 1. */
      readonly position: number;
      readonly waiting: number;
      /** Null while nobody is let in at all. */
      readonly estimate: WaitEstimate | null;
      readonly retryMs: number;
      /** No seat is free for this one; else they only come one after the other. */
      readonly full: boolean;
    }
  | { readonly kind: 'refused'; readonly code: 'too_many_connections' | 'world_full' };

interface Entry {
  readonly subject: string;
  lane: Lane;
  readonly address: string | null;
  readonly arrivedMs: number;
  readonly tie: number;
  seenMs: number;
  retryMs: number;
  /** `called`: may come in. `asleep`: was called and did not come; their place is kept while they may still ask. */
  state: 'waits' | 'called' | 'asleep';
}

/** Not asked about for so long, a place is over. */
export const PLACE_MS = 60_000;
/** How much later than told one who was called may come. */
const LATE_MS = 10_000;
const SWEEP_MS = 1_000;
/** Those who come back and those who give up come in surges: the last minutes tell. */
const SURGE_MS = 90_000;
/** Of so many who are let in, one is new, as long as any of these wait. */
const NEW_EVERY = 10;
/** All who wait ask so often together. */
const QUESTIONS_PER_S = 400;
const SOONEST_MS = 1_000;
const LATEST_MS = 25_000;
const USUAL_MS = 4_000;

/**
 * Lets in as many as there is room for and as fast as can be borne: who came back first, then first come, first served.
 * Who is called has a seat until they ask the next time. Time and chance come from outside; memory is bounded.
 */
export class WaitingRoom {
  readonly #limits: RoomLimits;
  readonly #random: Random;
  /** In the order in which they were heard of. */
  readonly #entries = new Map<string, Entry>();
  readonly #lines: Readonly<Record<Lane, Line<Entry>>> = { seated: new Line(), returning: new Line(), new: new Line() };
  readonly #called = new Set<Entry>();
  readonly #perAddress = new Map<string, number>();
  readonly #freed: EventRate;
  readonly #overtaking: EventRate;
  readonly #givingUp: EventRate;
  #tokens = 1;
  #refilledMs: number;
  #sweptMs: number;
  #sinceNew = 0;
  /** Seats for those who were called. */
  #held = 0;

  constructor(limits: RoomLimits, random: Random, nowMs: number) {
    this.#limits = limits;
    this.#random = random;
    this.#freed = new EventRate(nowMs);
    this.#overtaking = new EventRate(nowMs, SURGE_MS);
    this.#givingUp = new EventRate(nowMs, SURGE_MS);
    this.#refilledMs = this.#sweptMs = nowMs;
  }

  /** Who has a place, called or not. */
  get size(): number {
    return this.#entries.size;
  }

  /** Who waits to be called. */
  get waiting(): number {
    const { seated, returning, new: newcomers } = this.#lines;
    return seated.length + returning.length + newcomers.length;
  }

  has(subject: string): boolean {
    return this.#entries.has(subject);
  }

  /** Who asks for the first time gets a place, who asks again keeps it. `come`: to be told `admitted` or `gone`. */
  ask(visitor: Visitor, supply: Supply, nowMs: number): RoomAnswer {
    const entry = this.#entryOf(visitor, nowMs);
    if (typeof entry === 'string') return { kind: 'refused', code: entry };
    this.#call(supply, nowMs);
    if (entry.state === 'called' && supply.open) return { kind: 'come' };
    return this.#told(entry, supply, nowMs);
  }

  /** Came in: the place is used up, the seat is theirs. */
  admitted(subject: string): void {
    this.#drop(this.#entries.get(subject));
  }

  /** Does not wait any more, or may not. */
  gone(subject: string): void {
    this.#drop(this.#entries.get(subject));
  }

  /** More room in the world than before. */
  freed(nowMs: number, seats: number): void {
    this.#freed.add(nowMs, seats);
  }

  #entryOf(visitor: Visitor, nowMs: number): Entry | 'too_many_connections' | 'world_full' {
    this.#sweep(nowMs);
    const known = this.#entries.get(visitor.subject);
    if (known !== undefined) {
      this.#entries.delete(known.subject);
      this.#entries.set(known.subject, known);
      known.seenMs = nowMs;
      this.#advance(known, visitor.lane);
      if (known.state === 'asleep') this.#stand(known);
      return known;
    }
    const { address, since, subject, lane } = visitor;
    if (this.#entries.size >= this.#limits.places) return 'world_full';
    const ofAddress = address === null ? 0 : (this.#perAddress.get(address) ?? 0);
    if (ofAddress >= this.#limits.placesPerAddress) return 'too_many_connections';
    if (address !== null) this.#perAddress.set(address, ofAddress + 1);
    const arrivedMs = Math.min(since?.arrivedMs ?? nowMs, nowMs);
    const tie = since?.tie ?? this.#random.uint32();
    const entry: Entry = { subject, lane, address, arrivedMs, tie, seenMs: nowMs, retryMs: USUAL_MS, state: 'waits' };
    if (lane !== 'new' && this.#lines.new.length > 0) this.#overtaking.add(nowMs);
    this.#entries.set(subject, entry);
    this.#stand(entry);
    return entry;
  }

  /** Never back: what one was known for, one stays known for. */
  #advance(entry: Entry, lane: Lane): void {
    if (lanes.indexOf(lane) >= lanes.indexOf(entry.lane)) return;
    if (entry.state === 'waits') this.#lines[entry.lane].remove(entry);
    if (entry.state === 'called') this.#held += heldBy(lane) - heldBy(entry.lane);
    entry.lane = lane;
    if (entry.state === 'waits') this.#lines[lane].add(entry);
  }

  #stand(entry: Entry): void {
    entry.state = 'waits';
    this.#lines[entry.lane].add(entry);
  }

  #call(supply: Supply, nowMs: number): void {
    const { joinsPerS } = supply;
    // A quarter of a second's worth at once: smooth for who serves, and nobody asks at the exact moment.
    const most = Math.max(1, joinsPerS / 4);
    this.#tokens = Math.min(most, this.#tokens + (Math.max(0, nowMs - this.#refilledMs) * joinsPerS) / 1_000);
    this.#refilledMs = nowMs;
    while (supply.open && this.#tokens >= 1) {
      const next = this.#next(this.#free(supply) > 0);
      if (next === undefined) return;
      this.#lines[next.lane].remove(next);
      next.state = 'called';
      this.#called.add(next);
      this.#held += heldBy(next.lane);
      this.#tokens--;
      this.#sinceNew = next.lane === 'new' ? 0 : this.#sinceNew + 1;
    }
  }

  #next(seatFree: boolean): Entry | undefined {
    const { seated, returning, new: newcomers } = this.#lines;
    if (seated.first !== undefined) return seated.first;
    if (!seatFree) return undefined;
    if (returning.first === undefined || this.#sinceNew >= NEW_EVERY - 1) return newcomers.first ?? returning.first;
    return returning.first;
  }

  #free({ capacity, taken }: Supply): number {
    return capacity - taken - this.#held;
  }

  #told(entry: Entry, supply: Supply, nowMs: number): RoomAnswer {
    const { seated, returning } = this.#lines;
    const ahead = this.#lines[entry.lane].ahead(entry);
    const before =
      entry.lane === 'seated' ? 0 : entry.lane === 'returning' ? seated.length : seated.length + returning.length;
    const position = before + ahead + 1;
    const free = this.#free(supply);
    const seatsShort = entry.lane === 'seated' ? 0 : position - seated.length - free;
    const estimateFor = (askingMs: number): WaitEstimate =>
      estimateWait({
        position,
        positionAtLeast: entry.lane === 'new' ? Math.min(position, (ahead + 1) * NEW_EVERY) : position,
        seatsShort,
        joinsPerS: supply.joinsPerS,
        freed: this.#freed.lately(nowMs),
        overtaking: entry.lane === 'new' ? this.#overtaking.lately(nowMs) : { perS: 0, count: 0 },
        givingUpPerS: (this.#givingUp.lately(nowMs).perS * position) / this.#entries.size,
        askingMs,
      });
    const { waiting } = this;
    const soonest = supply.open ? estimateFor(0) : null;
    entry.retryMs = this.#retryMs(soonest === null || soonest.most === null ? null : soonest.least, waiting);
    return {
      kind: 'wait',
      lane: entry.lane,
      arrivedMs: entry.arrivedMs,
      tie: entry.tie,
      position,
      waiting,
      estimate: supply.open ? estimateFor(entry.retryMs * 1.5) : null,
      retryMs: entry.retryMs,
      full: seatsShort > 0,
    };
  }

  /** When it is worth asking again; the more wait, the less often each of them asks. Never the same for all. */
  #retryMs(soonestMs: number | null, waiting: number): number {
    const longest = Math.min(LATEST_MS, Math.max(USUAL_MS, (waiting / QUESTIONS_PER_S) * 1_000));
    const wanted = Math.min(longest, Math.max(SOONEST_MS, (soonestMs ?? longest) * 1.25));
    return Math.round(wanted * this.#random.between(0.9, 1.1));
  }

  #sweep(nowMs: number): void {
    if (nowMs - this.#sweptMs < SWEEP_MS) return;
    this.#sweptMs = nowMs;
    for (const entry of this.#called) {
      if (nowMs - entry.seenMs <= entry.retryMs * 1.25 + LATE_MS) continue;
      this.#uncall(entry);
      entry.state = 'asleep';
    }
    for (const entry of this.#entries.values()) {
      if (nowMs - entry.seenMs <= PLACE_MS) break;
      if (entry.state === 'waits') this.#givingUp.add(nowMs);
      this.#drop(entry);
    }
  }

  #uncall(entry: Entry): void {
    if (this.#called.delete(entry)) this.#held -= heldBy(entry.lane);
  }

  #drop(entry: Entry | undefined): void {
    if (entry === undefined) return;
    this.#entries.delete(entry.subject);
    this.#uncall(entry);
    if (entry.state === 'waits') this.#lines[entry.lane].remove(entry);
    if (entry.address === null) return;
    const left = (this.#perAddress.get(entry.address) ?? 1) - 1;
    if (left === 0) this.#perAddress.delete(entry.address);
    else this.#perAddress.set(entry.address, left);
  }
}

/** Who has an avatar in the world takes no seat that is free. */
function heldBy(lane: Lane): number {
  return lane === 'seated' ? 0 : 1;
}
