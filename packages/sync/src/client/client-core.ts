import type { World } from '@lifeverse/definition';
import {
  BitReader,
  ByteReader,
  decodeGo,
  decodePrivate,
  decodeWelcome,
  encodeClientMessage,
  errorOfClose,
  type FieldCodec,
  limits,
  OLDEST_VERSION,
  PROTOCOL_VERSION,
  type RekeyReason,
  serverType,
  unwrapTime,
  type Welcome,
} from '@lifeverse/protocol';
import type { ClientEvents, Motion } from './client-events.ts';
import { layoutOf, newSession, type Session } from './client-session.ts';
import { goesOn, NextConnection } from './next-connection.ts';
import { OwnAvatar } from './own-avatar.ts';
import type { ReplicaEntity } from './replica.ts';
import { ServerClock } from './server-clock.ts';

const BASE_CLOSE_CODE = 4_000;
const LEAD_MARGIN_MS = 8;
const MOST_LEAD_MS = 200;
const STALENESS_SAMPLES = 64;

/**
 * A player's end of the wire, without I/O and without a clock: bytes in, bytes and events out. Times are the caller's
 * monotonic milliseconds. Whatever arrives is read to a value or counted as an error; nothing throws.
 */
export class ClientCore {
  readonly clock = new ServerClock();
  readonly counters = { frames: 0, bytes: 0, updates: 0, errors: 0, rekeys: 0 };
  /** Lateness of the last frames, milliseconds from their tick to here. */
  readonly staleness: number[] = [];
  readonly #world: World;
  readonly #events: ClientEvents;
  readonly #muted = new Set<number>();
  #session: Session | null = null;
  /** Another connection, which has not shown itself yet. */
  #next: NextConnection | null = null;
  #shownMs = 0;

  constructor(world: World, events: ClientEvents) {
    this.#world = world;
    this.#events = events;
  }

  get joined(): boolean {
    return this.#session !== null;
  }

  get session(): Readonly<
    Pick<Session, 'welcome' | 'layout' | 'sections' | 'tick' | 'periodMs' | 'predicts' | 'owned'>
  > | null {
    return this.#session;
  }

  get entities(): ReadonlyMap<number, ReplicaEntity> {
    return this.#session?.replica.entities ?? new Map();
  }

  get avatar(): OwnAvatar | null {
    return this.#session?.avatar ?? null;
  }

  get cellsInView(): number {
    return this.#session?.replica.cellCount ?? 0;
  }

  get viewDelayMs(): number {
    return this.#session?.viewDelay.delayMs ?? 0;
  }

  get privateFields(): { readonly names: readonly string[]; readonly fields: readonly FieldCodec[] } {
    return this.#session?.privates ?? { names: [], fields: [] };
  }

  /** The socket is open: says who is here. Everything known of an earlier connection is forgotten. */
  open(ticket: string): void {
    this.#leaveWorld();
    const hello = {
      type: 'hello',
      newest: PROTOCOL_VERSION,
      oldest: OLDEST_VERSION,
      layout: this.#world.fingerprint,
      ticket,
    } as const;
    this.#events.send(encodeClientMessage(hello));
  }

  /** The first words on a second connection, while the first plays on (SY30). Null while not in the world. */
  move(ticket: string): Uint8Array | null {
    const session = this.#session;
    if (session === null || session.avatar === null) return null;
    this.#next = new NextConnection();
    const { incarnation } = session.welcome;
    const layout = this.#world.fingerprint;
    const versions = { newest: PROTOCOL_VERSION, oldest: OLDEST_VERSION };
    return encodeClientMessage({ type: 'move', ...versions, layout, incarnation, ticket });
  }

  /** One whole message on the second connection; it may be kept. True: that one has shown itself, and can be `taken`. */
  receiveNext(bytes: Uint8Array): boolean {
    this.counters.bytes += bytes.length;
    return this.#next?.take(bytes) === true;
  }

  /** The second connection is the one from now on: whatever is sent goes there. */
  taken(nowMs: number): void {
    const shown = this.#next?.shown;
    this.#next = null;
    const session = this.#session;
    if (shown === null || shown === undefined) return;
    const { welcome, applied, behind } = shown;
    const isGoingOn = session !== null && goesOn(session, welcome, applied);
    if (isGoingOn) this.#goOn(session, welcome, applied, nowMs);
    else this.#joinAnew(welcome, applied, nowMs);
    for (const bytes of behind) this.receive(bytes, nowMs);
    if (isGoingOn) this.#events.moved?.();
  }

  /** Streams follow on from their keyframes here; what the zone has not applied is said again, by the same numbers. */
  #goOn(session: Session, welcome: Welcome, applied: number, nowMs: number): void {
    const { replica } = session;
    replica.carryOver();
    replica.moveTo(welcome.anchorX, welcome.anchorY, welcome.audiences, welcome.linkClass);
    this.clock.otherServer();
    Object.assign(session, { welcome, tick: welcome.tick, lastSentMs: Number.NEGATIVE_INFINITY });
    if (welcome.rate !== session.rate) this.#paced(session, welcome.tick, welcome.rate);
    this.#applied(session, applied);
    for (const input of session.unapplied)
      this.#events.send(encodeClientMessage({ type: 'input', ...input, sentMs: Math.floor(nowMs) }));
    for (const id of replica.entities.keys()) this.#muteAgain(id);
  }

  /** As for the first time, but that inputs are counted on (PR15): the gateway takes a number below for a repetition. */
  #joinAnew(welcome: Welcome, applied: number, nowMs: number): void {
    const former = this.#session;
    this.#welcome(welcome, nowMs);
    const session = this.#session;
    if (session !== null && session !== former) session.sequence = session.applied = applied;
  }

  #leaveWorld(): void {
    for (const id of this.entities.keys()) this.#events.left(id);
    this.#session = null;
  }

  leave(): void {
    this.#events.send(encodeClientMessage({ type: 'leave' }));
  }

  /** Nothing that this entity says is heard any more, or again; holds beyond this connection. */
  mute(entity: number, muted: boolean): void {
    if (muted) this.#muted.add(entity);
    else this.#muted.delete(entity);
    if (this.avatar !== null) this.#events.send(encodeClientMessage({ type: 'mute', entity, muted }));
  }

  /** A gateway does not know what was said to another one, or before; who is out of view is not heard anyway. */
  #muteAgain(entity: number): void {
    if (this.#muted.has(entity)) this.mute(entity, true);
  }

  /** One whole binary message of the server. */
  receive(bytes: Uint8Array, nowMs: number): void {
    this.counters.bytes += bytes.length;
    this.clock.update(nowMs);
    const from = new ByteReader(bytes);
    const type = from.u8();
    if (type === serverType.welcome) this.#welcome(decodeWelcome(from), nowMs);
    else if (this.#session !== null) this.#message(this.#session, type, from, bytes, nowMs);
    else this.counters.errors++;
  }

  #message(session: Session, type: number, from: ByteReader, bytes: Uint8Array, nowMs: number): void {
    switch (type) {
      case serverType.frame:
        this.#frame(session, from, bytes, nowMs);
        break;
      case serverType.keys:
        session.replica.together(nowMs, () => this.#keys(session, from, bytes));
        break;
      case serverType.private:
        this.#private(session, from, nowMs);
        break;
      case serverType.events:
        this.#heard(session, from);
        break;
      case serverType.pace:
        this.#pace(session, from);
        break;
      case serverType.go:
        this.#asked(from);
        break;
      default:
        this.counters.errors++;
    }
  }

  #asked(from: ByteReader): void {
    const go = decodeGo(from);
    if (go === undefined) this.counters.errors++;
    else this.#events.asked?.(go);
  }

  #welcome(welcome: Welcome | undefined, nowMs: number): void {
    const layout = welcome === undefined ? undefined : layoutOf(welcome, this.#world.layout);
    if (welcome === undefined || layout === undefined) {
      this.counters.errors++;
      if (welcome !== undefined) this.#events.unreadable?.();
      return;
    }
    this.#leaveWorld();
    this.clock.start(welcome.serverMs, nowMs);
    this.#session = newSession(welcome, layout, this.#world.layout, {
      entered: (entity) => {
        this.#events.entered(entity);
        this.#muteAgain(entity.id);
      },
      left: (id) => this.#events.left(id),
    });
  }

  #tick(session: Session, low: number): number {
    session.tick += (low - session.tick) & 0xff;
    return session.tick;
  }

  #frame(session: Session, from: ByteReader, bytes: Uint8Array, nowMs: number): void {
    const low = from.u8();
    if (from.failed) {
      this.#malformed(session);
      return;
    }
    const tick = this.#tick(session, low);
    this.counters.frames++;
    this.#late(session, tick, nowMs);
    const bits = new BitReader(bytes, from.position);
    const gaps: number[] = [];
    const disagreeing: number[] = [];
    while (bits.bitsLeft > 0) {
      const reference = bits.chunked(7);
      const result = session.replica.readChange(bits, reference, tick, nowMs);
      if (result === 'malformed') {
        this.#malformed(session);
        return;
      }
      if (result !== 'ok') (result === 'gap' ? gaps : disagreeing).push(Math.floor(reference / 4));
      this.counters.updates++;
      bits.align();
    }
    this.#rekey('gap', gaps);
    this.#rekey('checksum', disagreeing);
    this.#witness(session, tick);
  }

  /** A frame that tells of the own entity tells its exact place. */
  #witness(session: Session, tick: number): void {
    const shadow = session.replica.entities.get(session.welcome.entity)?.shadow;
    if (shadow?.tick === tick && session.predicts) session.avatar?.witnessed(tick, shadow.x, shadow.y);
  }

  #late(session: Session, tick: number, nowMs: number): void {
    const lateMs = this.clock.serverMs(nowMs) - tick * session.periodMs;
    session.viewDelay.arrived(lateMs, nowMs);
    this.staleness.push(lateMs);
    if (this.staleness.length > STALENESS_SAMPLES) this.staleness.shift();
  }

  #keys(session: Session, from: ByteReader, bytes: Uint8Array): void {
    const low = from.u8();
    const anchorX = from.zigzag();
    const anchorY = from.zigzag();
    const linkClass = from.u8();
    const audiences = from.u8();
    if (from.failed) {
      this.#malformed(session);
      return;
    }
    const tick = this.#tick(session, low);
    session.replica.moveTo(anchorX, anchorY, audiences, linkClass);
    const bits = new BitReader(bytes, from.position);
    while (bits.bitsLeft > 0) {
      const index = bits.chunked(7);
      const sequence = bits.bits(8);
      const sections = bits.bits(8);
      if (bits.failed || !session.replica.readKey(bits, index, sequence, sections, tick)) {
        this.#malformed(session);
        return;
      }
    }
  }

  /** A message that cannot be read: everything in view is asked for anew. */
  #malformed(session: Session): void {
    this.counters.errors++;
    this.#rekey('malformed', session.replica.loseAll());
  }

  #rekey(reason: RekeyReason, cells: readonly number[]): void {
    if (cells.length === 0) return;
    this.counters.rekeys++;
    for (let at = 0; at < cells.length; at += limits.cellsInView) {
      const some = cells.slice(at, at + limits.cellsInView);
      this.#events.send(encodeClientMessage({ type: 'rekey', reason, cells: some }));
    }
  }

  #private(session: Session, from: ByteReader, nowMs: number): void {
    const message = decodePrivate(from);
    if (message === undefined) {
      this.counters.errors++;
      return;
    }
    const { echo } = message;
    if (echo !== null) {
      const sentMs = nowMs - (((Math.floor(nowMs) & 0xffff) - echo.sentMs) & 0xffff) - (nowMs % 1);
      this.clock.sample(sentMs, echo.heldMs, unwrapTime(echo.serverTime, this.clock.serverMs(nowMs)), nowMs);
    }
    if (message.body.length > 0) this.#body(session, message.body);
  }

  #body(session: Session, bytes: Uint8Array): void {
    const body = session.privates.decode(bytes);
    if (body === undefined) {
      this.counters.errors++;
      return;
    }
    const behind = (session.tick - body.tick) & 0xff;
    const tick = behind <= limits.ticksBehind ? session.tick - behind : this.#tick(session, body.tick);
    for (const { index, raw } of body.owned) session.owned[index] = raw;
    for (const { sequence } of body.refused) session.avatar?.refused(sequence);
    if (body.position !== null) this.#place(session, tick, body.applied, body.position);
    for (const { sequence, code } of body.refused) {
      const error = errorOfClose(code + BASE_CLOSE_CODE);
      if (error !== undefined) this.#events.refused(error, sequence);
    }
    for (const { key, outcome } of body.answers) {
      const heard = outcome.done ? outcome.operation : errorOfClose(outcome.code + BASE_CLOSE_CODE);
      this.#events.answered?.(key, heard ?? 'internal');
    }
  }

  #place(session: Session, tick: number, applied: number, position: { x: number; y: number }): void {
    this.#applied(session, applied);
    if (session.avatar !== null) {
      if (session.predicts) session.avatar.reconcile(tick, applied, position.x, position.y);
      return;
    }
    session.avatar = new OwnAvatar(this.#world, tick, position.x, position.y, session.rate);
    for (const id of session.replica.entities.keys()) this.#muteAgain(id);
    this.#events.joined();
  }

  #applied(session: Session, applied: number): void {
    session.applied = Math.max(session.applied, applied);
    const { unapplied } = session;
    while ((unapplied[0]?.sequence ?? Number.POSITIVE_INFINITY) <= session.applied) unapplied.shift();
  }

  #heard(session: Session, from: ByteReader): void {
    const low = from.u8();
    const speaker = from.varint();
    const messages = session.events.decode(from.octets(from.left));
    if (typeof messages === 'string' || from.failed) {
      this.counters.errors++;
      return;
    }
    this.#tick(session, low);
    for (const message of messages) this.#events.heard(message.layout.name, speaker, session.events.values(message));
  }

  #pace(session: Session, from: ByteReader): void {
    const low = from.u8();
    const rate = from.u16();
    if (from.failed || from.left > 0) {
      this.counters.errors++;
      return;
    }
    this.#paced(session, this.#tick(session, low), rate);
  }

  #paced(session: Session, tick: number, rate: number): void {
    session.rate = rate;
    if (session.predicts) session.avatar?.paced(tick, rate);
  }

  /** How far ahead of the server the own avatar lives: so far that an input arrives before its tick. */
  get leadMs(): number {
    const { roundTripMs, jitterMs, errorMs } = this.clock;
    // An input names the tick after the one that is predicted.
    const trustedMs = limits.futureMs - 2 * (this.#session?.periodMs ?? 0) - errorMs;
    return Math.min(MOST_LEAD_MS, trustedMs, roundTripMs / 2 + jitterMs + LEAD_MARGIN_MS);
  }

  /** The moment of the world, in ticks, at which others are shown. */
  shownTick(nowMs: number): number {
    const session = this.#session;
    return session === null ? 0 : (this.clock.serverMs(nowMs) - session.viewDelay.delayMs) / session.periodMs;
  }

  /** Advances clock and prediction, lets go of what was awaited in vain, and is heard from at least once a second. */
  update(nowMs: number): void {
    this.clock.update(nowMs);
    const session = this.#session;
    if (session === null) return;
    session.viewDelay.update(nowMs);
    session.replica.expire(nowMs);
    if (session.predicts) session.avatar?.advance(this.#ownTick(session, nowMs));
    if (nowMs - session.lastSentMs < limits.heartbeatMs) return;
    session.lastSentMs = nowMs;
    this.#events.send(encodeClientMessage({ type: 'heartbeat', sentMs: Math.floor(nowMs) }));
  }

  #ownTick(session: Session, nowMs: number): number {
    return Math.floor((this.clock.serverMs(nowMs) + this.leadMs) / session.periodMs);
  }

  /**
   * Sends a command; returns its sequence number, or a sentence that says what does not fit. A predicted one takes
   * effect in the own avatar at once. Undefined while not in the world, and while as much is on its way as a gateway keeps
   * (SY29): beyond that it would end the connection.
   */
  command(name: string, input: Readonly<Record<string, unknown>>, nowMs: number): number | string | undefined {
    const session = this.#session;
    if (session?.avatar === null || session === null) return undefined;
    const message = session.commands.prepare(name, input);
    if (typeof message === 'string') return message;
    if (session.sequence - session.applied >= limits.inputsAhead) return undefined;
    this.update(nowMs);
    const tick = Math.max(session.avatar.tick, this.#ownTick(session, nowMs)) + 1;
    const sequence = ++session.sequence;
    session.lastSentMs = nowMs;
    if (message.layout.predicted && session.predicts)
      session.avatar.command(sequence, tick, session.stepInput(message.raw));
    const body = session.commands.encode([message]);
    session.unapplied.push({ sequence, tick, body });
    this.#events.send(encodeClientMessage({ type: 'input', sequence, tick, sentMs: Math.floor(nowMs), body }));
    return sequence;
  }

  /**
   * Asks for what is to last; `again` when that key was sent before. False while not in the world, or when the server
   * knows of no such thing; a sentence that says what does not fit.
   */
  operation(key: Uint8Array, again: boolean, name: string, input: Readonly<Record<string, unknown>>): boolean | string {
    const session = this.#session;
    if (session?.avatar === null || session === null) return false;
    const message = session.operations.prepare(name, input);
    if (typeof message === 'string') return message;
    this.#events.send(
      encodeClientMessage({ type: 'operation', key, again, body: session.operations.encode([message]) }),
    );
    return true;
  }

  /** Where the own avatar is to be drawn now, millimetres; false while it is not known. */
  showSelf(nowMs: number, out: Motion): boolean {
    const session = this.#session;
    if (session === null || session.avatar === null) return false;
    if (!session.predicts) {
      const self = session.replica.entities.get(session.welcome.entity);
      self?.track.at(this.shownTick(nowMs), out);
      return self !== undefined;
    }
    const elapsedMs = Math.max(0, nowMs - this.#shownMs);
    this.#shownMs = nowMs;
    const at = (this.clock.serverMs(nowMs) + this.leadMs) / session.periodMs;
    session.avatar.show(Math.max(0, Math.min(1, at - session.avatar.tick)), elapsedMs, out);
    return true;
  }
}
