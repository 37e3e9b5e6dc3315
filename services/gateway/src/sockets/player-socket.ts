import type { Socket } from 'node:net';
import type { Clock } from '@lifeverse/base';
import type { ErrorCode } from '@lifeverse/protocol';
import type { Connection, ConnectionPort, GatewayCore } from '../core/index.ts';
import { TokenBucket } from '../core/token-bucket.ts';
import type { GameSocket } from './game-socket.ts';

export interface PlayerSocketContext {
  readonly core: GatewayCore;
  readonly clock: Clock;
  /** A message was read: what it leads to is to be passed on before the thread sleeps. */
  heard(): void;
  /** The player's ticket was good. */
  joined(socket: Socket): void;
}

/** Pings and pongs of a client: none of ours sends any. */
const CONTROL_FRAMES_PER_S = 2;
const CONTROL_FRAMES_AT_ONCE = 20;

/**
 * One player's WebSocket, tied to the core. `ws` reads; frames are written to the TCP socket as they are, each whole in
 * one write, so that the control frames `ws` writes can only come between them.
 */
export class PlayerSocket implements ConnectionPort {
  readonly #socket: Socket;
  readonly #webSocket: GameSocket;
  #closed = false;

  constructor(webSocket: GameSocket, socket: Socket, context: PlayerSocketContext) {
    this.#socket = socket;
    this.#webSocket = webSocket;
    this.#attach(context);
  }

  write(bytes: Uint8Array): void {
    if (!this.#closed) this.#socket.write(bytes);
  }

  bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  close(code: ErrorCode): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#webSocket.refuse(code);
  }

  #attach({ core, clock, heard, joined }: PlayerSocketContext): void {
    const webSocket = this.#webSocket;
    const connection = core.connect(this, clock.nowMs());
    const refuse = (code: ErrorCode): void => core.close(connection, code, clock.nowMs());
    let unjoined = true;
    webSocket.on('message', (data, isBinary) => {
      if (this.#closed) return;
      if (!isBinary) {
        refuse('text_message');
        return;
      }
      core.receive(connection, data as Buffer, clock.nowMs());
      if (unjoined && isJoining(connection)) {
        unjoined = false;
        joined(this.#socket);
      }
      heard();
    });
    const control = new TokenBucket(CONTROL_FRAMES_PER_S, CONTROL_FRAMES_AT_ONCE, clock.nowMs());
    const onControl = (): void => {
      if (!control.take(1, clock.nowMs())) refuse('rate_exceeded');
    };
    webSocket.on('ping', onControl);
    webSocket.on('pong', onControl);
    webSocket.on('close', () => {
      this.#closed = true;
      core.disconnected(connection, clock.nowMs());
      heard();
    });
    // What went wrong was told as a close; a peer that vanished is no error.
    webSocket.on('error', () => undefined);
    webSocket.onUnreadable = refuse;
    this.#socket.on('drain', () => core.drained(connection, clock.nowMs()));
  }
}

function isJoining({ state }: Connection): boolean {
  return state.kind === 'attaching' || state.kind === 'playing' || state.kind === 'behind';
}
