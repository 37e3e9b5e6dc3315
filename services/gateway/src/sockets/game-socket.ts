import { catalogue, type ErrorCode, limits } from '@lifeverse/protocol';
import { WebSocket, WebSocketServer } from 'ws';

/** Close numbers with which `ws` itself refuses what it cannot read, and what the catalogue calls that. */
const refusals: Readonly<Record<number, ErrorCode>> = {
  1002: 'malformed_message',
  1007: 'malformed_message',
  1008: 'too_many_fragments',
  1009: 'message_too_large',
};

/** A WebSocket that refuses by the catalogue's codes whatever it is that is refused. */
export class GameSocket extends WebSocket {
  /** Told when the peer sent what cannot be read; it is expected to `refuse`. */
  onUnreadable: (code: ErrorCode) => void = (code) => this.refuse(code);

  /** Closes by the catalogue. Who misbehaves is not read any more: what they go on sending stays with them. */
  refuse(code: ErrorCode): void {
    super.close(catalogue[code].close, code);
    // Later, because `ws` resumes the socket once more after what it could not read.
    if (catalogue[code].fault === 'client') setImmediate(() => this.pause());
  }

  /** `ws` closes with a number and no reason for what it refuses, and answers a peer's close with the peer's reason. */
  override close(code?: number, reason?: string | Buffer): void {
    const refusal = code === undefined || reason !== undefined ? undefined : refusals[code];
    if (refusal === undefined) super.close(code, reason);
    else this.onUnreadable(refusal);
  }
}

/** How long a peer has to answer a close before its socket is destroyed. */
const CLOSE_MS = 1_000;
/** TCP segments that one unfinished frame may come in: 16 KiB in segments of 32 bytes. */
const SEGMENTS_PER_FRAME = 512;

/**
 * Does handshakes and reading for sockets upgraded elsewhere. No compression: it costs more than it saves on frames of
 * some hundred bytes, and a small message must not become a large one in memory.
 */
export function gameSocketServer(): WebSocketServer {
  const options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.messageBytes,
    maxFragments: limits.fragments,
    maxBufferedChunks: SEGMENTS_PER_FRAME,
    closeTimeout: CLOSE_MS,
    // Text is refused, whatever it says.
    skipUTF8Validation: true,
    WebSocket: GameSocket,
  };
  return new WebSocketServer(options);
}
