import { type Random, unreachable } from '@lifeverse/base';
import type { StoredCharacter, Uplink, UplinkOp } from '@lifeverse/contracts';
import type { World } from '@lifeverse/definition';
import { type ErrorCode, limits } from '@lifeverse/protocol';
import { commandCodec, type MessageCodec } from '@lifeverse/sync/common';
import { type Arrival, isOvertaken } from './arrivals.ts';
import type { Dealings } from './dealings.ts';
import type { Departures } from './departures.ts';
import { Early, type EarlyOp } from './early.ts';
import type { EntityStore } from './entity-store.ts';
import { zoneOfReader } from './ghosts.ts';
import type { Grid } from './grid.ts';
import { unwrapTick } from './input-queue.ts';
import { type InputContext, refuse } from './inputs.ts';
import { Keeping, type KeepingHost, type KeepingParts } from './keeping.ts';
import { Reader } from './reader.ts';
import { type Avatar, type Avatars, entranceOf, freshInputs, lifeOf } from './sessions.ts';

export interface UplinkContext {
  readonly world: World;
  readonly store: EntityStore;
  readonly grid: Grid;
  readonly avatars: Avatars;
  readonly random: Random;
  readonly counters: InputContext['counters'] & { keyframes_wanted: number };
  joined(row: number, name: string): void;
  gone(row: number): void;
  /** What was done is with the standby before anybody hears of it. */
  acts(avatar: Avatar): void;
  readonly dealings: Dealings;
  readonly departures: Departures;
  /** All other zones have said whom they have (WO59). */
  isReady(nowMs: number): boolean;
  /** The zone that takes a character as it was kept; null: any does. */
  homeOf(stored: StoredCharacter): number | null;
  readonly zone: number;
  /** Null in a world that forgets everybody when it ends. */
  readonly keeping: KeepingParts | null;
}

/** A gateway that is not heard for this long reads nothing any more, and its players are away. */
export const READER_LEASE_MS = 3_000;
/** How long an avatar stands after its player's connection was lost. */
export const LINGER_MS = 60_000;
const EXPIRE_EVERY_MS = 250;
/** So long somebody may be on the way from another zone; then they are where they were kept last. */
const AWAITED_MS = 1_500;
/** Characters remembered after they have left. */
const REMEMBERED = 100_000;

interface Remembered {
  readonly handovers: number;
  /** The last one: an earlier one that is heard of only now is none. */
  readonly incarnation: number;
  readonly x: number;
  readonly y: number;
}

/** Whoever is known of, but not here. */
type Left = Pick<StoredCharacter, 'handovers' | 'checkpoint'>;
type Speaker = Pick<Uplink, 'gateway' | 'generation'>;

/** Takes what gateways say: who is here, what they do, what they want to read. */
export class Uplinks implements KeepingHost {
  readonly keeping: Keeping | null;
  readonly #context: UplinkContext;
  readonly #readers = new Map<string, Reader>();
  readonly #commands: MessageCodec;
  readonly #remembered = new Map<string, Remembered>();
  readonly #early = new Early();
  /** Since when those are waited for of whom a gateway said that they come from another zone. */
  readonly #awaited = new Map<string, number>();
  readonly #futureTicks: number;
  readonly #audiences: number;
  readonly #tickHz: number;
  #tick = 0;
  #expiredMs = Number.NEGATIVE_INFINITY;

  constructor(context: UplinkContext) {
    this.#context = context;
    const { layout } = context.world;
    this.#commands = commandCodec(layout);
    this.#futureTicks = Math.ceil((limits.futureMs * layout.tickHz) / 1_000);
    this.#audiences = layout.audiences.length;
    this.#tickHz = layout.tickHz;
    this.keeping = context.keeping === null ? null : new Keeping(context.keeping, this);
  }

  get gatewayCount(): number {
    return [...this.#readers.values()].filter(({ zone }) => zone === null).length;
  }

  readers(): Iterable<Reader> {
    return this.#readers.values();
  }

  reader(gateway: string): Reader | undefined {
    return this.#readers.get(gateway);
  }

  /** From a gateway; zones do not speak here. */
  take(uplink: Uplink, tick: number, nowMs: number): void {
    if (zoneOfReader(uplink.gateway) === null) this.#takeFrom(uplink, uplink.ops, tick, nowMs);
  }

  /** From a zone, which reads and does nothing else. */
  takeFromZone(uplink: Uplink, tick: number, nowMs: number): void {
    const reads = uplink.ops.filter(({ op }) => op === 'interest' || op === 'key');
    if (zoneOfReader(uplink.gateway) !== null) this.#takeFrom(uplink, reads, tick, nowMs);
  }

  #takeFrom(uplink: Uplink, ops: readonly UplinkOp[], tick: number, nowMs: number): void {
    const reader = this.#readerFor(uplink, tick, nowMs);
    if (reader === undefined) return;
    reader.lastHeardMs = nowMs;
    for (const op of ops) this.#apply(reader, op, tick, nowMs);
  }

  /** Undefined when an earlier life of that gateway is speaking. */
  #readerFor(uplink: Uplink, tick: number, nowMs: number): Reader | undefined {
    const known = this.#readers.get(uplink.gateway);
    if (known !== undefined && known.generation >= uplink.generation)
      return known.generation === uplink.generation ? known : undefined;
    if (known !== undefined) this.#forget(known, nowMs);
    const reader = new Reader(uplink.gateway, uplink.generation, tick, nowMs);
    this.#readers.set(uplink.gateway, reader);
    this.#endEarlierLives(reader, nowMs);
    return reader;
  }

  /** Whoever has come from another zone through a life of the gateway that is over by now. */
  #endEarlierLives({ gateway, generation }: Reader, nowMs: number): void {
    for (const avatar of this.#context.avatars.all()) {
      const { presence, entrance } = avatar;
      if (presence.state === 'present' && presence.gateway === gateway && lifeOf(entrance).generation < generation)
        this.#setAway(avatar, nowMs);
    }
  }

  #forget(reader: Reader, nowMs: number): void {
    reader.dropAll();
    this.#readers.delete(reader.gateway);
    this.keeping?.forget(reader.gateway);
    for (const avatar of [...this.#context.avatars.ofGateway(reader.gateway)]) this.#setAway(avatar, nowMs);
  }

  #apply(reader: Reader, op: UplinkOp, tick: number, nowMs: number): void {
    switch (op.op) {
      case 'attach':
        this.#attach(reader, op, tick, nowMs);
        break;
      case 'detach':
        this.#detach(reader, op, nowMs);
        break;
      case 'input':
      case 'operation':
        this.#act(reader, op, tick);
        break;
      case 'interest':
        this.#interest(reader, op);
        break;
      case 'key':
        this.#context.counters.keyframes_wanted++;
        reader.stream(op.slot)?.wantKey(reader);
        break;
      case 'resync':
        reader.resync();
        for (const avatar of this.#context.avatars.ofGateway(reader.gateway)) {
          this.#context.avatars.news(avatar).attached = true;
          this.#context.avatars.news(avatar).acknowledged = true;
        }
        for (const [session, { zone, handovers }] of this.#context.departures.departedOf(
          reader.gateway,
          reader.generation,
        ))
          reader.moved(session, zone, handovers);
        break;
      default:
        unreachable(op);
    }
  }

  #attach(reader: Reader, op: Extract<UplinkOp, { op: 'attach' }>, tick: number, nowMs: number): void {
    if (reader.hasEnded(op.session)) return;
    const known = this.#context.avatars.ofCharacter(op.character);
    if (op.incarnation < (known ?? this.#remembered.get(op.character) ?? op).incarnation) {
      reader.replace(op.session);
      return;
    }
    if (known === undefined && this.#isElsewhere(reader, op)) return;
    if (known === undefined && this.#isAwaited(op, nowMs)) return;
    const { session, character, incarnation, name, mutedUntilMs = 0, handovers = 0, continues = 0 } = op;
    const { gateway } = reader;
    const entrance = entranceOf({ gateway, generation: reader.generation, session });
    const arrival = { session, character, incarnation, handovers, name, mutedUntilMs, gateway, entrance, continues };
    if (known !== undefined) this.#meet(reader, known, arrival);
    else if (this.keeping !== null) this.keeping.come(arrival, (left) => this.#stand(arrival, left, tick), nowMs);
    else this.#stand(arrival, this.#left(character), tick);
  }

  /** Its player is sent there, unless it has come on from there since, as its gateway was told. */
  #isElsewhere(
    reader: Reader,
    { session, character, handovers = 0 }: Pick<Arrival, 'session' | 'character'> & { readonly handovers?: number },
  ): boolean {
    const departed = this.#context.departures.departed(character);
    if (departed === undefined || departed.handovers < handovers) return false;
    reader.moved(session, departed.zone, departed.handovers);
    return true;
  }

  /** Gateways know of their own tickets only which were shown already. */
  #meet(reader: Reader, known: Avatar, arrival: Arrival): void {
    const { incarnation, entrance, session } = arrival;
    if (incarnation < known.incarnation || isOvertaken(known, arrival)) reader.replace(session);
    else if (known.incarnation === incarnation && known.entrance !== entrance) reader.close(session, 'ticket_used');
    else this.#present(known, arrival);
  }

  /** Its gateway was told that it comes from another zone: so it does, unless that zone is gone. */
  #isAwaited({ character, handovers = 0 }: Extract<UplinkOp, { op: 'attach' }>, nowMs: number): boolean {
    // Who has been here by that handover has come.
    if (handovers === 0 || this.lastHandovers(character) >= handovers) return false;
    const sinceMs = this.#awaited.get(character) ?? nowMs;
    this.#awaited.set(character, sinceMs);
    return nowMs - sinceMs < AWAITED_MS;
  }

  /** By which handover a character was here that is not any more, or by which it is elsewhere; 0: that is not known. */
  lastHandovers(character: string): number {
    const departed = this.#context.departures.departed(character);
    return Math.max(departed?.handovers ?? 0, this.#remembered.get(character)?.handovers ?? 0);
  }

  #left(character: string): Left {
    const remembered = this.#remembered.get(character);
    if (remembered === undefined) return { handovers: 0, checkpoint: null };
    const { x, y, handovers } = remembered;
    return { handovers, checkpoint: { xMm: x, yMm: y, kept: new Uint8Array(0) } };
  }

  #stand(arrival: Arrival, left: Left, tick: number): void {
    this.#awaited.delete(arrival.character);
    this.#present(this.#create(arrival, left, tick), arrival);
  }

  #present(avatar: Avatar, arrival: Arrival): void {
    const { avatars, store } = this.#context;
    const { gateway, session, incarnation, mutedUntilMs, continues } = arrival;
    const known = avatar.presence;
    const isSame = incarnation === avatar.incarnation || continues === avatar.incarnation;
    if (incarnation > avatar.incarnation) this.#takeOver(avatar, arrival);
    if (isSame && known.state === 'away') store.held[avatar.row] = known.held;
    avatar.mutedUntilMs = mutedUntilMs;
    avatars.setPresence(avatar, { state: 'present', gateway, session });
    avatars.news(avatar).attached = true;
    if (known.state !== 'present' || known.gateway !== gateway || known.session !== session)
      this.keeping?.presence(avatar, 'online', gateway);
  }

  /** Who has moved to another gateway walks and trades on; whoever comes from another place begins anew. */
  #takeOver(avatar: Avatar, { incarnation, entrance, continues }: Arrival): void {
    const goesOn = continues === avatar.incarnation;
    this.#endOther(avatar, goesOn ? 'session_moved' : 'session_replaced');
    avatar.incarnation = incarnation;
    avatar.entrance = entrance;
    if (goesOn) return;
    this.#context.dealings.interrupted(avatar);
    avatar.inputs = freshInputs();
    this.#context.store.held[avatar.row] = null;
  }

  /** The backend has found a character whose player is at the door. */
  arrived(arrival: Arrival, stored: StoredCharacter, nowMs: number): void {
    const reader = this.#readers.get(arrival.gateway);
    if (reader === undefined || reader.hasEnded(arrival.session)) return;
    const known = this.#context.avatars.ofCharacter(arrival.character);
    if (known !== undefined) {
      // It has come from another zone meanwhile.
      this.#meet(reader, known, arrival);
      return;
    }
    if (this.#isElsewhere(reader, arrival)) return;
    // One zone alone takes a character as it was kept: that which had it last.
    const lostBy = this.#context.departures.lostBy(arrival.character);
    const home = this.#context.homeOf(stored);
    if (home !== null && home !== this.#context.zone && lostBy <= stored.handovers) {
      // Who was said to come here is waited for anew.
      this.#awaited.delete(arrival.character);
      reader.moved(arrival.session, home, Math.max(stored.handovers, arrival.handovers));
      return;
    }
    // Asked again until then: another zone may know more of it than the desk.
    if (stored.handovers > 0 && !this.#context.isReady(nowMs)) return;
    const left = { ...stored, handovers: Math.max(stored.handovers, lostBy) };
    this.#stand(arrival, left, Math.max(this.#tick, Math.floor((nowMs * this.#tickHz) / 1_000)));
  }

  refused(arrival: Arrival, code: ErrorCode): void {
    this.#readers.get(arrival.gateway)?.close(arrival.session, code);
  }

  /** It could not be saved: the player is told, and nobody plays on. */
  freeze(character: string): void {
    const avatar = this.#context.avatars.ofCharacter(character);
    if (avatar === undefined) {
      this.#context.departures.freezeElsewhere(character);
      return;
    }
    if (avatar.presence.state === 'present') {
      const { gateway, session } = avatar.presence;
      this.#readers.get(gateway)?.close(session, 'character_frozen');
    }
    this.keeping?.frozen(avatar);
    this.#context.departures.lose(character, avatar.handovers);
    this.#takeOut(avatar);
  }

  /** From another zone. */
  came(avatar: Avatar, tick: number, nowMs: number): void {
    this.#awaited.delete(avatar.character);
    if (avatar.presence.state !== 'present') return;
    const { gateway, session } = avatar.presence;
    const reader = this.#readers.get(gateway);
    if (reader !== undefined) this.#endEarlierLives(reader, nowMs);
    const life = lifeOf(avatar.entrance);
    const end = life.generation === reader?.generation ? reader.endOf(session) : undefined;
    if (end === 'left') this.#remove(avatar);
    else if (end === 'lost') this.#setAway(avatar, nowMs);
    else for (const op of this.#early.take(avatar.entrance)) this.#act(life, op, tick);
  }

  /** One that comes from another zone takes its place. */
  displace(avatar: Avatar): void {
    this.keeping?.departs(avatar);
    this.#takeOut(avatar);
  }

  #takeOut(avatar: Avatar): void {
    this.#context.dealings.gone(avatar);
    this.#context.avatars.remove(avatar);
    this.#context.gone(avatar.row);
  }

  #endOther(avatar: Avatar, code: ErrorCode): void {
    if (avatar.presence.state !== 'present') return;
    const { gateway, session } = avatar.presence;
    this.#readers.get(gateway)?.close(session, code);
  }

  #create(arrival: Arrival, { checkpoint, handovers }: Left, tick: number): Avatar {
    const { store, grid, world, random, avatars } = this.#context;
    // Where somebody stood, there may be a wall by now.
    const radiusMm = world.predicted?.step.radiusMm ?? 0;
    const fits = checkpoint !== null && world.map.fits(checkpoint.xMm, checkpoint.yMm, radiusMm);
    const place = fits ? { x: checkpoint.xMm, y: checkpoint.yMm } : random.pick(world.map.spawns);
    const row = store.add('player', place.x, place.y);
    grid.place(store, row);
    const avatar: Avatar = {
      character: arrival.character,
      row,
      incarnation: arrival.incarnation,
      // Also who comes anew: what an earlier stay wrote down late is older.
      handovers: Math.max(handovers, arrival.handovers) + 1,
      entrance: arrival.entrance,
      presence: { state: 'away', untilMs: Number.POSITIVE_INFINITY, held: null },
      inputs: freshInputs(),
      // Its first tick is the next one: before the end of that, nothing is known of its row but its last tenant.
      sealedTick: tick + 1,
      lateUntilTick: 0,
      cameMs: 0,
      mutedUntilMs: arrival.mutedUntilMs,
      audiences: 0,
      news: null,
    };
    avatars.add(avatar);
    this.#context.joined(row, arrival.name);
    if (checkpoint !== null) this.keeping?.restore(avatar, checkpoint);
    if (fits) {
      store.x[row] = store.lastX[row] = place.x;
      store.y[row] = store.lastY[row] = place.y;
    }
    this.keeping?.stands(avatar);
    this.#context.dealings.attached(avatar);
    this.#context.departures.stands(row);
    return avatar;
  }

  #detach(reader: Reader, op: Extract<UplinkOp, { op: 'detach' }>, nowMs: number): void {
    reader.end(op.session, op.left);
    this.#context.departures.forward(reader.gateway, reader.generation, op);
    this.keeping?.go(op.character, op.incarnation);
    this.#ended(op, nowMs);
  }

  #ended(op: Extract<UplinkOp, { op: 'detach' }>, nowMs: number): void {
    const avatar = this.#context.avatars.ofCharacter(op.character);
    if (avatar?.incarnation !== op.incarnation) return;
    if (op.left) this.#remove(avatar);
    else if (avatar.presence.state === 'present') this.#setAway(avatar, nowMs);
  }

  #setAway(avatar: Avatar, nowMs: number): void {
    const { avatars, store } = this.#context;
    const held = store.held[avatar.row] ?? null;
    this.#context.dealings.interrupted(avatar);
    avatars.setPresence(avatar, { state: 'away', untilMs: nowMs + LINGER_MS, held });
    this.keeping?.presence(avatar, 'away', '');
    store.held[avatar.row] = null;
    // Whoever takes over is not to have them walk on.
    this.#context.acts(avatar);
  }

  #remove(avatar: Avatar): void {
    const { store, avatars } = this.#context;
    const { character, row, incarnation, handovers } = avatar;
    this.#context.dealings.gone(avatar);
    this.#remembered.delete(character);
    this.#remembered.set(character, { incarnation, handovers, x: store.x[row] as number, y: store.y[row] as number });
    if (this.#remembered.size > REMEMBERED) this.#remembered.delete(this.#remembered.keys().next().value as string);
    this.keeping?.leaves(avatar);
    avatars.remove(avatar);
    this.#context.gone(avatar.row);
  }

  /** What a gateway said of somebody to the zone in which they were before. */
  forwarded({ gateway, generation, ops }: Uplink, tick: number, nowMs: number): void {
    for (const op of ops) {
      if (op.op === 'input' || op.op === 'operation') this.#act({ gateway, generation }, op, tick);
      else if (op.op === 'detach' && this.#context.departures.forward(gateway, generation, op) === undefined)
        this.#ended(op, nowMs);
    }
  }

  #act({ gateway, generation }: Speaker, op: EarlyOp, tick: number): void {
    const entrance = { gateway, generation, session: op.session };
    const avatar = this.#context.avatars.ofSession(entrance);
    if (avatar === undefined) {
      this.#early.keep(entranceOf(entrance), op, tick);
      this.#context.departures.forward(gateway, generation, op);
    } else if (op.op === 'input') this.#input(avatar, op, tick);
    else this.#context.dealings.receive(avatar, op);
  }

  #input(avatar: Avatar, op: Extract<EarlyOp, { op: 'input' }>, tick: number): void {
    const commands = this.#commands.decode(op.body);
    const named = unwrapTick(op.tick, tick);
    const future = named > tick + this.#futureTicks;
    // A refused input still takes its place in the sequence: those behind it are not held up.
    const arrival = avatar.inputs.add({
      sequence: op.sequence,
      tick: future ? tick + this.#futureTicks : named,
      commands: future || typeof commands === 'string' ? [] : commands,
    });
    if (arrival === 'queued') {
      // Once, however often a gateway says it again.
      if (future) refuse(this.#context, avatar, op.sequence, 'input_future');
      else if (typeof commands === 'string') refuse(this.#context, avatar, op.sequence, commands);
      this.#context.avatars.acting.add(avatar);
    } else if (arrival === 'gap') refuse(this.#context, avatar, op.sequence, 'input_gap');
    else this.#context.avatars.news(avatar).acknowledged = true;
  }

  #interest(reader: Reader, op: Extract<UplinkOp, { op: 'interest' }>): void {
    if (op.version <= reader.interestVersion || (op.base !== 0 && op.base !== reader.interestVersion)) return;
    if (op.base === 0) reader.dropAll();
    for (const slot of op.drop) reader.drop(slot);
    for (const { slot, cell, audience } of op.add) {
      if (audience <= this.#audiences) reader.want(slot, this.#context.grid.stream(cell, audience));
    }
    reader.interestVersion = op.version;
  }

  /** It came from another zone, and its gateway says nothing to this one. */
  #isUnheard({ presence, cameMs }: Avatar, nowMs: number): boolean {
    return presence.state === 'present' && !this.#readers.has(presence.gateway) && nowMs - cameMs > READER_LEASE_MS;
  }

  /** The world closes: everybody leaves it, and is kept as they stand. */
  dismiss(): void {
    for (const avatar of [...this.#context.avatars.all()]) this.#remove(avatar);
  }

  /** Lets go of gateways that fell silent, and of avatars whose players stayed away. */
  expire(tick: number, nowMs: number): void {
    this.#tick = tick;
    if (nowMs - this.#expiredMs < EXPIRE_EVERY_MS) return;
    this.#expiredMs = nowMs;
    this.#early.forget(tick);
    for (const reader of [...this.#readers.values()])
      if (nowMs - reader.lastHeardMs > READER_LEASE_MS) this.#forget(reader, nowMs);
    for (const avatar of this.#context.avatars.all()) {
      if (avatar.presence.state === 'away' && avatar.presence.untilMs <= nowMs) this.#remove(avatar);
      else if (this.#isUnheard(avatar, nowMs)) this.#setAway(avatar, nowMs);
    }
    for (const [character, sinceMs] of this.#awaited) if (nowMs - sinceMs > LINGER_MS) this.#awaited.delete(character);
  }
}
