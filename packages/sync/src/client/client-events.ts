import type { ErrorCode, Go } from '@lifeverse/protocol';
import type { ReplicaEntity } from './replica.ts';

export interface ClientEvents {
  send(bytes: Uint8Array): void;
  /** The avatar stands in the world; called again after each reconnection. */
  joined(): void;
  entered(entity: ReplicaEntity): void;
  left(id: number): void;
  heard(event: string, from: number, values: Record<string, unknown>): void;
  refused(code: ErrorCode, sequence: number): void;
  /** What became of an operation (SY28): its number in the journal, or why not. Maybe more than once. */
  answered?(key: Uint8Array, outcome: number | ErrorCode): void;
  /** What the server serves is another world, or none that can be read (`layout_unsupported`): staying is of no use. */
  unreadable?(): void;
  /** The server asks to go on by another gateway (SY30). */
  asked?(go: Go): void;
  /** What was begun by one connection goes on by the next; who was in view still is. */
  moved?(): void;
}

export interface Motion {
  x: number;
  y: number;
  vx: number;
  vy: number;
}
