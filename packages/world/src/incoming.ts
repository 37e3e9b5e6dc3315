import { decodeUplink, type ZoneArrangement, zonesOf } from '@lifeverse/contracts';
import type { Body } from '@lifeverse/definition';
import type { HandoverContext } from './handover-context.ts';
import { decodeTraveller, type Place, type Traveller, type TravellingAvatar } from './handover-state.ts';
import { decodeNeighbourNote, type Rolled } from './neighbour-notes.ts';
import { RollCall } from './roll-call.ts';
import { type Avatar, continuedInputs } from './sessions.ts';
import type { ZoneCopies } from './standby.ts';

/** From another zone, or as a copy of the former owner. */
type Way = 'arrives' | 'resumes';

interface Coming {
  /** The first tick whose end is known of its row. */
  readonly knownTick: number;
  readonly tick: number;
  readonly nowMs: number;
  readonly way: Way;
}

/** What neighbouring zones say, and who comes from them (WO51..WO55); or from an owner that this one takes over from (WO72). */
export class Incoming {
  readonly #context: HandoverContext;
  /** What was said and is not due yet: each zone's in its order. */
  readonly #notes = new Map<number, Uint8Array[]>();
  readonly #body: Body = { x: 0, y: 0 };
  readonly #rollCall: RollCall;
  /** Null: this owner begins without, or they stand. */
  #copies: ZoneCopies | null;
  readonly #tookOver: boolean;

  constructor(context: HandoverContext, arrangement: ZoneArrangement, copies: ZoneCopies | null) {
    this.#context = context;
    this.#copies = copies;
    this.#tookOver = copies !== null;
    this.#rollCall = new RollCall(zonesOf(arrangement).filter((zone) => zone !== context.zone));
  }

  /** All other zones have said whom they have, and who was here stands: who is told of now is nowhere else. */
  isReady(nowMs: number): boolean {
    return this.#copies === null && this.#rollCall.isOver(nowMs);
  }

  /** At the beginning of a tick. Who has not ended this tick in the zone that they left comes in a later one. */
  tick(tick: number, nowMs: number): void {
    const { neighbours, departures, arrangements, dealings } = this.#context;
    const heard = neighbours.takeHeard();
    for (const zone of neighbours.takeMet()) {
      departures().callRoll(zone, this.#coming(heard.map(({ note }) => note)));
      arrangements().met(zone);
      dealings.met(zone);
    }
    for (const { zone, note } of heard) {
      if (this.#isAtOnce(zone, note, nowMs)) continue;
      const notes = this.#notes.get(zone) ?? [];
      notes.push(note);
      this.#notes.set(zone, notes);
    }
    if (!this.#rollCall.isOver(nowMs)) return;
    this.#resume(tick, nowMs);
    for (const [zone, notes] of this.#notes) {
      const early = notes.findIndex((bytes) => this.#isEarly(bytes, tick));
      for (const bytes of notes.splice(0, early < 0 ? notes.length : early)) this.#take(zone, bytes, tick, nowMs);
      if (notes.length === 0) this.#notes.delete(zone);
    }
  }

  /** Who was sent here and was not taken yet. */
  #coming(heard: readonly Uint8Array[]): Rolled[] {
    return [...this.#notes.values(), heard].flat().flatMap((bytes) => {
      const note = decodeNeighbourNote(bytes);
      const traveller = note?.note === 'arrive' ? decodeTraveller(note.traveller) : undefined;
      if (traveller === undefined) return [];
      const { id: entity, generation, avatar } = traveller;
      const { character = null, incarnation = 0, handovers = 0 } = avatar ?? {};
      return [{ entity, generation, zone: this.#context.zone, character, incarnation, handovers }];
    });
  }

  /** Whoever was here with the former owner, and is nowhere else, goes on. */
  #resume(tick: number, nowMs: number): void {
    const copies = this.#copies;
    if (copies === null) return;
    this.#copies = null;
    this.#context.departures().learnGone(copies.gone);
    for (const bytes of copies.travellers) {
      const traveller = decodeTraveller(bytes);
      if (traveller !== undefined) this.#come(traveller, tick, nowMs, 'resumes');
      else this.#context.counters.neighbour_notes_malformed++;
    }
  }

  /** What of a note does not wait for anybody to come. */
  #isAtOnce(zone: number, bytes: Uint8Array, nowMs: number): boolean {
    const note = decodeNeighbourNote(bytes);
    if (note?.note === 'arranged') this.#context.arrangements().arranged(zone, note.generation);
    if (note?.note !== 'roll') return note?.note === 'arranged';
    for (const rolled of note.rolled) this.#context.departures().learn(rolled, nowMs);
    if (note.last) this.#rollCall.answered(zone);
    return true;
  }

  /** No more than clocks may differ: who comes from a time that is farther ahead is not waited for. */
  #isEarly(bytes: Uint8Array, tick: number): boolean {
    const note = decodeNeighbourNote(bytes);
    const leftTick = note?.note === 'arrive' ? (decodeTraveller(note.traveller)?.tick ?? 0) : 0;
    return leftTick >= tick && leftTick <= tick + this.#context.replayTicks;
  }

  #take(zone: number, bytes: Uint8Array, tick: number, nowMs: number): void {
    const { dealings, counters } = this.#context;
    const note = decodeNeighbourNote(bytes);
    const traveller = note?.note === 'arrive' ? decodeTraveller(note.traveller) : undefined;
    const uplink = note?.note === 'uplink' ? decodeUplink(note.uplink) : undefined;
    const dormant = note?.note === 'dormant' ? decodeTraveller(note.traveller) : undefined;
    if (traveller !== undefined) this.#come(traveller, tick, nowMs, 'arrives');
    else if (dormant !== undefined) this.#dormantComes(dormant, tick, nowMs);
    else if (uplink !== undefined) this.#context.uplink(uplink, tick, nowMs);
    else if (note?.note === 'effect') this.#context.tell(note.told);
    else if (note?.note === 'dealt') dealings.dealt(note.character, note.dealt);
    else if (note?.note === 'who') this.#context.tellWho(zone, note.ids);
    else if (note?.note === 'are') this.#context.are(note.all);
    else if (note?.note === 'trade' || note?.note === 'deal' || note?.note === 'table') dealings.trade(zone, note);
    else if (note?.note === 'changed') dealings.changed(note.character);
    else if (note?.note === 'freeze') this.#context.freeze(note.character);
    else if (note?.note === 'ceded') this.#context.arrangements().ceded(zone, note.generation);
    else counters.neighbour_notes_malformed++;
  }

  /** Where nobody was taken over, they come as they were kept. */
  #dormantComes(traveller: Traveller, tick: number, nowMs: number): void {
    if (this.#tookOver) this.#come(traveller, tick, nowMs, 'arrives');
  }

  #come(traveller: Traveller, tick: number, nowMs: number, way: Way): void {
    const { store, avatars, counters } = this.#context;
    const { avatar } = traveller;
    const known = avatar === null ? undefined : avatars.ofCharacter(avatar.character);
    const row = store.rowOf(traveller.id);
    const isLater = row === undefined || (store.generation[row] as number) < traveller.generation;
    const isHere = !isLater || this.#context.departures().hasGone(traveller.id, traveller.generation);
    // Of an avatar that has left this zone since, by whichever way, the handover is remembered.
    const since = avatar === null ? 0 : (known?.handovers ?? this.#context.lastHandovers(avatar.character));
    if (isHere || (avatar !== null && since >= avatar.handovers)) {
      counters.handovers_void++;
      return;
    }
    if (known !== undefined) this.#context.displace(known);
    else if (row !== undefined) this.#context.remove(row);
    counters[way === 'arrives' ? 'handovers_in' : 'entities_resumed']++;
    this.#context.departures().returned(traveller.id);
    this.#goOn(traveller, tick, nowMs, way);
  }

  #goOn(traveller: Traveller, tick: number, nowMs: number, way: Way): void {
    const { avatar } = traveller;
    const row = this.#stand(traveller);
    const knownTick = this.#catchUp(traveller, row, tick, way);
    this.#context.departures().stands(row);
    if (traveller.item !== null) this.#context.dealings.itemArrives(traveller.id, traveller.item);
    // Last: its player may have left meanwhile, and it with them.
    if (avatar !== null)
      this.#context.came(this.#comeAvatar(avatar, row, { knownTick, tick, nowMs, way }), tick, nowMs);
  }

  #stand({ id, generation, kind, audience, at, components, held, memory, unknown }: Traveller): number {
    const { store, grid } = this.#context;
    const row = store.adopt(kind, at.x, at.y, id, generation);
    for (const { slot, raw } of this.#context.components.decode(components).raws) store.setRaw(row, slot, raw);
    store.audience[row] = audience;
    store.held[row] = held;
    store.memory[row] = memory;
    if (unknown.length > 0) this.#context.unknown.set(id, unknown);
    grid.place(store, row);
    return row;
  }

  /** The ticks that passed on its way. Returns the first tick whose end is known of it here. */
  #catchUp({ at, past, held, tick: leftTick }: Traveller, row: number, tick: number, way: Way): number {
    const { store, history, replayTicks } = this.#context;
    const places: Place[] = [...past, at];
    const body = Object.assign(this.#body, at);
    const missed = Math.min(tick - 1 - leftTick, way === 'arrives' ? replayTicks : this.#context.resumeTicks);
    for (let i = 0; i < missed; i++) {
      if (held !== null) this.#context.step(body, held);
      places.push({ x: body.x, y: body.y });
    }
    store.x[row] = store.lastX[row] = body.x;
    store.y[row] = store.lastY[row] = body.y;
    return history.adopt(row, places);
  }

  #comeAvatar(travelling: TravellingAvatar, row: number, { knownTick, tick, nowMs, way }: Coming): Avatar {
    const { avatars, commands, dealings } = this.#context;
    const { character, incarnation, handovers, entrance, presence, mutedUntilMs, audiences } = travelling;
    const inputs = continuedInputs(travelling.applied, travelling.appliedTick);
    for (const { sequence, tick: at, body } of travelling.inputs) {
      const said = commands.decode(body);
      inputs.add({ sequence, tick: at, commands: typeof said === 'string' ? [] : said });
    }
    const sealedTick = Math.max(travelling.sealedTick, knownTick);
    const session = { character, incarnation, handovers, entrance, presence, mutedUntilMs, audiences };
    const isResumed = way === 'resumes';
    const lateUntilTick = isResumed ? tick + this.#context.resumeTicks : 0;
    const avatar: Avatar = { ...session, row, inputs, sealedTick, lateUntilTick, cameMs: nowMs, news: null };
    avatars.add(avatar);
    if (inputs.length > 0) avatars.acting.add(avatar);
    avatars.news(avatar).attached = true;
    dealings.arrives(avatar, travelling.dealer, !isResumed);
    this.#context.keeping()?.arrives(avatar, travelling.unknownKept);
    return avatar;
  }
}
