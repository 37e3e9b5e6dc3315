import { decodeCopied, encodeCopies, type GoneEntity } from '@lifeverse/contracts';
import type { HandoverContext } from './handover-context.ts';
import { pack, packed } from './packing.ts';
import type { Avatar } from './sessions.ts';

export interface CopiesCounters {
  entities_copied: number;
  copy_bytes: number;
}

export const freshCopiesCounters = (): CopiesCounters => ({ entities_copied: 0, copy_bytes: 0 });

export interface CopiesParts {
  readonly epoch: number;
  readonly counters: CopiesCounters & { neighbour_messages_malformed: number };
  /** Takes the bytes for good. */
  send(bytes: Uint8Array): void;
}

/** How often an avatar is copied, and another entity, ticks: what is lost of either at most. */
const AVATAR_TICKS = 5;
const OTHER_TICKS = 10;
/** Rows of a tick when everything is told anew. */
const ROWS = 256;
/** A standby that says nothing is none. */
const SILENT_MS = 1_000;
/** Everything is told anew no more often. */
const ANEW_MS = 500;
/** Who went to another zone is forgotten by the standby only so much later: by then the zone to which they went has them for good. */
const GONE_TICKS = 20;

/** What the standby has of an avatar: of the life that the player has. */
interface Secured {
  readonly incarnation: number;
  readonly applied: number;
  readonly held: number;
}

interface Told {
  readonly sequence: number;
  readonly avatars: readonly (readonly [Avatar, Secured])[];
}

interface Gone extends GoneEntity {
  readonly atTick: number;
}

/**
 * What the owner of a zone lets its standby have (WO70, WO71): every entity as it would be handed over, a few times a second,
 * and before anybody else hears of what they did. What the standby has said that it has is stable.
 */
export class Copies {
  readonly #context: HandoverContext;
  readonly #parts: CopiesParts;
  #standby: { readonly life: number; readonly heardMs: number } | null = null;
  #sequence = 0;
  /** The next row of those that are told anew; null: everything was told. */
  #row: number | null = null;
  #begins = false;
  #begunMs = Number.NEGATIVE_INFINITY;
  #told: Told[] = [];
  readonly #secured = new WeakMap<Avatar, Secured>();
  readonly #acted = new Set<Avatar>();
  /** Who went to other zones, and whom the standby is to keep for a while. */
  readonly #departed: Gone[] = [];
  /** Who is nowhere any more. */
  #gone: GoneEntity[] = [];
  #tick = 0;

  constructor(context: HandoverContext, parts: CopiesParts) {
    this.#context = context;
    this.#parts = parts;
  }

  get hasStandby(): boolean {
    return this.#standby !== null;
  }

  /** The last input that nobody needs to say again. */
  stable(avatar: Avatar): number {
    return this.#standby === null ? avatar.inputs.applied : (this.#of(avatar)?.applied ?? 0);
  }

  /** Up to which operation nobody needs to say any again; undefined where nothing is to be said of it. */
  held(avatar: Avatar, isNews: boolean): number | undefined {
    if (this.#standby !== null) return this.#of(avatar)?.held;
    return isNews ? this.#context.dealings.heldOf(avatar) : undefined;
  }

  #of(avatar: Avatar): Secured | undefined {
    const secured = this.#secured.get(avatar);
    return secured?.incarnation === avatar.incarnation ? secured : undefined;
  }

  /** Does what others see, once: that it was done is known to the standby first. */
  acts(avatar: Avatar): void {
    if (this.#standby !== null) this.#acted.add(avatar);
  }

  /** Is not in the zone any more. */
  gone(row: number): void {
    if (this.#standby === null) return;
    const { store } = this.#context;
    const [entity, generation] = [store.id[row] as number, (store.generation[row] as number) + 1];
    if (this.#context.departures().hasGone(entity, generation))
      this.#departed.push({ entity, generation, atTick: this.#tick + GONE_TICKS });
    else this.#gone.push({ entity, generation });
  }

  /** From the standby. */
  receive(bytes: Uint8Array, nowMs: number): void {
    const said = decodeCopied(bytes);
    if (said === undefined || said.zone !== this.#context.zone) {
      this.#parts.counters.neighbour_messages_malformed++;
      return;
    }
    const known = this.#standby;
    if (known !== null && said.life < known.life) return;
    this.#standby = { life: said.life, heardMs: nowMs };
    const isKnown = known?.life === said.life;
    if (isKnown && said.epoch === this.#parts.epoch && said.heard > 0) this.#has(said.heard);
    else if (!isKnown || nowMs - this.#begunMs >= ANEW_MS) this.#begin(nowMs);
  }

  #begin(nowMs: number): void {
    this.#begunMs = nowMs;
    this.#begins = true;
    this.#row = 0;
    this.#told = [];
  }

  #has(heard: number): void {
    const { avatars } = this.#context;
    while ((this.#told[0]?.sequence ?? Number.POSITIVE_INFINITY) <= heard) {
      for (const [avatar, secured] of (this.#told.shift() as Told).avatars) {
        const before = this.#of(avatar);
        this.#secured.set(avatar, secured);
        const isNews = before?.applied !== secured.applied || before.held !== secured.held;
        // Its gateway holds what is not stable.
        if (isNews && avatars.ofRow(avatar.row) === avatar) avatars.news(avatar);
      }
    }
  }

  /** After a step, before anybody is told of it. */
  tick(tick: number, nowMs: number): void {
    this.#tick = tick;
    if (this.#standby === null) return;
    if (nowMs - this.#standby.heardMs > SILENT_MS) {
      this.#standby = null;
      this.#told = [];
      this.#acted.clear();
      return;
    }
    const first = this.#row;
    const told: (readonly [Avatar, Secured])[] = [];
    const copies: Uint8Array[] = [];
    for (const row of this.#due(tick)) copies.push(this.#copy(row, tick, told));
    const whole = first !== null && this.#row === null;
    this.#say(tick, copies, whole);
    if (told.length > 0) this.#told.push({ sequence: this.#sequence, avatars: told });
  }

  #say(tick: number, copies: readonly Uint8Array[], whole: boolean): void {
    const { counters, epoch, send } = this.#parts;
    const due = this.#departed.findIndex(({ atTick }) => atTick > tick);
    const gone = [...this.#gone, ...this.#departed.splice(0, due < 0 ? this.#departed.length : due)];
    this.#gone = [];
    this.#sequence++;
    const { zone } = this.#context;
    const bytes = encodeCopies({ zone, epoch, sequence: this.#sequence, begins: this.#begins, whole, copies, gone });
    this.#begins = false;
    counters.entities_copied += copies.length;
    counters.copy_bytes += bytes.length;
    send(bytes);
  }

  /** Each row in its turn, and those that cannot wait for it. */
  *#due(tick: number): Generator<number> {
    const { store, avatars } = this.#context;
    const first = this.#row ?? store.end;
    const end = this.#row === null ? store.end : Math.min(store.end, first + ROWS);
    for (let row = 0; row < store.end; row++) {
      if (store.id[row] === 0) continue;
      const isAnew = row >= first && row < end;
      if (!isAnew && (row + tick) % AVATAR_TICKS !== 0) continue;
      const avatar = avatars.ofRow(row);
      if (!isAnew && avatar === undefined && (row + tick) % OTHER_TICKS !== 0) continue;
      if (avatar !== undefined) this.#acted.delete(avatar);
      yield row;
    }
    for (const avatar of this.#acted) if (avatars.ofRow(avatar.row) === avatar) yield avatar.row;
    this.#acted.clear();
    if (this.#row !== null) this.#row = end === store.end ? null : end;
  }

  #copy(row: number, tick: number, told: (readonly [Avatar, Secured])[]): Uint8Array {
    const context = this.#context;
    const { dealings, store } = context;
    const avatar = context.avatars.ofRow(row);
    const item = dealings.itemOf(store.id[row] as number);
    if (avatar === undefined) return packed(context, pack(context, row, tick, avatar, { item, avatar: null }));
    const dealer = dealings.copy(avatar);
    const { incarnation } = avatar;
    told.push([avatar, { incarnation, applied: avatar.inputs.applied, held: dealings.heldOf(avatar) }]);
    const unknownKept = context.keeping()?.unknownOf(avatar) ?? new Uint8Array(0);
    // Inputs that wait are said again by their gateway.
    return packed(context, pack(context, row, tick, avatar, { item, avatar: { inputs: [], dealer, unknownKept } }));
  }
}
