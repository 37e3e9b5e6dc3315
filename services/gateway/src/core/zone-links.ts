import { type ZoneTree, zoneAt, zonesIn } from '@lifeverse/contracts';
import { cellX, cellY } from '@lifeverse/sync/common';
import type { GatewayPorts } from './gateway-ports.ts';
import type { StreamCache, StreamUse } from './stream-cache.ts';
import { ZoneLink } from './zone-link.ts';

/** A gateway's ends of all zones that it reads or has players in, and which of them has which cell. */
export class ZoneLinks {
  readonly #gateway: string;
  readonly #generation: number;
  readonly #links = new Map<number, ZoneLink>();
  #tree: ZoneTree;
  #entrance: ZoneLink;

  constructor(gateway: string, generation: number, tree: ZoneTree) {
    this.#gateway = gateway;
    this.#generation = generation;
    this.#tree = tree;
    this.#entrance = this.#first();
  }

  /** Which zone has which cells. */
  get tree(): ZoneTree {
    return this.#tree;
  }

  /** Says what has gathered. */
  flush({ toZone }: Pick<GatewayPorts, 'toZone'>, nowMs: number): void {
    for (const link of this.#links.values()) {
      const bytes = link.flush(nowMs);
      if (bytes !== null) toZone(link.zone, bytes);
    }
  }

  remind(nowMs: number): void {
    for (const link of this.#links.values()) link.remind(nowMs);
  }

  /** Undefined for a zone that nobody here has to do with. */
  find(zone: number): ZoneLink | undefined {
    return this.#links.get(zone);
  }

  /** The zone is spoken to from now on. */
  of(zone: number): ZoneLink {
    let link = this.#links.get(zone);
    if (link === undefined) {
      link = new ZoneLink(zone, this.#gateway, this.#generation);
      this.#links.set(zone, link);
    }
    return link;
  }

  /** Where players come in. It is spoken to from the beginning: that shows whether there is a world. */
  get entrance(): ZoneLink {
    return this.#entrance;
  }

  #first(): ZoneLink {
    return this.of(zonesIn(this.#tree)[0] as number);
  }

  get streamCount(): number {
    let count = 0;
    for (const link of this.#links.values()) count += link.streamCount;
    return count;
  }

  want(cell: number, audience: number, nowMs: number): StreamCache {
    return this.#of(cell).want(cell, audience, nowMs);
  }

  #of(cell: number): ZoneLink {
    return this.at(cellX(cell), cellY(cell));
  }

  /** Of the zone that has that cell. */
  at(x: number, y: number): ZoneLink {
    return this.of(zoneAt(this.#tree, x, y));
  }

  /**
   * Cells have other zones from now on. What is read of the former ones goes on until the first keyframe of the new: then
   * the one takes the place of the other for all who read it. Returns who reads at once what was followed already.
   */
  rearrange(tree: ZoneTree, nowMs: number): StreamUse[] {
    this.#tree = tree;
    this.#entrance = this.#first();
    const moved: StreamUse[] = [];
    for (const link of [...this.#links.values()]) {
      for (const stream of link.streams) {
        if (stream === null || this.#of(stream.cell) === link) continue;
        const next = this.want(stream.cell, stream.audience, nowMs);
        // Who waits to take a place passes it on.
        next.replaces.push(...[...stream.replaces, stream].filter((each) => each !== next && each.uses.length > 0));
        stream.replaces = [];
        if (stream.uses.length === 0) link.unwant(stream);
        if (next.state.kind === 'current') moved.push(...next.takePlace());
      }
    }
    return moved;
  }

  /** Lets go of zones that are none any more, once nobody here has to do with them; `inUse`: those of players. */
  sweep(inUse: ReadonlySet<ZoneLink>): void {
    const zones = new Set(zonesIn(this.#tree));
    for (const [zone, link] of this.#links)
      if (!zones.has(zone) && link.idle && !inUse.has(link)) this.#links.delete(zone);
  }
}
