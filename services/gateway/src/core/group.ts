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
  /** With the number that a section carries for it. */
  readonly streams: { readonly index: number; readonly stream: StreamCache }[] = [];
  /** The same for every tick's work: the slot of each stream, and its number as a section's reference without the sequence. */
  slots = new Int32Array(0);
  references = new Uint16Array(0);
  /** The last tick in which any of its streams changed or was keyed. */
  touchedTick = 0;
  /** Numbers of the streams that everyone here needs a keyframe of. */
  readonly rekeyed: number[] = [];
  /** This tick's shared frame, and shared keyframes behind it, ready to send. */
  frame: Uint8Array | null = null;
  keys: Uint8Array | null = null;

  constructor(identity: GroupIdentity) {
    this.identity = identity;
  }

  /** What the group sees, in full. */
  read(streams: readonly { readonly index: number; readonly stream: StreamCache }[]): void {
    this.streams.push(...streams);
    this.slots = Int32Array.from(this.streams, ({ stream }) => stream.slot);
    this.references = Uint16Array.from(this.streams, ({ index }) => index * 4);
    for (const { index, stream } of streams) stream.uses.push({ group: this, index });
  }

  /** The stream of that number; undefined for one that the group does not see. */
  stream(index: number): StreamCache | undefined {
    return this.streams.find((use) => use.index === index)?.stream;
  }

  reads(stream: StreamCache): boolean {
    return stream.uses.some((use) => use.group === this);
  }

  /** The streams that changed in that tick, and those keyed for everyone. */
  news(tick: number): StreamCache[] {
    if (this.touchedTick !== tick) return [];
    const changed = this.streams.filter((use) => use.stream.changedTick === tick).map((use) => use.stream);
    return [...changed, ...this.rekeyed.map((index) => this.stream(index) as StreamCache)];
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
