import type { Connection } from './connection.ts';
import type { StreamCache } from './stream-cache.ts';
import type { ZoneLink } from './zone-link.ts';

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

/** What a group reads of one zone, side by side: the slot of each stream, and its number as a section's reference without the sequence. */
export interface GroupReading {
  readonly link: ZoneLink;
  readonly slots: Int32Array;
  readonly references: Uint16Array;
}

/** Players who see the same, and what goes to all of them in this turn. */
export class Group {
  readonly identity: GroupIdentity;
  readonly members: Connection[] = [];
  /** With the number that a section carries for it. */
  readonly streams: { readonly index: number; stream: StreamCache }[] = [];
  /** The same for every turn's work, by zone: one of them but for who stands near a border. */
  readings: readonly GroupReading[] = [];
  /** The last turn in which any of its streams changed or was keyed. */
  touchedTurn = 0;
  /** Numbers of the streams that everyone here needs a keyframe of. */
  readonly rekeyed: number[] = [];
  /** This turn's shared frame, and shared keyframes behind it, ready to send. */
  frame: Uint8Array | null = null;
  keys: Uint8Array | null = null;

  constructor(identity: GroupIdentity) {
    this.identity = identity;
  }

  /** What the group sees, in full. */
  read(streams: readonly { readonly index: number; readonly stream: StreamCache }[]): void {
    this.streams.push(...streams);
    for (const { index, stream } of streams) stream.uses.push({ group: this, index });
    this.#arrange();
  }

  /** The stream of that number is another one from now on: its cell has gone to another zone. */
  replace(index: number, stream: StreamCache): void {
    const use = this.streams.find((each) => each.index === index);
    if (use === undefined) return;
    use.stream = stream;
    stream.uses.push({ group: this, index });
    this.#arrange();
  }

  #arrange(): void {
    const links = new Set(this.streams.map(({ stream }) => stream.link));
    this.readings = [...links].map((link) => {
      const own = this.streams.filter(({ stream }) => stream.link === link);
      return {
        link,
        slots: Int32Array.from(own, ({ stream }) => stream.slot),
        references: Uint16Array.from(own, ({ index }) => index * 4),
      };
    });
  }

  reading(link: ZoneLink): GroupReading | undefined {
    const { readings } = this;
    for (let i = 0; i < readings.length; i++) if (readings[i]?.link === link) return readings[i];
    return undefined;
  }

  /** The stream of that number; undefined for one that the group does not see. */
  stream(index: number): StreamCache | undefined {
    return this.streams.find((use) => use.index === index)?.stream;
  }

  reads(stream: StreamCache): boolean {
    return stream.uses.some((use) => use.group === this);
  }

  /** The streams that changed in that turn, and those keyed for everyone. */
  news(turn: number): StreamCache[] {
    if (this.touchedTurn !== turn) return [];
    const changed = this.streams.filter((use) => use.stream.changedTurn === turn).map((use) => use.stream);
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
