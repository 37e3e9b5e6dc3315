import type { ErrorCode } from '@lifeverse/protocol';

export type Pace = 'stand' | 'walk' | 'run';

/** A direction to walk in, radians counter-clockwise from east, and how fast. */
export interface Walk {
  readonly towards: number;
  readonly pace: Pace;
}

/** A place in millimetres. */
export interface Place {
  x: number;
  y: number;
}

export interface AvatarEvents {
  send(bytes: Uint8Array): void;
  /** The avatar stands in the world. */
  joined(): void;
  refused(code: ErrorCode): void;
}

/** A player's end of the protocol, once the socket is open. Times are the own monotonic milliseconds. */
export interface Avatar {
  /** True: what arrives is to be read at once. */
  readonly prompt: boolean;
  /** Says who is here. */
  open(ticket: string): void;
  receive(payload: Uint8Array, nowMs: number): void;
  walk(walk: Walk, nowMs: number): void;
  /** About every 50 to 250 ms: time passes, and the server hears from us. */
  update(nowMs: number): void;
  /** Where the avatar is by its own idea; false while it has none. */
  where(nowMs: number, out: Place): boolean;
  leave(): void;
}
