import type { HeardEvent } from '@lifeverse/contracts';
import type { WorldLayout } from '@lifeverse/protocol';
import { cellKey, cellX, cellY, compileView, type View } from '@lifeverse/sync/common';
import type { Connection } from './connection.ts';
import { Group, type GroupIdentity, groupKey } from './group.ts';
import type { StreamCache } from './stream-cache.ts';
import type { ZoneLink } from './zone-link.ts';
import type { ZoneLinks } from './zone-links.ts';

/** All groups of a gateway, and through them which streams it reads: a stream is wanted as long as a group uses it. */
export class Groups {
  readonly view: View;
  readonly #links: ZoneLinks;
  readonly #groups = new Map<string, Group>();
  readonly #audienceCount: number;
  /** Of the last one who was looked at: nearly all see equally far. */
  #radiusCells = Number.POSITIVE_INFINITY;
  #beyond = 0;

  constructor(layout: WorldLayout, links: ZoneLinks) {
    this.view = compileView(layout.viewCellsSquared);
    this.#audienceCount = layout.audiences.length;
    this.#links = links;
  }

  /** The link class of who sees no farther than that, cells. */
  beyond(radiusCells: number): number {
    if (radiusCells !== this.#radiusCells) this.#beyond = this.view.beyond(radiusCells);
    this.#radiusCells = radiusCells;
    return this.#beyond;
  }

  get size(): number {
    return this.#groups.size;
  }

  all(): Iterable<Group> {
    return this.#groups.values();
  }

  /** The group of that identity, its streams wanted from now on; empty until somebody is added. */
  of(identity: GroupIdentity, nowMs: number): Group {
    const key = groupKey(identity);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = this.#create(identity, nowMs);
      this.#groups.set(key, group);
    }
    return group;
  }

  leave(connection: Connection, group: Group): void {
    group.remove(connection);
    if (group.members.length > 0) return;
    this.#groups.delete(groupKey(group.identity));
    for (const { stream } of group.streams) {
      const at = stream.uses.findIndex((use) => use.group === group);
      stream.uses[at] = stream.uses[stream.uses.length - 1] as StreamCache['uses'][number];
      stream.uses.pop();
      if (stream.uses.length === 0) unwanted(stream);
    }
  }

  #create(identity: GroupIdentity, nowMs: number): Group {
    const group = new Group(identity);
    const { view } = this;
    const streams: { index: number; stream: StreamCache }[] = [];
    for (let audience = 0; audience <= this.#audienceCount; audience++) {
      if (audience > 0 && (identity.audiences & (1 << (audience - 1))) === 0) continue;
      for (let i = 0; i < view.size - identity.linkClass; i++) {
        const cell = cellKey(identity.anchorX + (view.dx[i] as number), identity.anchorY + (view.dy[i] as number));
        const index = audience * view.size + i;
        streams.push({ index, stream: this.#links.want(cell, audience, nowMs) });
      }
    }
    group.read(streams);
    return group;
  }

  /** Those who see the stream and whose anchor is within hearing of its cell. */
  *listeners(
    link: ZoneLink,
    { cell, audience, reachSquared }: Pick<HeardEvent, 'cell' | 'audience' | 'reachSquared'>,
  ): Generator<Connection> {
    const stream = link.find(cell, audience);
    if (stream === undefined) return;
    for (const { group } of stream.uses) {
      const dx = group.identity.anchorX - cellX(cell);
      const dy = group.identity.anchorY - cellY(cell);
      if (dx * dx + dy * dy <= reachSquared) yield* group.members;
    }
  }
}

/** Nobody reads it any more. Those whose place it was to take have readers, and are read on. */
function unwanted(stream: StreamCache): void {
  if (stream.replaces.every(({ uses }) => uses.length === 0)) stream.link.unwant(stream);
}
