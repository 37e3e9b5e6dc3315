import {
  type GoneEntity,
  type UplinkOp,
  UplinkWriter,
  type ZoneArrangement,
  type ZoneTree,
  zoneAt,
  zonesIn,
  zonesOf,
  zonesWithin,
} from '@lifeverse/contracts';
import { cellX, cellY } from '@lifeverse/sync/common';
import type { HandoverContext } from './handover-context.ts';
import type { Traveller } from './handover-state.ts';
import { type NeighbourNote, ROLLED_PER_NOTE, type Rolled } from './neighbour-notes.ts';
import { pack, packed } from './packing.ts';
import type { Told } from './rules-runner.ts';
import { type Avatar, entranceOf, lifeOf } from './sessions.ts';

/** Where somebody went who was here. */
export interface Departed {
  readonly zone: number;
  readonly handovers: number;
  readonly incarnation: number;
}

interface Remembered extends Departed {
  /** Where that is none any more: the one that has its cells. */
  zone: number;
  readonly entity: number;
  /** By which it left. */
  readonly generation: number;
  readonly character: string | null;
  readonly session: string | null;
  readonly untilMs: number;
}

/** Who has gone to another zone is remembered so long: until everybody knows. */
const REMEMBERED_MS = 60_000;
const FORGET_EVERY_MS = 1_000;
/** Who went to a zone may not have been with its standby yet when its owner ended. */
const DORMANT_MS = 3_000;
/** Characters that were lost here are remembered, but no more than these. */
const LOST = 100_000;

/**
 * Entities that leave for another zone (WO51..WO55). At the end of the tick in which one stands in a cell of another zone, it
 * leaves this one with everything that the next owner needs, and goes on there in the next tick.
 */
export class Departures {
  readonly #context: HandoverContext;
  #zones: ZoneTree;
  /** Those who stand in a cell of another zone, by identity. */
  readonly #crossing = new Set<number>();
  /** Which zone has the cells of one that is none any more. */
  readonly #successors = new Map<number, number>();
  #arrangement: ZoneArrangement;
  readonly #entities = new Map<number, Remembered>();
  readonly #characters = new Map<string, Remembered>();
  readonly #sessions = new Map<string, Remembered>();
  /** As they left, for a while: another owner of the zone to which they went may not know of them (WO73). */
  readonly #dormant = new Map<
    number,
    { readonly zone: number; readonly traveller: Uint8Array; readonly untilMs: number }
  >();
  /** Those who were here with an earlier owner, and had gone: by the generation by which they would be here. */
  readonly #gone = new Map<number, number>();
  /** Who came here by that handover, and was lost: with an earlier owner, as another zone says, or as one that cannot be kept. */
  readonly #lost = new Map<string, number>();
  #forgottenMs = Number.NEGATIVE_INFINITY;

  constructor(context: HandoverContext, arrangement: ZoneArrangement) {
    this.#context = context;
    this.#zones = arrangement.zones;
    this.#arrangement = arrangement;
    if (arrangement.former !== null) this.#succeed(arrangement.former, arrangement.zones);
    this.#greet(arrangement);
  }

  /** All of them: a leap ends anywhere, and whoever came from here may be anywhere by now. */
  #greet(arrangement: ZoneArrangement): void {
    for (const zone of zonesOf(arrangement)) if (zone !== this.#context.zone) this.#context.neighbours.greet(zone);
  }

  /** Cells have other zones from now on. */
  rearrange(arrangement: ZoneArrangement): void {
    const { store } = this.#context;
    this.#succeed(this.#zones, arrangement.zones);
    this.#zones = arrangement.zones;
    this.#arrangement = arrangement;
    for (const departed of this.#entities.values()) this.#goesOn(departed);
    this.#greet(arrangement);
    for (let row = 0; row < store.end; row++) if (store.id[row] !== 0) this.stands(row);
  }

  /** A zone that has no cells any more had them all taken by one, or it is asked for nobody. */
  #succeed(before: ZoneTree, after: ZoneTree): void {
    const zones = zonesIn(after);
    for (const zone of zonesIn(before)) {
      const [next] = zonesWithin(after, before, zone);
      if (!zones.includes(zone) && next !== undefined) this.#successors.set(zone, next);
    }
  }

  /** Whoever went to a zone that is none any more went on to the one that has its cells (WO61); of others nothing is known. */
  #goesOn(departed: Remembered): void {
    const zone = this.#presentOf(departed.zone);
    if (zone === undefined || zone === this.#context.zone) this.#drop(departed);
    else departed.zone = zone;
  }

  /** The zone that is there for that one; undefined where nobody knows. */
  #presentOf(zone: number): number | undefined {
    const there = zonesOf(this.#arrangement);
    let at: number | undefined = zone;
    // One that is newer than all here was told of is there.
    while (at !== undefined && at < this.#arrangement.nextZone && !there.includes(at)) at = this.#successors.get(at);
    return at;
  }

  /** Nobody stands in a cell of another zone. */
  get isClear(): boolean {
    return this.#crossing.size === 0;
  }

  /** The entity stands in a cell in which it did not stand before. */
  stands(row: number): void {
    const { store } = this.#context;
    if (this.#zoneOf(row) !== this.#context.zone) this.#crossing.add(store.id[row] as number);
    else if (this.#crossing.size > 0) this.#crossing.delete(store.id[row] as number);
  }

  #zoneOf(row: number): number {
    const cell = this.#context.grid.cellAt(this.#context.store, row);
    return zoneAt(this.#zones, cellX(cell), cellY(cell));
  }

  gone(id: number): void {
    this.#crossing.delete(id);
    this.#context.unknown.delete(id);
  }

  /** Whether the entity has gone from here since, or is known to be elsewhere by that generation or a later one. */
  hasGone(entity: number, generation: number): boolean {
    const known = Math.max(this.#entities.get(entity)?.generation ?? 0, this.#gone.get(entity) ?? 0);
    return known >= generation;
  }

  /** What the standby knows of those who had gone before this owner took over. */
  learnGone(gone: readonly GoneEntity[]): void {
    for (const { entity, generation } of gone) this.#gone.set(entity, generation);
  }

  /**
   * Tells a zone's new owner who is here, who is `coming` and does not stand yet, and who went from here lately: those who went there
   * just now as they left.
   */
  callRoll(to: number, coming: readonly Rolled[]): void {
    const { store, avatars, zone } = this.#context;
    const rolled: Rolled[] = [...this.#entities.values(), ...coming];
    for (let row = 0; row < store.end; row++) {
      if (store.id[row] === 0) continue;
      const { character = null, incarnation = 0, handovers = 0 } = avatars.ofRow(row) ?? {};
      const [entity, generation] = [store.id[row] as number, store.generation[row] as number];
      rolled.push({ entity, generation, zone, character, incarnation, handovers });
    }
    this.#sayRoll(to, rolled);
  }

  /** Tells the zone that has this one's cells from now on who went elsewhere: it is asked for them in this one's place (WO61). */
  bequeath(to: number): void {
    this.#sayRoll(
      to,
      [...this.#entities.values()].filter(({ zone }) => zone !== to),
    );
  }

  #sayRoll(to: number, rolled: readonly Rolled[]): void {
    for (let at = 0; at === 0 || at < rolled.length; at += ROLLED_PER_NOTE) {
      const part = rolled.slice(at, at + ROLLED_PER_NOTE);
      this.#say(to, { note: 'roll', rolled: part, last: at + ROLLED_PER_NOTE >= rolled.length }, false);
    }
    for (const { zone: went, traveller } of this.#dormant.values())
      if (went === to) this.#say(to, { note: 'dormant', traveller }, false);
  }

  /** Another zone says where an entity is. */
  learn(rolled: Rolled, nowMs: number): void {
    const { entity, generation, character, incarnation, handovers } = rolled;
    const zone = this.#presentOf(rolled.zone);
    if (zone === undefined) return;
    if (zone === this.#context.zone) {
      if (character !== null) this.lose(character, handovers);
      return;
    }
    if (this.#context.store.rowOf(entity) !== undefined || this.hasGone(entity, generation)) return;
    // Of a character that two zones speak of, the one of more handovers is right.
    const by = character === null ? 0 : Math.max(this.lostBy(character), this.departed(character)?.handovers ?? 0);
    const whose = handovers > by ? character : null;
    const untilMs = nowMs + REMEMBERED_MS;
    this.#remember({ entity, generation, zone, character: whose, incarnation, handovers, session: null, untilMs });
  }

  /** A character was here by that handover, and is not any more, though it went nowhere. */
  lose(character: string, handovers: number): void {
    const by = Math.max(handovers, this.lostBy(character));
    this.#lost.delete(character);
    this.#lost.set(character, by);
    if (this.#lost.size > LOST) this.#lost.delete(this.#lost.keys().next().value as string);
    const departed = this.#characters.get(character);
    if (departed !== undefined && departed.handovers <= by) this.#characters.delete(character);
  }

  /** The last handover by which a character came here and was lost; 0: none is known. */
  lostBy(character: string): number {
    return this.#lost.get(character) ?? 0;
  }

  /** Where that character went; undefined when it is not known to have gone anywhere. */
  departed(character: string): Departed | undefined {
    return this.#characters.get(character);
  }

  /** Hands on what a gateway says of a session that went to another zone, and tells where that is. */
  forward(gateway: string, generation: number, op: UplinkOp & { readonly session: number }): Departed | undefined {
    const departed = this.#sessions.get(entranceOf({ gateway, generation, session: op.session }));
    if (departed === undefined) return undefined;
    const writer = new UplinkWriter(gateway, generation);
    writer.add(op);
    this.#say(departed.zone, { note: 'uplink', uplink: writer.take() }, false);
    return departed;
  }

  /** Sessions of that life of a gateway that went to other zones. */
  *departedOf(gateway: string, generation: number): Generator<readonly [session: number, departed: Departed]> {
    for (const [entrance, departed] of this.#sessions) {
      const life = lifeOf(entrance);
      if (life.gateway === gateway && life.generation === generation) yield [life.session, departed];
    }
  }

  /** An effect for somebody who is not here. */
  pass(told: Told): boolean {
    const departed = this.#entities.get(told.to);
    return departed !== undefined && this.#say(departed.zone, { note: 'effect', told }, false);
  }

  /** To one who asked here for something, and is elsewhere by now. */
  tellDealt(note: Extract<NeighbourNote, { note: 'dealt' }>): void {
    const departed = this.#characters.get(note.character);
    if (departed !== undefined) this.#say(departed.zone, note, true);
  }

  /** A checkpoint of one who went on could not be kept. */
  freezeElsewhere(character: string): void {
    const departed = this.#characters.get(character);
    if (departed !== undefined) this.#say(departed.zone, { note: 'freeze', character }, true);
  }

  #say(zone: number, note: NeighbourNote, lasts: boolean): boolean {
    try {
      this.#context.neighbours.say(zone, note, lasts);
      return true;
    } catch (error) {
      this.#context.fault(`note: ${note.note}`, error);
      return false;
    }
  }

  /** Before bundles are made: who goes is told so, and what they had begun with others ends. */
  announce(nowMs: number): void {
    const { store, avatars, dealings } = this.#context;
    for (const id of this.#crossing) {
      const row = store.rowOf(id) as number;
      const zone = this.#zoneOf(row);
      const avatar = avatars.ofRow(row);
      if (avatar === undefined || !this.#context.neighbours.hears(zone, nowMs)) continue;
      dealings.interrupted(avatar);
      avatar.handovers++;
      avatars.news(avatar).moved = zone;
    }
  }

  /** After bundles were made: who crosses into a zone that has an owner goes there. */
  depart(tick: number, nowMs: number): void {
    const { store, neighbours } = this.#context;
    for (const id of this.#crossing) {
      const row = store.rowOf(id) as number;
      const zone = this.#zoneOf(row);
      if (neighbours.hears(zone, nowMs)) this.#depart(row, zone, tick, nowMs);
    }
    if (nowMs - this.#forgottenMs >= FORGET_EVERY_MS) this.#forget(nowMs);
  }

  #depart(row: number, zone: number, tick: number, nowMs: number): void {
    const { store, avatars, counters } = this.#context;
    const avatar = avatars.ofRow(row);
    const traveller = this.#pack(row, tick, avatar);
    const { id } = traveller;
    const bytes = packed(this.#context, traveller);
    this.#say(zone, { note: 'arrive', traveller: bytes }, true);
    this.#dormant.set(id, { zone, traveller: bytes, untilMs: nowMs + DORMANT_MS });
    counters.handovers_out++;
    this.#remember({
      zone,
      entity: id,
      generation: traveller.generation,
      handovers: avatar?.handovers ?? 0,
      incarnation: avatar?.incarnation ?? 0,
      character: avatar?.character ?? null,
      session: avatar?.presence.state === 'present' ? avatar.entrance : null,
      untilMs: nowMs + REMEMBERED_MS,
    });
    this.gone(store.id[row] as number);
    if (avatar !== undefined) avatars.remove(avatar);
    this.#context.remove(row);
  }

  #pack(row: number, tick: number, avatar: Avatar | undefined): Traveller {
    const { commands, dealings, store } = this.#context;
    const item = dealings.itemDeparts(store.id[row] as number);
    if (avatar === undefined) return pack(this.#context, row, tick, avatar, { item, avatar: null });
    const inputs = [...avatar.inputs.waiting].map(({ sequence, tick: at, commands: said }) => ({
      sequence,
      tick: at,
      body: commands.encode(said),
    }));
    const unknownKept = this.#context.keeping()?.departs(avatar) ?? new Uint8Array(0);
    const own = { inputs, dealer: dealings.departs(avatar), unknownKept };
    return pack(this.#context, row, tick, avatar, { item, avatar: own });
  }

  #remember(departed: Remembered): void {
    const { entity, character, session } = departed;
    this.#entities.set(entity, departed);
    if (character !== null) this.#characters.set(character, departed);
    if (session !== null) this.#sessions.set(session, departed);
  }

  #forget(nowMs: number): void {
    this.#forgottenMs = nowMs;
    for (const departed of this.#entities.values()) if (departed.untilMs <= nowMs) this.#drop(departed);
    for (const [entity, { untilMs }] of this.#dormant) if (untilMs <= nowMs) this.#dormant.delete(entity);
  }

  /** It is here again. */
  returned(entity: number): void {
    this.#dormant.delete(entity);
    const departed = this.#entities.get(entity);
    if (departed !== undefined) this.#drop(departed);
  }

  #drop(departed: Remembered): void {
    const { entity, character, session } = departed;
    this.#entities.delete(entity);
    if (character !== null && this.#characters.get(character) === departed) this.#characters.delete(character);
    if (session !== null && this.#sessions.get(session) === departed) this.#sessions.delete(session);
  }
}
