import type { ErrorCode } from '@lifeverse/protocol';
import type { Group } from './group.ts';
import type { StreamCache } from './stream-cache.ts';
import type { TokenBucket } from './token-bucket.ts';

/** One socket, as the core sees it. */
export interface ConnectionPort {
  /** Whole WebSocket frames, not to be changed any more. */
  write(bytes: Uint8Array): void;
  /** What the kernel has not taken yet. */
  bufferedBytes(): number;
  /** Closes with the code's close number, and the code as the reason. */
  close(code: ErrorCode): void;
}

/** An input that the zone has not called stable yet. */
export interface UnstableInput {
  readonly sequence: number;
  readonly tick: number;
  readonly body: Uint8Array;
  sentMs: number;
}

export type ConnectionState =
  /** The socket is open; its hello is awaited. */
  | { readonly kind: 'greeting'; readonly untilMs: number }
  /** The ticket was good; the zone is asked to let the avatar stand. */
  | { readonly kind: 'attaching'; readonly untilMs: number; readonly layoutDiffers: boolean }
  | { readonly kind: 'playing'; readonly group: Group }
  /** As playing, but the socket takes no more: these streams are keyed again once it does. */
  | {
      readonly kind: 'behind';
      readonly group: Group;
      readonly sinceMs: number;
      /** What may wait for the socket before it is given up. */
      readonly limitBytes: number;
      readonly stale: Set<StreamCache>;
    }
  | { readonly kind: 'closed' };

/** One player's connection: everything in it can be rebuilt from the zone and the client. */
export interface Connection {
  readonly port: ConnectionPort;
  state: ConnectionState;
  /** The gateway's number for it towards zones. */
  readonly session: number;
  readonly bytesBucket: TokenBucket;
  readonly costBucket: TokenBucket;
  /** Place among its group's members. */
  place: number;
  version: number;
  character: string;
  incarnation: number;
  name: string;
  entity: number;
  /** Since when the zone owes an answer that the avatar stands; null: it has given one. */
  askedMs: number | null;
  /** Of the last input taken from the client. */
  sequence: number;
  stable: number;
  readonly unstable: UnstableInput[];
  lastHeardMs: number;
  /** When anything that carries a tick was last sent. */
  lastTickMs: number;
  /** The client's newest time stamp, to be echoed with the next write. */
  echo: { readonly sentMs: number; readonly heardMs: number } | null;
  /** The zone's newest body for this player, and refusals of the gateway's own. */
  bodies: Uint8Array[];
  /** Ready frames that only this player gets in this tick; a frame of the former group first. */
  outbox: Uint8Array[];
  /** Anything to send besides the group's frame. */
  dirty: boolean;
  /** The tick whose group frame this connection has in its outbox already, or must not get. */
  frameTick: number;
  readonly muted: Set<number>;
  /** The streams that were keyed in that tick because the client asked: asking again brings nothing. */
  readonly keyed: { tick: number; readonly streams: Set<StreamCache> };
}

export function groupOf(connection: Connection): Group | null {
  const { state } = connection;
  return state.kind === 'playing' || state.kind === 'behind' ? state.group : null;
}
