import type { PresenceState, Standing, StoredCharacter } from '@lifeverse/contracts';
import type { World } from '@lifeverse/definition';
import type { ErrorCode } from '@lifeverse/protocol';
import { type Arrival, Arrivals } from './arrivals.ts';
import { Checkpoints } from './checkpoints.ts';
import { DeskLine } from './desk-line.ts';
import type { EntityStore } from './entity-store.ts';
import { KeptCodec } from './kept-codec.ts';
import { PresenceBook } from './presence-book.ts';
import type { Avatar } from './sessions.ts';

export interface DeskCounters {
  desk_requests: number;
  desk_repeats: number;
  desk_malformed: number;
  characters_loaded: number;
  characters_waiting: number;
  characters_frozen: number;
  checkpoints: number;
  checkpoints_refused: number;
  checkpoints_unknown: number;
}

export const freshDeskCounters = (): DeskCounters => ({
  desk_requests: 0,
  desk_repeats: 0,
  desk_malformed: 0,
  characters_loaded: 0,
  characters_waiting: 0,
  characters_frozen: 0,
  checkpoints: 0,
  checkpoints_refused: 0,
  checkpoints_unknown: 0,
});

export interface KeepingParts {
  readonly world: World;
  readonly store: EntityStore;
  readonly zone: number;
  readonly epoch: number;
  readonly counters: DeskCounters;
  /** To the backend; takes the bytes for good. */
  send(bytes: Uint8Array): void;
  /** Another owner has taken the zone. */
  replaced(): void;
}

/** What the sessions of the zone are told. */
export interface KeepingHost {
  arrived(arrival: Arrival, stored: StoredCharacter, nowMs: number): void;
  refused(arrival: Arrival, code: ErrorCode): void;
  /** It could not be saved: the avatar leaves the world at once. */
  freeze(character: string): void;
}

/** What a zone lets the backend keep, and has from it: characters, where they stand, and who is here. */
export class Keeping {
  readonly line: DeskLine;
  readonly #parts: KeepingParts;
  readonly #arrivals: Arrivals;
  readonly #checkpoints: Checkpoints;
  readonly #presence: PresenceBook;
  readonly #codec: KeptCodec;
  /** What came with a character and this version of the world does not know. */
  readonly #unknown = new WeakMap<Avatar, Uint8Array>();
  #tick = 0;

  constructor(parts: KeepingParts, host: KeepingHost) {
    const { world, store, counters } = parts;
    this.#parts = parts;
    this.line = new DeskLine({ ...parts });
    this.#codec = new KeptCodec(world, store, 'kept');
    this.#presence = new PresenceBook(this.line);
    this.#arrivals = new Arrivals({
      line: this.line,
      counters,
      arrived: (arrival, stored, nowMs) => host.arrived(arrival, stored, nowMs),
      refused: (arrival, code) => host.refused(arrival, code),
      replaced: () => parts.replaced(),
    });
    this.#checkpoints = new Checkpoints({
      line: this.line,
      tickHz: world.layout.tickHz,
      counters,
      standing: (avatar) => this.#standing(avatar),
      failed: (character) => {
        counters.characters_frozen++;
        host.freeze(character);
      },
      replaced: () => parts.replaced(),
    });
  }

  gauges(): Record<string, number> {
    return { arrivals_waiting: this.#arrivals.size, checkpoints_waiting: this.#checkpoints.waiting };
  }

  /** Somebody comes who is not in the world. The zone itself is asked first: who left just now is nowhere else yet. */
  come(arrival: Arrival, lately: (left: StoredCharacter) => void, nowMs: number): void {
    const record = this.#checkpoints.lately(arrival.character);
    if (record === undefined || record.handovers < arrival.handovers) this.#arrivals.come(arrival, nowMs);
    else lately({ incarnation: record.incarnation, handovers: record.handovers, zone: null, checkpoint: record });
  }

  /** Whoever waits at the door does not want to come in any more. */
  go(character: string, incarnation: number): void {
    this.#arrivals.go(character, incarnation);
  }

  /** A gateway is gone, or has begun another life: whoever came through it is not at the door any more. */
  forget(gateway: string): void {
    this.#arrivals.forget(gateway);
  }

  /** Gives a new avatar what was kept of it. */
  restore(avatar: Avatar, { kept }: Standing): void {
    const { store } = this.#parts;
    const { raws, unknown } = this.#codec.decode(kept);
    for (const { slot, raw } of raws) store.setRaw(avatar.row, slot, raw);
    if (unknown.length > 0) this.#unknown.set(avatar, unknown);
  }

  #standing(avatar: Avatar): Standing {
    const { store } = this.#parts;
    const { row } = avatar;
    const kept = this.#codec.encode(store, row, this.#unknown.get(avatar));
    return { xMm: store.x[row] as number, yMm: store.y[row] as number, kept };
  }

  stands(avatar: Avatar): void {
    this.#checkpoints.follow(avatar, this.#tick);
  }

  /** Leaves the world; before its row is given away. */
  leaves(avatar: Avatar): void {
    // Later than what was kept of them at the end of the last tick.
    this.#checkpoints.leave(avatar, this.#tick + 1);
    this.presence(avatar, 'offline', '');
  }

  /** Goes on in another zone, which keeps it from now on; what is to go with it, unread. */
  departs(avatar: Avatar): Uint8Array {
    this.#checkpoints.forget(avatar);
    return this.unknownOf(avatar);
  }

  /** What came with a character and is to go on with it, unread. */
  unknownOf(avatar: Avatar): Uint8Array {
    return this.#unknown.get(avatar) ?? new Uint8Array(0);
  }

  /** Has come from another zone. */
  arrives(avatar: Avatar, unknown: Uint8Array): void {
    if (unknown.length > 0) this.#unknown.set(avatar, unknown);
    this.stands(avatar);
    const { presence } = avatar;
    if (presence.state === 'present') this.presence(avatar, 'online', presence.gateway);
    else this.presence(avatar, 'away', '');
  }

  /** Leaves the world and is not kept as it is. */
  frozen(avatar: Avatar): void {
    this.#checkpoints.forget(avatar);
    this.presence(avatar, 'offline', '');
  }

  presence({ character, incarnation, handovers }: Avatar, state: PresenceState, gateway: string): void {
    this.#presence.change({ character, incarnation, handovers, state, gateway });
  }

  /** Something is not kept yet, or not told. */
  get busy(): boolean {
    return this.#checkpoints.waiting > 0 || this.#presence.waiting > 0 || this.line.open > 0;
  }

  answer(bytes: Uint8Array, nowMs: number): void {
    this.line.answer(bytes, nowMs);
  }

  /** At the end of a tick. */
  tick(tick: number, nowMs: number): void {
    this.#tick = tick;
    this.#checkpoints.tick(tick, nowMs);
    this.#presence.tick(nowMs);
    this.line.remind(nowMs);
  }
}
