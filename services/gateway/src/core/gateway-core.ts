import { type Bundle, decodeBundle, type SessionRecord, type ZoneTree } from '@lifeverse/contracts';
import {
  type ErrorCode,
  errorOfClose,
  layoutFingerprint,
  limits,
  writeContinued,
  writeGo,
  writePace,
} from '@lifeverse/protocol';
import { PrivateCodec } from '@lifeverse/sync/common';
import { type Connection, type ConnectionPort, freshConnection, groupOf, type Rates } from './connection.ts';
import { freshCounters, type RefusalCounters } from './counters.ts';
import { deadlines } from './deadlines.ts';
import { Earshot } from './earshot.ts';
import { CAUGHT_UP_BYTES, FanOut } from './fan-out.ts';
import { FrameBuilder } from './frames.ts';
import { defaultRates, type GatewayOptions } from './gateway-options.ts';
import type { Group, GroupIdentity } from './group.ts';
import { Groups } from './groups.ts';
import { Inbound } from './inbound.ts';
import { currentOf, Intake } from './intake.ts';
import { Leaving, type OtherGateways } from './leaving.ts';
import { operationsHeld } from './operations.ts';
import { PlayerLimits } from './player-limits.ts';
import { Slab } from './slab.ts';
import type { StreamCache } from './stream-cache.ts';
import { Verdicts } from './verdicts.ts';
import { type WatchContext, watch } from './watch.ts';
import { welcomeOf } from './welcome.ts';
import { Whereabouts } from './whereabouts.ts';
import type { ZoneLink } from './zone-link.ts';
import { ZoneLinks } from './zone-links.ts';

/** Deadlines are looked at this often. */
const WATCH_MS = 125;

/**
 * A gateway: connections in, bundles from zones in, frames out. No I/O and no clock; it never reads a component, and
 * forgets nothing that it could not be told again. Times are server time, ms since the world's origin.
 */
export class GatewayCore {
  readonly counters = freshCounters();
  readonly refusals: RefusalCounters = {};
  readonly verdicts: Verdicts;
  readonly #options: GatewayOptions;
  readonly #rates: Rates;
  readonly #links: ZoneLinks;
  readonly #groups: Groups;
  readonly #frames: FrameBuilder;
  readonly #slab: Slab;
  readonly #fanOut: FanOut;
  readonly #intake: Intake;
  readonly #earshot: Earshot;
  readonly #inbound: Inbound;
  readonly #whereabouts: Whereabouts;
  readonly #limits: PlayerLimits;
  readonly #leaving: Leaving;
  readonly #connections = new Set<Connection>();
  readonly #sessions = new Map<number, Connection>();
  readonly #fingerprint: string;
  readonly #layoutJson: string;
  readonly #watching: WatchContext;
  #nextSession = 1;
  #watchedMs = Number.NEGATIVE_INFINITY;
  /** Of the newest bundle of any zone: none that is told goes back behind it. */
  #tick = 0;
  #lastBundleMs = Number.NEGATIVE_INFINITY;
  #joined = 0;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#rates = { ...defaultRates, ...options.rates };
    this.#links = new ZoneLinks(options.gateway, options.generation, options.zones);
    this.#groups = new Groups(options.layout, this.#links);
    this.#limits = new PlayerLimits(options, this.#groups);
    this.#leaving = new Leaving((zone) => options.ports.better?.(zone) ?? null);
    this.#slab = new Slab(options.ports.allocate);
    this.#frames = new FrameBuilder(this.#slab);
    this.#fanOut = new FanOut(this.#slab, this.#frames, this.counters);
    this.#intake = new Intake(this.#groups, this.#frames, this.counters);
    this.#earshot = new Earshot(this.#groups, this.#frames, this.#fanOut, this.counters);
    this.#fingerprint = layoutFingerprint(options.layout);
    this.#layoutJson = JSON.stringify(options.layout);
    this.#inbound = new Inbound({
      tick: () => this.#tick,
      counters: this.counters,
      refusals: this.refusals,
      privates: new PrivateCodec(options.layout),
      fingerprint: this.#fingerprint,
      redeem: (ticket, nowMs) => this.verdicts.redeem(ticket, nowMs),
      mark: (connection) => this.#fanOut.mark(connection),
      close: (connection, code, nowMs, left) => this.close(connection, code, nowMs, left),
      rekey: (connection, indices) => this.#rekeyAsked(connection, indices),
      leaves: () => this.#leaving.begun,
    });
    this.#whereabouts = new Whereabouts({
      links: this.#links,
      inbound: this.#inbound,
      tellPace: (connection, rate) => {
        connection.outbox.push(this.#frames.message((out) => writePace(out, this.#tick, rate)));
        this.#fanOut.mark(connection);
      },
    });
    // No longer than a client can tell ticks by their low 8 bits.
    const countableMs = (limits.ticksBetweenFrames * 1_000) / options.layout.tickHz;
    this.#watching = {
      behindMs: Math.min(deadlines.behindMs, countableMs),
      tickSentMs: Math.min(deadlines.tickSentMs, countableMs / 2),
      close: (connection, code, nowMs) => this.close(connection, code, nowMs),
      drained: (connection, nowMs) => this.drained(connection, nowMs),
      sayAgain: (connection, nowMs) => this.#inbound.sayAgain(connection, nowMs),
      // Of a world that stands still there is none to tell.
      sendTick: (connection) => this.#lastBundleMs > connection.lastTickMs && this.#rekey(connection, []),
      mark: (connection) => this.#fanOut.mark(connection),
    };
    this.verdicts = new Verdicts({
      connections: this.#connections,
      redeem: options.ports.redeem,
      close: (connection, code, nowMs) => this.close(connection, code, nowMs),
      attach: (connection, nowMs) => this.#inbound.attach(connection, nowMs),
    });
  }

  get zones(): ZoneTree {
    return this.#links.tree;
  }

  get stopped(): boolean {
    return this.#connections.size === 0;
  }

  /** In the world, or on the way into it. */
  get players(): number {
    let attaching = 0;
    for (const { state } of this.#connections) if (state.kind === 'attaching') attaching++;
    return this.#joined + attaching;
  }

  /** Lets nobody in, and asks all to go on by one of the others within that time. */
  leave(withinMs: number, others: OtherGateways, nowMs: number): void {
    this.#leaving.begin(this.players, withinMs, others, nowMs);
  }

  get leaves(): boolean {
    return this.#leaving.begun;
  }

  /** Lets players in, and keeps those who are there. */
  stay(): void {
    this.#leaving.end(this.#connections);
  }

  /** When a bundle last arrived: whether the world behind this gateway is alive. */
  get lastBundleMs(): number {
    return this.#lastBundleMs;
  }

  /** Cells have other zones from now on: what is seen of them goes on meanwhile. `former`: who had them, and is there still. */
  rearrange(zones: ZoneTree, nowMs: number, former: ZoneTree | null = this.#links.tree): void {
    for (const { group, index } of this.#links.rearrange(zones, nowMs)) {
      for (const member of group.members) {
        if (member.state.kind === 'behind') member.state.stale.add(group.stream(index) as StreamCache);
        else this.#rekey(member, [index]);
      }
    }
    this.#whereabouts.rearranged(this.#connections, former, nowMs);
    this.flush(nowMs);
  }

  gauges(): Record<string, number> {
    return {
      connections: this.#connections.size,
      players: this.#joined,
      draining: this.#leaving.begun ? 1 : 0,
      groups: this.#groups.size,
      streams: this.#links.streamCount,
    };
  }

  connect(port: ConnectionPort, nowMs: number): Connection {
    const first = { port, session: this.#nextSession++, link: this.#links.entrance };
    const connection = freshConnection(first, this.#rates, nowMs);
    this.#connections.add(connection);
    this.#sessions.set(connection.session, connection);
    return connection;
  }

  /** One whole binary message of a client. */
  receive(connection: Connection, bytes: Uint8Array, nowMs: number): void {
    this.#inbound.receive(connection, bytes, nowMs);
  }

  disconnected(connection: Connection, nowMs: number): void {
    this.#forget(connection, false, nowMs);
  }

  close(connection: Connection, code: ErrorCode, nowMs: number, left = false): void {
    if (connection.state.kind === 'closed') return;
    this.refusals[code] = (this.refusals[code] ?? 0) + 1;
    this.#forget(connection, left, nowMs);
    connection.port.close(code);
  }

  /** Ends everyone. */
  stop(code: ErrorCode, nowMs: number): void {
    for (const connection of [...this.#connections]) this.close(connection, code, nowMs);
    this.flush(nowMs);
  }

  #forget(connection: Connection, left: boolean, nowMs: number): void {
    const { state, session, character, incarnation, link } = connection;
    if (state.kind === 'closed') return;
    const group = groupOf(connection);
    if (group !== null) {
      this.#fanOut.leaving(connection, group, nowMs);
      this.#groups.leave(connection, group);
      this.#joined--;
    }
    if (group !== null || state.kind === 'attaching')
      link.detach({ op: 'detach', session, character, incarnation, left }, nowMs);
    connection.state = { kind: 'closed' };
    connection.dirty = false;
    this.#connections.delete(connection);
    this.#sessions.delete(connection.session);
    if (left) this.flush(nowMs);
  }

  /** The socket takes bytes again. */
  drained(connection: Connection, nowMs: number): void {
    const { state, allowance } = connection;
    if (state.kind !== 'behind' || connection.port.bufferedBytes() > CAUGHT_UP_BYTES) return;
    if (!allowance.isWorkedOff(nowMs)) return;
    const { group, stale } = state;
    this.#shareLater(connection, group);
    connection.state = { kind: 'playing', group };
    const indices = group.streams.filter((use) => stale.has(use.stream)).map((use) => use.index);
    this.#rekey(connection, indices);
    this.#fanOut.deliver(connection, nowMs);
  }

  /** Sends keyframes of those of the group's streams that follow; the others are keyed for all once they do. */
  #rekey(connection: Connection, indices: readonly number[]): void {
    const group = groupOf(connection);
    if (group === null) return;
    const streams = currentOf(group, indices);
    this.counters.keyframes_sent += streams.length;
    connection.outbox.push(this.#frames.keys(group.identity, this.#tick, streams));
    connection.lastTickMs = this.#lastBundleMs;
    this.#fanOut.mark(connection);
  }

  /** A client asks for keyframes: each at most once a tick, and none while it does not even take what it has. */
  #rekeyAsked(connection: Connection, indices: readonly number[]): void {
    const { state, keyed } = connection;
    const group = groupOf(connection);
    if (keyed.tick !== this.#tick) keyed.streams.clear();
    keyed.tick = this.#tick;
    const fresh = indices.filter((index) => {
      const stream = group?.stream(index);
      if (stream === undefined || keyed.streams.has(stream)) return false;
      if (state.kind === 'behind') state.stale.add(stream);
      else keyed.streams.add(stream);
      return state.kind === 'playing';
    });
    if (fresh.length > 0) this.#rekey(connection, fresh);
  }

  /** A bundle from a zone. Afterwards `fanOut` writes what it brought. */
  bundle(bytes: Uint8Array, nowMs: number): void {
    const bundle = decodeBundle(bytes);
    if (bundle === undefined) {
      this.counters.bundles_malformed++;
      return;
    }
    const link = this.#links.find(bundle.zone);
    if (link === undefined) {
      // For an earlier life, which had to do with that zone.
      this.counters.bundles_late++;
      return;
    }
    const late = link.isLate(bundle);
    if (late === 'fenced') {
      this.counters.bundles_fenced++;
      return;
    }
    if (bundle.generation > this.#options.generation) {
      // Its successor is running: whoever is still here is better off there.
      this.stop('server_stopping', nowMs);
      return;
    }
    if (late || bundle.generation !== this.#options.generation) {
      this.counters.bundles_late++;
      return;
    }
    while (this.#fanOut.run(Number.MAX_SAFE_INTEGER, nowMs));
    this.#beginTick(link, bundle, nowMs);
    const touched = this.#intake.take(link, bundle, this.#tick, nowMs);
    this.#fanOut.begin(this.#intake.turn, touched);
    for (const record of bundle.sessions) this.#session(link, bundle, record, nowMs);
    for (const event of bundle.events) this.#earshot.heard(link, event, this.#tick);
    this.flush(nowMs);
  }

  /** A slice of at most so many writes; true: call again. */
  fanOut(maxWrites: number, nowMs: number): boolean {
    return this.#fanOut.run(maxWrites, nowMs);
  }

  #beginTick(link: ZoneLink, bundle: Bundle, nowMs: number): void {
    this.counters.bundles++;
    if (bundle.epoch > link.epoch || bundle.since !== link.since) {
      if (link.epoch > 0) this.#startOver(link, nowMs);
      link.epoch = bundle.epoch;
      link.since = bundle.since;
    } else if (bundle.sequence !== link.sequence + 1) {
      this.counters.bundles_lost += Math.max(0, bundle.sequence - link.sequence - 1);
      link.say({ op: 'resync' });
      // Whoever the zone does not speak of in its answer, it may have forgotten.
      for (const connection of this.#connections) if (connection.link === link) connection.askedMs ??= nowMs;
    }
    if (this.#tick > 0 && bundle.tick - this.#tick > limits.ticksBetweenFrames) this.#leapt(nowMs);
    link.sequence = bundle.sequence;
    link.tick = bundle.tick;
    this.#tick = Math.max(this.#tick, bundle.tick);
    this.#lastBundleMs = nowMs;
    if (!link.answered(bundle.interestVersion, nowMs)) this.#startOver(link, nowMs);
    if (bundle.rate !== link.rate) this.#pace(link, bundle.rate);
  }

  /** The world stood still for so long that no client could tell its ticks any more: they come back and are told anew. */
  #leapt(nowMs: number): void {
    for (const connection of [...this.#connections])
      if (groupOf(connection) !== null) this.close(connection, 'zone_unreachable', nowMs);
  }

  /** Another owner, or one that has forgotten this gateway: nothing that it said of streams and sessions holds. */
  #startOver(link: ZoneLink, nowMs: number): void {
    for (const stream of link.streams) if (stream !== null) link.lose(stream, nowMs);
    for (const connection of this.#connections)
      if (connection.link === link && groupOf(connection) !== null) this.#inbound.meetOwner(connection, nowMs);
  }

  /** For those whose own avatar it concerns: others are shown as they are told. */
  #pace(link: ZoneLink, rate: number): void {
    link.rate = rate;
    const frame = this.#frames.message((out) => writePace(out, this.#tick, rate));
    for (const connection of this.#connections) {
      if (connection.link !== link || groupOf(connection) === null) continue;
      connection.outbox.push(frame);
      this.#fanOut.mark(connection);
    }
  }

  #session(link: ZoneLink, bundle: Bundle, record: SessionRecord, nowMs: number): void {
    const connection = this.#sessions.get(record.session);
    if (connection === undefined) {
      if (record.ended !== undefined) link.detached(record.session);
      return;
    }
    this.#whereabouts.stands(connection, link, record, nowMs);
    if (connection.link !== link) return;
    // A client could not tell how far behind the others this is.
    if (this.#tick - bundle.tick > limits.ticksBehind) this.close(connection, 'zone_unreachable', nowMs);
    this.#hear(connection, bundle, record, nowMs);
    this.#whereabouts.moves(connection, record, nowMs);
  }

  #hear(connection: Connection, bundle: Bundle, record: SessionRecord, nowMs: number): void {
    if (record.ended !== undefined) {
      this.close(connection, errorOfClose(record.ended) ?? 'internal', nowMs);
      return;
    }
    if (record.attached !== undefined) connection.askedMs = null;
    if (record.attached !== undefined && connection.state.kind === 'attaching')
      this.#welcome(connection, bundle, record, nowMs);
    const group = groupOf(connection);
    if (group === null) return;
    // What came by the connection that the player has moved from, nobody here can say again.
    const isBehind = record.applied !== undefined && record.applied < connection.stable;
    if (record.attached !== undefined && (record.attached.entity !== connection.entity || isBehind)) {
      // Not that the session is unknown: by that one, a client gives up its log-in.
      this.close(connection, 'zone_unreachable', nowMs);
      return;
    }
    if (record.stable !== undefined) this.#inbound.stable(connection, record.stable, record.applied);
    if (record.held !== undefined) operationsHeld(connection.operations, record.held);
    const { identity } = group;
    const anchor = record.anchor ?? { x: identity.anchorX, y: identity.anchorY };
    const audiences = record.audiences ?? identity.audiences;
    if (anchor.x !== identity.anchorX || anchor.y !== identity.anchorY || audiences !== identity.audiences) {
      this.#move(connection, group, { ...identity, anchorX: anchor.x, anchorY: anchor.y, audiences }, nowMs);
    }
    if (record.body === undefined) return;
    connection.bodies.push(record.body.slice());
    this.#fanOut.mark(connection);
  }

  #welcome(connection: Connection, bundle: Bundle, record: SessionRecord, nowMs: number): void {
    const { state } = connection;
    const { attached, anchor } = record;
    if (
      state.kind !== 'attaching' ||
      attached === undefined ||
      anchor === undefined ||
      attached.incarnation !== connection.incarnation
    )
      return;
    const identity = {
      anchorX: anchor.x,
      anchorY: anchor.y,
      linkClass: this.#limits.linkClassOf(connection.audience),
      audiences: record.audiences ?? 0,
      version: connection.version,
    };
    const group = this.#groups.of(identity, nowMs);
    group.add(connection);
    connection.state = { kind: 'playing', group };
    connection.entity = attached.entity;
    connection.frameTurn = this.#intake.turn;
    this.#joined++;
    this.#limits.allow(connection);
    this.counters.joins++;
    const { layout } = this.#options;
    const layoutJson = state.layoutDiffers ? this.#layoutJson : '';
    const moment = { serverMs: nowMs, tick: this.#tick, rate: bundle.rate };
    const told = { ...moment, layout, layoutFingerprint: this.#fingerprint, layoutJson };
    const welcome = welcomeOf(connection, attached, identity, told);
    connection.outbox.push(this.#slab.frame(welcome, welcome.length));
    if (connection.continues > 0) this.#continue(connection, record.applied ?? 0);
    this.#rekey(
      connection,
      group.streams.map((use) => use.index),
    );
  }

  /** Inputs are counted on from where the zone is with those that came by the connection before. */
  #continue(connection: Connection, applied: number): void {
    connection.sequence = connection.stable = connection.applied = applied;
    this.counters.moves++;
    connection.outbox.push(this.#frames.message((out) => writeContinued(out, applied)));
  }

  /** The player's view is another one: what it had stays, what is new to it is keyed. */
  #move(connection: Connection, from: Group, identity: GroupIdentity, nowMs: number): void {
    this.#shareLater(connection, from);
    const to = this.#groups.of(identity, nowMs);
    const fresh = to.streams.filter((use) => !from.reads(use.stream));
    this.#fanOut.leaving(connection, from, nowMs);
    this.#groups.leave(connection, from);
    to.add(connection);
    const { state } = connection;
    if (state.kind === 'behind') {
      for (const stream of [...state.stale]) if (!to.reads(stream)) state.stale.delete(stream);
      for (const { stream } of fresh) state.stale.add(stream);
      connection.state = { ...state, group: to };
    } else {
      connection.state = { kind: 'playing', group: to };
      this.#rekey(
        connection,
        fresh.map((use) => use.index),
      );
    }
  }

  /** Settles what the group shares in this tick for a connection that the fan-out must not find there any more. */
  #shareLater(connection: Connection, group: Group): void {
    if (connection.frameTurn === this.#fanOut.turn) return;
    connection.frameTurn = this.#fanOut.turn;
    if (connection.state.kind === 'behind') {
      for (const stream of group.news(this.#fanOut.turn)) connection.state.stale.add(stream);
      return;
    }
    if (group.frame !== null) connection.outbox.push(group.frame);
    if (group.keys !== null) connection.outbox.push(group.keys);
  }

  /** Says what has gathered; to be called when a turn's messages are read, so that inputs do not wait for the next bundle. */
  flush(nowMs: number): void {
    this.#links.flush(this.#options.ports, nowMs);
  }

  /** Deadlines and reminders; about every 50 ms. */
  timer(nowMs: number): void {
    if (nowMs - this.#watchedMs >= WATCH_MS) {
      this.#watchedMs = nowMs;
      for (const connection of this.#connections) watch(this.#watching, connection, nowMs);
    }
    for (const { connection, group, linkClass } of this.#limits.look(this.#connections))
      this.#move(connection, group, { ...group.identity, linkClass }, nowMs);
    for (const [connection, go] of this.#leaving.turn(this.#connections, nowMs)) {
      if (go.reason === 'better') this.counters.players_steered++;
      connection.outbox.push(this.#frames.message((out) => writeGo(out, go)));
      this.#fanOut.mark(connection);
    }
    this.#links.remind(nowMs);
    this.flush(nowMs);
  }
}
