import type { Random } from '@lifeverse/base';
import { decodeBundle } from '@lifeverse/contracts';
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
  readonly timeline: Timeline;
  readonly random: Random;
  readonly desk: Desk;
  readonly tally: Tally;
  /** To the owner of the zone. */
  readonly uplink: { send(bytes: Uint8Array): void };
}

const TIMER_MS = 50;
/** A turn of the event loop: what was read in it is passed on at its end. */
const TURN_MS = 0.1;
const SLICE_PAUSE_MS = 0.2;
/** As in the real process: the oldest of more waiting bundles is dropped. */
const WAITING_BUNDLES = 2;

/** A process around a gateway's core: turns, slices, a timer; it may stop for a while, and it may die. */
export class GatewayProcess {
  readonly name: string;
  readonly core: GatewayCore;
  /** The tick that is being written to players, and the last one that was written to all of them. */
  writingTick = 0;
  doneTick = 0;
  readonly #parts: GatewayParts;
  readonly #sockets = new Set<Socket>();
  readonly #sliceWrites: number;
  #state: 'running' | 'paused' | 'dead' = 'running';
  /** What reached the process while it was paused. */
  #inbox: (() => void)[] = [];
  #waiting: Uint8Array[] = [];
  #fansOut = false;
  #flushes = false;
  readonly #flush: Due = { due: (nowMs) => this.#whenRunning(() => this.#endTurn(nowMs)) };
  readonly #slice: Due = { due: () => this.#whenRunning(() => this.#fanOut()) };
  readonly #timer: Due = { due: () => this.#beat() };

  constructor(parts: GatewayParts) {
    const { name, generation, layout, timeline, random, desk, uplink } = parts;
    this.name = name;
    this.#parts = parts;
    this.#sliceWrites = 8 + random.below(40);
    this.core = new GatewayCore({
      gateway: name,
      generation,
      layout,
      zones: { zone: 1 },
      ports: {
        toZone: (_zone, bytes) => uplink.send(bytes),
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
      if (this.#waiting.push(bytes) > WAITING_BUNDLES) {
        this.#parts.tally.add('bundles dropped by a busy gateway');
        this.#waiting.shift();
      }
      if (!this.#fansOut) this.#nextBundle();
    });
  }

  #nextBundle(): void {
    const bytes = this.#waiting.shift();
    if (bytes === undefined) return;
    this.writingTick = Math.max(this.writingTick, decodeBundle(bytes)?.tick ?? 0);
    this.core.bundle(bytes, this.#nowMs);
    this.#fansOut = true;
    this.#fanOut();
  }

  #fanOut(): void {
    if (this.core.fanOut(this.#sliceWrites, this.#nowMs)) {
      this.#parts.timeline.after(SLICE_PAUSE_MS, this.#slice);
      return;
    }
    this.doneTick = this.writingTick;
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
