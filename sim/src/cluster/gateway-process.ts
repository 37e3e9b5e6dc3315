import type { Random } from '@lifeverse/base';
import { decodeBundle, type ZoneTree } from '@lifeverse/contracts';
import { type Connection, GatewayCore } from '@lifeverse/gateway/core';
import type { ErrorCode, WorldLayout } from '@lifeverse/protocol';
import type { Socket } from '../network/socket.ts';
import type { Tally } from '../report/tally.ts';
import type { Due } from '../time/event-queue.ts';
import type { Timeline } from '../time/timeline.ts';
import type { Desk } from './desk.ts';

export interface GatewayParts {
  readonly name: string;
  readonly generation: number;
  readonly layout: WorldLayout;
  readonly zones: ZoneTree;
  readonly timeline: Timeline;
  readonly random: Random;
  readonly desk: Desk;
  readonly tally: Tally;
  /** To the owner of that zone. */
  toZone(zone: number, bytes: Uint8Array): void;
}

const TIMER_MS = 50;
/** A turn of the event loop: what was read in it is passed on at its end. */
const TURN_MS = 0.1;
const SLICE_PAUSE_MS = 0.2;
/** As in the real process: the oldest of more waiting bundles of a zone is dropped. */
const WAITING_BUNDLES = 2;
/** Bundles of which it is remembered that they were written. */
const WRITTEN = 1_024;

interface Waiting {
  readonly zone: number;
  readonly epoch: number;
  readonly tick: number;
  readonly bytes: Uint8Array;
}

/** A process around a gateway's core: turns, slices, a timer; it may stop for a while, and it may die. */
export class GatewayProcess {
  readonly name: string;
  readonly core: GatewayCore;
  /** The bundle that is being written to players, counted from 1, and the last one that was written to all of them. */
  writing = 0;
  done = 0;
  /** The zone and the tick of every bundle, by its number. */
  readonly #written: { zone: number; tick: number }[] = Array.from({ length: WRITTEN }, () => ({ zone: 0, tick: -1 }));
  readonly #epochs = new Map<number, number>();
  readonly #parts: GatewayParts;
  readonly #sockets = new Set<Socket>();
  readonly #sliceWrites: number;
  #state: 'running' | 'paused' | 'dead' = 'running';
  /** What reached the process while it was paused. */
  #inbox: (() => void)[] = [];
  #waiting: Waiting[] = [];
  #fansOut = false;
  #flushes = false;
  readonly #flush: Due = { due: (nowMs) => this.#whenRunning(() => this.#endTurn(nowMs)) };
  readonly #slice: Due = { due: () => this.#whenRunning(() => this.#fanOut()) };
  readonly #timer: Due = { due: () => this.#beat() };

  constructor(parts: GatewayParts) {
    const { name, generation, layout, zones, timeline, random, desk } = parts;
    this.name = name;
    this.#parts = parts;
    this.#sliceWrites = 8 + random.below(40);
    this.core = new GatewayCore({
      gateway: name,
      generation,
      layout,
      zones,
      ports: {
        toZone: (zone, bytes) => parts.toZone(zone, bytes),
        redeem: (ticket) => desk.redeem(ticket),
        allocate: (bytes) => new Uint8Array(bytes),
      },
    });
    timeline.after(random.between(0, TIMER_MS), this.#timer);
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  get dead(): boolean {
    return this.#state === 'dead';
  }

  get sockets(): Iterable<Socket> {
    return this.#sockets;
  }

  get #nowMs(): number {
    return this.#parts.timeline.nowMs();
  }

  accept(socket: Socket, accepted: (connection: Connection) => void): void {
    if (this.dead) {
      socket.died();
      return;
    }
    this.#sockets.add(socket);
    this.#whenRunning(() => accepted(this.core.connect(socket, this.#nowMs)));
  }

  receive(connection: Connection, bytes: Uint8Array): void {
    this.#whenRunning(() => {
      this.core.receive(connection, bytes, this.#nowMs);
      this.#flushSoon();
    });
  }

  disconnected(connection: Connection): void {
    this.#whenRunning(() => {
      this.core.disconnected(connection, this.#nowMs);
      this.#flushSoon();
    });
  }

  drained(connection: Connection): void {
    this.#whenRunning(() => this.core.drained(connection, this.#nowMs));
  }

  forget(socket: Socket): void {
    this.#sockets.delete(socket);
  }

  /** From the bus. */
  bundle(bytes: Uint8Array): void {
    this.#whenRunning(() => {
      const { zone = 0, epoch = 0, tick = 0 } = decodeBundle(bytes) ?? {};
      const ofZone = this.#waiting.filter((waiting) => waiting.zone === zone);
      this.#waiting.push({ zone, epoch, tick, bytes });
      if (ofZone.length >= WAITING_BUNDLES) {
        this.#parts.tally.add('bundles dropped by a busy gateway');
        this.#waiting.splice(this.#waiting.indexOf(ofZone[0]), 1);
      }
      if (!this.#fansOut) this.#nextBundle();
    });
  }

  /** The last tick of that zone of which everything has been written, up to that bundle; -1 when there is none. */
  tickWritten(zone: number, upTo: number): number {
    for (let number = upTo; number > Math.max(0, this.writing - WRITTEN); number--) {
      const written = this.#written[number % WRITTEN];
      if (written.zone === zone) return written.tick;
    }
    return -1;
  }

  #nextBundle(): void {
    const next = this.#waiting.shift();
    if (next === undefined) return;
    const { zone, epoch, bytes } = next;
    const newest = Math.max(epoch, this.#epochs.get(zone) ?? 0);
    this.#epochs.set(zone, newest);
    const tick = Math.max(next.tick, this.tickWritten(zone, this.writing));
    // What an owner says that is none any more reaches nobody.
    Object.assign(this.#written[++this.writing % WRITTEN], { zone: epoch === newest ? zone : 0, tick });
    this.core.bundle(bytes, this.#nowMs);
    this.#fansOut = true;
    this.#fanOut();
  }

  #fanOut(): void {
    if (this.core.fanOut(this.#sliceWrites, this.#nowMs)) {
      this.#parts.timeline.after(SLICE_PAUSE_MS, this.#slice);
      return;
    }
    this.done = this.writing;
    this.#fansOut = false;
    this.#nextBundle();
  }

  #flushSoon(): void {
    if (this.#flushes) return;
    this.#flushes = true;
    this.#parts.timeline.after(TURN_MS, this.#flush);
  }

  #endTurn(nowMs: number): void {
    this.#flushes = false;
    this.core.flush(nowMs);
  }

  #beat(): void {
    if (this.dead) return;
    this.#parts.timeline.after(TIMER_MS, this.#timer);
    if (this.running) this.core.timer(this.#nowMs);
  }

  #whenRunning(run: () => void): void {
    if (this.#state === 'running') run();
    else if (this.#state === 'paused') this.#inbox.push(run);
  }

  pause(): void {
    if (this.#state === 'running') this.#state = 'paused';
  }

  /** Everything that came meanwhile is handled in one go. */
  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    const inbox = this.#inbox;
    this.#inbox = [];
    for (const run of inbox) this.#whenRunning(run);
  }

  /** Without a word. */
  kill(): void {
    if (this.dead) return;
    this.count();
    this.#state = 'dead';
    this.#inbox = [];
    const sockets = [...this.#sockets];
    this.#sockets.clear();
    for (const socket of sockets) socket.died();
  }

  /** Adds what the core has counted to the tally. */
  count(): void {
    for (const [name, count] of Object.entries(this.core.counters)) this.#parts.tally.add(`gateways: ${name}`, count);
  }

  /** Closes everyone with a code, as a stopped process does. */
  stop(code: ErrorCode): void {
    this.core.stop(code, this.#nowMs);
    this.kill();
  }
}
