import type { Connection } from './connection.ts';
import type { StreamCache } from './stream-cache.ts';

/** What all players of a group have in common: they are sent the same bytes. */
export interface GroupIdentity {
  readonly anchorX: number;
  readonly anchorY: number;
  readonly linkClass: number;
  readonly audiences: number;
  readonly version: number;
}

export function groupKey(identity: GroupIdentity): string {
  const { anchorX, anchorY, linkClass, audiences, version } = identity;
  return `${anchorX},${anchorY},${linkClass},${audiences},${version}`;
}

/** Players who see the same, and what goes to all of them in this tick. */
export class Group {
  readonly identity: GroupIdentity;
  readonly members: Connection[] = [];
  /** By the number that a section carries. Holes: audiences that the group does not see. */
  readonly streams: (StreamCache | undefined)[] = [];
  /** Numbers of the streams that changed in this tick. */
  readonly changed: number[] = [];
  /** Numbers of the streams that everyone here needs a keyframe of. */
  readonly rekeyed: number[] = [];
  /** This tick's shared frame, and shared keyframes behind it, ready to send. */
  frame: Uint8Array | null = null;
  keys: Uint8Array | null = null;

  constructor(identity: GroupIdentity) {
    this.identity = identity;
  }

  add(connection: Connection): void {
    connection.place = this.members.length;
    this.members.push(connection);
  }

  /** In constant time: the last member takes the place. */
  remove(connection: Connection): void {
    const last = this.members.pop() as Connection;
    if (last === connection) return;
    this.members[connection.place] = last;
    last.place = connection.place;
  }
}
