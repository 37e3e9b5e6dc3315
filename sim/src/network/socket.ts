import type { Random } from '@lifeverse/base';
import type { Connection, ConnectionPort } from '@lifeverse/gateway/core';
import type { ErrorCode } from '@lifeverse/protocol';
import type { GatewayProcess } from '../cluster/gateway-process.ts';
import type { Timeline } from '../time/timeline.ts';
import { type LineConditions, StreamLink } from './stream-link.ts';
import { eachMessage } from './web-socket-frames.ts';

/** The player's end. */
export interface SocketUser {
  opened(): void;
  message(bytes: Uint8Array): void;
  /** With the code that the gateway closed with, or `zone_unreachable` when the line broke. */
  lost(code: ErrorCode): void;
}

export interface SocketParts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly up: LineConditions;
  readonly down: LineConditions;
  readonly gateway: GatewayProcess;
  readonly user: SocketUser;
  /** Every write of the gateway as it arrives. */
  delivered(bytes: Uint8Array): void;
}

/** One connection between a player and a gateway: two streams of bytes, each end with its own idea of whether it lives. */
export class Socket implements ConnectionPort {
  readonly gateway: GatewayProcess;
  readonly toPlayer: StreamLink;
  readonly toGateway: StreamLink;
  readonly openedMs: number;
  /** Why the gateway has closed it, if it did. */
  closedWith: ErrorCode | null = null;
  readonly #parts: SocketParts;
  #connection: Connection | null = null;
  #playerHas = true;
  readonly #farewell = new Uint8Array(0);

  constructor(parts: SocketParts) {
    const { timeline, random, gateway } = parts;
    this.#parts = parts;
    this.gateway = gateway;
    this.openedMs = timeline.nowMs();
    this.toPlayer = new StreamLink({ timeline, random, conditions: parts.down }, (bytes) => this.#arrived(bytes));
    this.toGateway = new StreamLink({ timeline, random, conditions: parts.up }, (bytes) => this.#uttered(bytes));
    timeline.later(parts.up.delayMs, () => this.#knock());
  }

  /** The player's end is open: what it believes, not what is so. */
  get alive(): boolean {
    return this.#playerHas;
  }

  /** The last tick of that zone of which everything that the gateway wrote has arrived; -1 when there is none. */
  arrivedTick(zone: number): number {
    const { done } = this.gateway;
    return this.gateway.tickWritten(zone, Math.min(done, this.toPlayer.arrivedBefore(done + 1) - 1));
  }

  #knock(): void {
    if (!this.#playerHas) return;
    const { timeline, down, user, gateway } = this.#parts;
    gateway.accept(this, (connection) => {
      this.#connection = connection;
      timeline.later(down.delayMs, () => {
        if (this.#playerHas) user.opened();
      });
    });
  }

  // The gateway's end.

  write(bytes: Uint8Array): void {
    this.toPlayer.send(bytes, this.gateway.writing);
  }

  bufferedBytes(): number {
    return this.toPlayer.bufferedBytes();
  }

  close(code: ErrorCode): void {
    this.#connection = null;
    this.closedWith = code;
    this.toGateway.cut();
    this.toPlayer.send(this.#farewell, this.gateway.writing);
    this.gateway.forget(this);
  }

  /** The player gets nothing for so long; so many bytes wait in the gateway's socket besides. */
  stall(durationMs: number, backlogBytes: number): void {
    this.toPlayer.stall(durationMs, backlogBytes);
    this.#parts.timeline.later(durationMs, () => this.#drained());
  }

  relieve(): void {
    this.toGateway.relieve();
    this.toPlayer.relieve();
    this.#drained();
  }

  #drained(): void {
    if (this.#connection !== null) this.gateway.drained(this.#connection);
  }

  #arrived(bytes: Uint8Array): void {
    if (!this.#playerHas) return;
    if (bytes === this.#farewell) {
      this.#lost(this.closedWith ?? 'zone_unreachable');
      return;
    }
    this.#parts.delivered(bytes);
    eachMessage(bytes, (message) => {
      if (this.#playerHas) this.#parts.user.message(message);
    });
  }

  #uttered(bytes: Uint8Array): void {
    if (bytes === this.#farewell) this.#gone();
    else if (this.#connection !== null) this.gateway.receive(this.#connection, bytes);
  }

  // The player's end.

  send(bytes: Uint8Array): void {
    if (this.#playerHas) this.toGateway.send(bytes, 0);
  }

  /** The player closes: a reload, or for good. What was sent before still arrives. */
  abandon(): void {
    this.toGateway.send(this.#farewell, 0);
    this.#playerHas = false;
    this.toPlayer.cut();
  }

  /** The line is dead. The player notices at once; the gateway only if the network tells it. */
  breakOff(gatewayIsTold: boolean): void {
    this.toGateway.cut();
    this.toPlayer.cut();
    if (gatewayIsTold) this.#parts.timeline.later(this.#parts.up.delayMs, () => this.#gone());
    this.#lost('zone_unreachable');
  }

  /** The gateway's process is no more. */
  died(): void {
    this.#connection = null;
    this.toGateway.cut();
    this.toPlayer.cut();
    this.#parts.timeline.later(this.#parts.down.delayMs, () => this.#lost('zone_unreachable'));
  }

  #gone(): void {
    const connection = this.#connection;
    this.#connection = null;
    this.toGateway.cut();
    this.gateway.forget(this);
    if (connection !== null) this.gateway.disconnected(connection);
  }

  #lost(code: ErrorCode): void {
    if (!this.#playerHas) return;
    this.#playerHas = false;
    this.toPlayer.cut();
    this.#parts.user.lost(code);
  }
}
