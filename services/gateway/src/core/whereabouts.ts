import { type SessionRecord, type ZoneTree, zonesIn } from '@lifeverse/contracts';
import { type Connection, groupOf } from './connection.ts';
import type { Inbound } from './inbound.ts';
import type { ZoneLink } from './zone-link.ts';
import type { ZoneLinks } from './zone-links.ts';

export interface WhereaboutsContext {
  readonly links: ZoneLinks;
  readonly inbound: Inbound;
  /** The rate of time that counts for this player from now on. */
  tellPace(connection: Connection, rate: number): void;
}

/**
 * Which zone has a player's avatar (GW26): the zone that had it says where it went, the one that has it says so itself, and
 * of two that say it the higher number of handovers is right. The connection never moves.
 */
export class Whereabouts {
  readonly #context: WhereaboutsContext;

  /** Zones that are none any more: none is ever used again. */
  readonly #ended = new Set<number>();
  #there: ReadonlySet<number>;

  constructor(context: WhereaboutsContext) {
    this.#context = context;
    this.#there = new Set(zonesIn(context.links.tree));
  }

  /** What a zone says of an avatar that stands with it. */
  stands(connection: Connection, link: ZoneLink, record: SessionRecord, nowMs: number): void {
    const { attached, stable, applied } = record;
    if (attached === undefined || attached.incarnation !== connection.incarnation) return;
    const { handovers } = attached;
    if (connection.link === link) connection.handovers = Math.max(connection.handovers, handovers);
    else if (handovers > connection.handovers) this.#follow(connection, link, handovers, nowMs);
    if (connection.link !== link || (connection.comesBy === 0 && !connection.ownerIsNew)) return;
    connection.comesBy = 0;
    connection.ownerIsNew = false;
    if (stable !== undefined) this.#context.inbound.stable(connection, stable, applied);
    // What was said to it before the avatar came may not have been kept there (a quarter of a second in `border-storm`, without this).
    this.#context.inbound.sayAll(connection, nowMs);
  }

  /** What the zone that has the avatar, as far as is known, says of where it is from now on. */
  moves(connection: Connection, { moved }: SessionRecord, nowMs: number): void {
    const { kind } = connection.state;
    if (moved === undefined || kind === 'closed' || kind === 'greeting') return;
    if (moved.handovers < connection.handovers || this.#ended.has(moved.zone)) {
      // The zone has heard less than this gateway: it is told by which handover the avatar was there, and asked again.
      connection.comesBy = connection.handovers;
      return;
    }
    if (moved.zone === connection.link.zone) return;
    this.#follow(connection, this.#context.links.of(moved.zone), moved.handovers, nowMs);
    connection.comesBy = moved.handovers;
    this.#context.inbound.attach(connection, nowMs);
  }

  /** Cells have other zones. `former`: who had them before, and still hands on what reaches it; null: nobody does. */
  rearranged(connections: ReadonlySet<Connection>, former: ZoneTree | null, nowMs: number): void {
    const { tree } = this.#context.links;
    const there = new Set([...zonesIn(tree), ...(former === null ? [] : zonesIn(former))]);
    for (const zone of this.#there) if (!there.has(zone)) this.#ended.add(zone);
    this.#there = there;
    for (const connection of connections) if (this.#ended.has(connection.link.zone)) this.#strands(connection, nowMs);
    this.#context.links.sweep(new Set([...connections].map(({ link }) => link)));
  }

  /** The zone of the avatar is none any more: the one that has its cell by now knows where it went. */
  #strands(connection: Connection, nowMs: number): void {
    const { identity } = groupOf(connection) ?? {};
    const { links } = this.#context;
    const link = identity === undefined ? links.entrance : links.at(identity.anchorX, identity.anchorY);
    if (connection.state.kind === 'greeting') {
      connection.link = link;
      return;
    }
    this.#follow(connection, link, connection.handovers, nowMs);
    connection.comesBy = connection.handovers;
    this.#context.inbound.attach(connection, nowMs);
  }

  #follow(connection: Connection, link: ZoneLink, handovers: number, nowMs: number): void {
    const { rate } = connection.link;
    this.#context.inbound.follow(connection, link, handovers, nowMs);
    if (link.rate !== rate && groupOf(connection) !== null) this.#context.tellPace(connection, link.rate);
  }
}
