/** Why a zone is this server's no more, for good. */
export type Loss =
  /** The database has another owner for it, or none. */
  | { readonly why: 'taken' }
  /** Another server was started under this one's name. */
  | { readonly why: 'replaced' }
  | { readonly why: 'outranked'; readonly epoch: number }
  | { readonly why: 'clock'; readonly uncertaintyMs: number };

/** How a server stands to one of its zones. All times are of its own monotonic clock. */
export type OwnershipState =
  /** Asks the database, and does nothing before that has answered. */
  | { readonly state: 'waiting' }
  | { readonly state: 'owning'; readonly untilMs: number }
  /** The lease ran out while the database could not be asked, and nobody else can ask it either. */
  | { readonly state: 'coasting'; readonly sinceMs: number }
  | { readonly state: 'lost'; readonly loss: Loss };

export interface OwnershipOptions {
  readonly epoch: number;
  readonly leaseMs: number;
  /** By how much the lease ends earlier here, and later for who wants the zone. */
  readonly marginMs: number;
  /** The bus lies within this process: whoever reads this zone's streams can hear no other owner of it. */
  readonly ownBus: boolean;
}

/** What another server said counts for so long. */
export const HEARD_MS = 1_000;
/** Beyond this a server's ticks could not be told from others' any more. */
export const CLOCK_UNCERTAINTY_MS = 20;

interface Heard {
  readonly reaches: boolean;
  readonly atMs: number;
}

/**
 * Whether this server may act for a zone that it took by `epoch` (SPEC, Ownership). What the database answered and what
 * other servers said goes in; nothing comes out but answers to "may I, now?".
 */
export class Ownership {
  readonly epoch: number;
  readonly #holdsMs: number;
  readonly #ownBus: boolean;
  /** Null: never had a lease. */
  #leaseUntilMs: number | null = null;
  /** Until when the last question counts that the database did not answer. */
  #unreachableUntilMs = Number.NEGATIVE_INFINITY;
  /** Who had a lease besides, when this one was last granted. */
  #others: readonly string[] = [];
  readonly #heard = new Map<string, Heard>();
  #loss: Loss | null = null;

  constructor({ epoch, leaseMs, marginMs, ownBus }: OwnershipOptions) {
    this.epoch = epoch;
    this.#holdsMs = leaseMs - marginMs;
    this.#ownBus = ownBus;
  }

  /** The lease was granted or renewed: the question was sent at `askedMs`, and so many others had one too. */
  granted(askedMs: number, others: readonly string[]): void {
    this.#leaseUntilMs = Math.max(this.#leaseUntilMs ?? Number.NEGATIVE_INFINITY, askedMs + this.#holdsMs);
    this.#unreachableUntilMs = Number.NEGATIVE_INFINITY;
    this.#others = others;
  }

  /** The question sent at `askedMs` was not answered. It counts for as long as an answer would have. */
  unreachable(askedMs: number): void {
    this.#unreachableUntilMs = Math.max(this.#unreachableUntilMs, askedMs + this.#holdsMs);
  }

  /** Another server said whether it reaches the database. */
  heard(server: string, reaches: boolean, nowMs: number): void {
    for (const [name, { atMs }] of this.#heard) if (nowMs - atMs > HEARD_MS) this.#heard.delete(name);
    this.#heard.set(server, { reaches, atMs: nowMs });
  }

  /** Somebody spoke as the zone's owner by this epoch. */
  heardEpoch(epoch: number): void {
    if (epoch > this.epoch) this.lose({ why: 'outranked', epoch });
  }

  /** How far this server's time may be from the world's. */
  uncertainty(uncertaintyMs: number): void {
    if (uncertaintyMs > CLOCK_UNCERTAINTY_MS) this.lose({ why: 'clock', uncertaintyMs });
  }

  /** For good; the first reason stays. */
  lose(loss: Loss): void {
    this.#loss ??= loss;
  }

  stateAt(nowMs: number): OwnershipState {
    if (this.#loss !== null) return { state: 'lost', loss: this.#loss };
    const untilMs = this.#leaseUntilMs;
    if (untilMs === null) return { state: 'waiting' };
    if (nowMs < untilMs) return { state: 'owning', untilMs };
    if (nowMs < this.#unreachableUntilMs && this.#mayCoast(nowMs)) return { state: 'coasting', sinceMs: untilMs };
    return { state: 'waiting' };
  }

  /** To be asked right before each tick. */
  mayTick(nowMs: number): boolean {
    return this.mayFlush(nowMs);
  }

  /** To be asked right before anything is told to anybody. */
  mayFlush(nowMs: number): boolean {
    if (this.#loss !== null || this.#leaseUntilMs === null) return false;
    return nowMs < this.#leaseUntilMs || (nowMs < this.#unreachableUntilMs && this.#mayCoast(nowMs));
  }

  /** To be asked right before another zone is taken, or this one given away. */
  mayTakeOrGive(nowMs: number): boolean {
    return this.#loss === null && this.#leaseUntilMs !== null && nowMs < this.#leaseUntilMs;
  }

  /** Whether nobody can have taken the zone: then the bus says so. */
  #mayCoast(nowMs: number): boolean {
    if (this.#ownBus) return true;
    for (const { reaches, atMs } of this.#heard.values()) if (reaches && nowMs - atMs <= HEARD_MS) return false;
    return this.#others.every((server) => {
      const heard = this.#heard.get(server);
      return heard !== undefined && nowMs - heard.atMs <= HEARD_MS;
    });
  }
}
