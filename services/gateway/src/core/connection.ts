import type { ToggleContext } from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';
import { Allowance } from './allowance.ts';
import { deadlines } from './deadlines.ts';
import type { Group } from './group.ts';
import type { StreamCache } from './stream-cache.ts';
import { TokenBucket } from './token-bucket.ts';
import type { ZoneLink } from './zone-link.ts';

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

/** An operation that the zone does not hold yet. */
export interface UnheldOperation {
  readonly sequence: number;
  readonly key: Uint8Array;
  /** It may have been done already. */
  again: boolean;
  readonly body: Uint8Array;
  sentMs: number;
}

/** Operations of a player on their way to the zone, in order; counted here. */
export interface OperationRelay {
  sequence: number;
  /** The zone holds all up to this one. */
  held: number;
  readonly waiting: UnheldOperation[];
}

export type ConnectionState =
  /** The socket is open; its hello is awaited. */
  | { readonly kind: 'greeting'; readonly untilMs: number }
  /** The ticket was good; the zone is asked to let the avatar stand. */
  | { readonly kind: 'attaching'; readonly untilMs: number; readonly layoutDiffers: boolean }
  | { readonly kind: 'playing'; readonly group: Group }
  /** As playing, but the socket takes no more, or the player was sent too much: these streams are keyed again once it does. */
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
  /** Of what is sent to it. */
  readonly allowance: Allowance;
  /** Place among its group's members. */
  place: number;
  version: number;
  character: string;
  incarnation: number;
  /** The incarnation that the player has moved here from, to go on with what it has begun; 0: none. */
  continues: number;
  /** The player was asked to go on by another gateway. */
  asked: boolean;
  name: string;
  /** Id of the session by which the player is logged in; empty where nobody is. */
  login: string;
  /** As whom toggles know the player. */
  audience: ToggleContext;
  /** Server time; 0: may speak. */
  mutedUntilMs: number;
  entity: number;
  /** The zone in which the avatar stands, as far as the gateway knows. */
  link: ZoneLink;
  /** How often the avatar was handed over, as far as zones have said: of two that say that they have it, the higher is right. */
  handovers: number;
  /** The handover by which it is on its way to that zone, as another one has said; 0: none has, or it has come. */
  comesBy: number;
  /** The zone has another owner, who has not said yet that the avatar stands: it is told all that is not stable. */
  ownerIsNew: boolean;
  /** Since when the zone owes an answer that the avatar stands; null: it has given one. */
  askedMs: number | null;
  /** Of the last input taken from the client. */
  sequence: number;
  stable: number;
  /** Of the last input that counts with the zone's present owner: it is said again to another one alone. */
  applied: number;
  readonly unstable: UnstableInput[];
  readonly operations: OperationRelay;
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
  /** The turn of the fan-out whose group frame this connection has in its outbox already, or must not get. */
  frameTurn: number;
  readonly muted: Set<number>;
  /** The streams that were keyed in that tick because the client asked: asking again brings nothing. */
  readonly keyed: { tick: number; readonly streams: Set<StreamCache> };
}

export interface Rates {
  readonly bytesPerS: number;
  readonly bytesBurst: number;
  readonly costPerS: number;
  readonly costBurst: number;
}

/** A socket that has just opened; its hello is awaited. */
export function freshConnection(
  { port, session, link }: Pick<Connection, 'port' | 'session' | 'link'>,
  rates: Rates,
  nowMs: number,
): Connection {
  return {
    port,
    state: { kind: 'greeting', untilMs: nowMs + deadlines.helloMs },
    session,
    bytesBucket: new TokenBucket(rates.bytesPerS, rates.bytesBurst, nowMs),
    costBucket: new TokenBucket(rates.costPerS, rates.costBurst, nowMs),
    allowance: new Allowance(nowMs),
    place: -1,
    version: 0,
    character: '',
    incarnation: 0,
    continues: 0,
    asked: false,
    name: '',
    login: '',
    audience: {},
    mutedUntilMs: 0,
    entity: 0,
    link,
    handovers: 0,
    comesBy: 0,
    ownerIsNew: false,
    askedMs: null,
    sequence: 0,
    stable: 0,
    applied: 0,
    unstable: [],
    operations: { sequence: 0, held: 0, waiting: [] },
    lastHeardMs: nowMs,
    lastTickMs: nowMs,
    echo: null,
    bodies: [],
    outbox: [],
    dirty: false,
    frameTurn: 0,
    muted: new Set(),
    keyed: { tick: 0, streams: new Set() },
  };
}

export function groupOf(connection: Connection): Group | null {
  const { state } = connection;
  return state.kind === 'playing' || state.kind === 'behind' ? state.group : null;
}
