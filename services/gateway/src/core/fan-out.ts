import { wireTime, writePrivate } from '@lifeverse/protocol';
import { type Connection, groupOf } from './connection.ts';
import type { GatewayCounters } from './counters.ts';
import type { FrameBuilder } from './frames.ts';
import type { Group } from './group.ts';
import type { Slab } from './slab.ts';
import type { StreamCache } from './stream-cache.ts';

/** Above this, a socket gets no more sections; below the other, it is keyed again. */
export const BEHIND_BYTES = 64 * 1_024;
export const CAUGHT_UP_BYTES = 8 * 1_024;
/** So much more may gather then: what only this player is told goes on. */
const BEHIND_MORE_BYTES = 64 * 1_024;

/**
 * Writes what a bundle brought: first to groups, one member after the other, then to those with something of their own.
 * In slices, so that the sockets are read in between.
 */
export class FanOut {
  /** Counts what is written together: what one bundle of one zone brought. */
  turn = 0;
  readonly #slab: Slab;
  readonly #frames: FrameBuilder;
  readonly #counters: GatewayCounters;
  #groups: Group[] = [];
  #singles: Connection[] = [];
  #group = 0;
  #member = 0;
  #single = 0;

  constructor(slab: Slab, frames: FrameBuilder, counters: GatewayCounters) {
    this.#slab = slab;
    this.#frames = frames;
    this.#counters = counters;
  }

  get pending(): boolean {
    return this.#group < this.#groups.length || this.#single < this.#singles.length;
  }

  begin(turn: number, groups: Group[]): void {
    this.turn = turn;
    this.#groups = groups;
    this.#group = this.#member = 0;
    if (this.#single > 0) this.#singles.splice(0, this.#single);
    this.#single = 0;
  }

  /** The connection has something of its own to be sent with the next slice. */
  mark(connection: Connection): void {
    if (connection.dirty) return;
    connection.dirty = true;
    this.#singles.push(connection);
  }

  /** At most so many writes; true when more remain. */
  run(maxWrites: number, nowMs: number): boolean {
    let writes = 0;
    while (this.#group < this.#groups.length) {
      const { members } = this.#groups[this.#group] as Group;
      while (this.#member < members.length) {
        if (writes++ === maxWrites) return true;
        this.deliver(members[this.#member++] as Connection, nowMs);
      }
      this.#group++;
      this.#member = 0;
    }
    while (this.#single < this.#singles.length) {
      if (writes++ === maxWrites) return true;
      const connection = this.#singles[this.#single++] as Connection;
      if (connection.dirty) this.deliver(connection, nowMs);
    }
    this.#singles.length = this.#single = 0;
    return false;
  }

  /**
   * A member is about to leave its group, and the last one to take its place: which, in the middle of the group, may be
   * a place that was passed already.
   */
  leaving(connection: Connection, group: Group, nowMs: number): void {
    if (this.#groups[this.#group] !== group || connection.place >= this.#member) return;
    const last = group.members[group.members.length - 1] as Connection;
    if (last !== connection && last.place >= this.#member) this.deliver(last, nowMs);
  }

  /** Everything this turn has for one connection, in one write. */
  deliver(connection: Connection, nowMs: number): void {
    const group = groupOf(connection);
    if (group === null) return;
    if (connection.state.kind === 'playing') {
      const waiting = connection.port.bufferedBytes();
      if (waiting > BEHIND_BYTES || connection.allowance.isSpent(nowMs)) {
        const limitBytes = waiting + BEHIND_MORE_BYTES;
        connection.state = { kind: 'behind', group, sinceMs: nowMs, limitBytes, stale: new Set() };
      }
    }
    const shares = connection.frameTurn !== this.turn && (group.frame !== null || group.keys !== null);
    if (shares) {
      connection.frameTurn = this.turn;
      connection.lastTickMs = nowMs;
    }
    if (connection.state.kind === 'behind') {
      if (shares) this.#skip(group, connection.state.stale);
      if (connection.dirty) this.#write(connection, this.#own(connection, nowMs));
      return;
    }
    if (!connection.dirty && connection.echo === null) {
      if (shares) this.#write(connection, group.keys === null ? [group.frame as Uint8Array] : shared(group));
      return;
    }
    const own = this.#own(connection, nowMs);
    this.#write(connection, shares ? [...shared(group), ...own] : own);
  }

  #skip(group: Group, stale: Set<StreamCache>): void {
    const dropped = group.news(this.turn);
    for (const stream of dropped) stale.add(stream);
    this.#counters.sections_dropped += dropped.length;
  }

  /** What only this connection gets; its outbox is empty afterwards. */
  #own(connection: Connection, nowMs: number): Uint8Array[] {
    const parts = connection.outbox;
    connection.outbox = [];
    connection.dirty = false;
    const { echo, bodies } = connection;
    if (echo === null && bodies.length === 0) return parts;
    connection.echo = null;
    connection.bodies = [];
    const echoed =
      echo === null ? null : { sentMs: echo.sentMs, heldMs: nowMs - echo.heardMs, serverTime: wireTime(nowMs) };
    if (bodies.length === 0) bodies.push(new Uint8Array(0));
    bodies.forEach((body, i) => {
      parts.push(this.#frames.message((out) => writePrivate(out, { echo: i === 0 ? echoed : null, body })));
    });
    return parts;
  }

  #write(connection: Connection, parts: readonly Uint8Array[]): void {
    if (parts.length === 0) return;
    const bytes = this.#slab.join(parts);
    this.#counters.writes++;
    this.#counters.bytes_sent += bytes.length;
    connection.allowance.spend(bytes.length);
    connection.port.write(bytes);
  }
}

function shared(group: Group): Uint8Array[] {
  const parts: Uint8Array[] = [];
  if (group.frame !== null) parts.push(group.frame);
  if (group.keys !== null) parts.push(group.keys);
  return parts;
}
