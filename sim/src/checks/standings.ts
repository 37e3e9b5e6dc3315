import { decodeNeighbourMessage } from '@lifeverse/contracts';
import { decodeNeighbourNote, decodeTraveller, type Traveller } from '@lifeverse/world/between-zones';
import type { Cluster } from '../cluster/cluster.ts';
import type { ZoneProcess } from '../cluster/zone-process.ts';
import type { Player } from '../players/player.ts';
import type { ZoneStore } from './truth-history.ts';
import { ensure } from './violation.ts';

/** An entity with the owner of the zone that has it. */
export interface Standing {
  readonly zone: ZoneProcess;
  readonly store: ZoneStore;
  readonly row: number;
}

/** Somebody on the way from one zone to another, as the former said. */
export interface OnTheWay {
  readonly traveller: Traveller;
  readonly from: ZoneProcess;
  readonly to: number;
  readonly saidMs: number;
}

/**
 * Who is where, over all zones: one owner for an entity, one entity for a character, after every tick of every zone. The
 * owner of a zone is the process with its highest epoch.
 */
export class Standings {
  readonly #cluster: Cluster;
  /** The entity of each character, and the zone that had it last. */
  readonly #entities = new Map<string, number>();
  readonly #lastZone = new Map<string, number>();
  readonly #owners = new Map<number, ZoneProcess>();
  readonly #characters = new Map<number, string>();
  readonly #onTheWay = new Map<number, OnTheWay>();
  /** Who was on the way when one of the two owners ceased to be one: it may come, or be lost with that one. */
  readonly #doubtful = new Set<number>();
  /** The tick in which an entity left for where it came last: what is said of it again is no news. */
  readonly #cameBy = new Map<number, number>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  entityOf({ character }: Pick<Player, 'character'>): number | undefined {
    return this.#entities.get(character);
  }

  /** Undefined when no owner has it. */
  find(entity: number | undefined): Standing | undefined {
    if (entity === undefined) return undefined;
    for (const zone of this.#cluster.zones) {
      const { store } = zone.core;
      const row = store.rowOf(entity);
      if (row !== undefined) return { zone, store, row };
    }
    return undefined;
  }

  of(player: Pick<Player, 'character'>): Standing | undefined {
    return this.find(this.entityOf(player));
  }

  onTheWay(entity: number | undefined): OnTheWay | undefined {
    return entity === undefined ? undefined : this.#onTheWay.get(entity);
  }

  allOnTheWay(): Iterable<OnTheWay> {
    return this.#onTheWay.values();
  }

  /** An avatar was made for this character. Answers the one before when that was lost on the way from zone to zone. */
  made(entity: number, character: string): Traveller | 'lost' | null {
    const known = this.#entities.get(character);
    this.#stands(entity, character);
    if (known === undefined || known === entity) return null;
    const doubtful = this.#doubtful.delete(known);
    const onTheWay = this.#onTheWay.get(known)?.traveller;
    this.#onTheWay.delete(known);
    return onTheWay ?? (doubtful ? 'lost' : null);
  }

  #stands(entity: number, character: string): void {
    const known = this.#entities.get(character);
    const there = known === entity ? undefined : this.find(known);
    ensure(there === undefined, 'one entity for a character', () => {
      return `${character} is entity ${known} in zone ${there?.zone.zone} and, at the same time, entity ${entity}`;
    });
    this.#entities.set(character, entity);
    this.#characters.set(entity, character);
  }

  /** What the owner of a zone says to another. */
  said(from: ZoneProcess, to: number, bytes: Uint8Array, nowMs: number): void {
    for (const note of decodeNeighbourMessage(bytes)?.notes ?? []) {
      const arrive = decodeNeighbourNote(note);
      const traveller = arrive?.note === 'arrive' ? decodeTraveller(arrive.traveller) : undefined;
      if (traveller === undefined || this.#onTheWay.get(traveller.id)?.traveller.tick === traveller.tick) continue;
      if ((this.#cameBy.get(traveller.id) ?? -1) >= traveller.tick) continue;
      this.#onTheWay.set(traveller.id, { traveller, from, to, saidMs: nowMs });
    }
  }

  /** After a tick of an owner. Returns who has come from other zones in it. */
  ticked(zone: ZoneProcess): OnTheWay[] {
    const came: OnTheWay[] = [];
    const { store } = zone.core;
    for (let row = 0; row < store.end; row++) {
      const id = store.id[row] as number;
      if (id === 0) continue;
      const owner = this.#owners.get(id);
      if (owner === zone) continue;
      const elsewhere = owner !== undefined && this.#cluster.owns(owner) && owner.core.store.rowOf(id) !== undefined;
      ensure(!elsewhere, 'one owner for an entity', () => {
        return `entity ${id} is in zone ${owner?.zone} and, at the same time, in zone ${zone.zone}`;
      });
      this.#owners.set(id, zone);
      const onTheWay = this.#onTheWay.get(id);
      const character = this.#characters.get(id);
      if (onTheWay !== undefined) came.push(this.#came(onTheWay));
      // A former owner has handed it over, unheard by this check.
      else if (character !== undefined) this.#stands(id, character);
    }
    for (const character of this.#entities.keys()) {
      const entity = this.#entities.get(character) as number;
      if (store.rowOf(entity) !== undefined) this.#lastZone.set(character, zone.zone);
    }
    return came;
  }

  #came(onTheWay: OnTheWay): OnTheWay {
    const { traveller, from, to } = onTheWay;
    const left = this.#cluster.owns(from) ? from.core.store.rowOf(traveller.id) === undefined : true;
    ensure(left || to === from.zone, 'one owner for an entity', () => {
      return `entity ${traveller.id} left zone ${from.zone} for zone ${to} at tick ${traveller.tick}, and stands there still`;
    });
    this.#onTheWay.delete(traveller.id);
    this.#cameBy.set(traveller.id, traveller.tick);
    if (traveller.avatar !== null) this.#stands(traveller.id, traveller.avatar.character);
    return onTheWay;
  }

  /**
   * Another process owns the zone from now on: whom only the former one had, nobody has. Returns whether a character may be
   * one of these.
   */
  owned({ zone }: ZoneProcess): (character: string) => boolean {
    const lost = new Set<string>();
    for (const [character, entity] of this.#entities) {
      if (this.#onTheWay.has(entity) || (this.#lastZone.get(character) ?? zone) !== zone) continue;
      lost.add(character);
      this.#entities.delete(character);
      this.#lastZone.delete(character);
    }
    for (const [id, { from, to }] of this.#onTheWay) {
      if (from.zone !== zone && to !== zone) continue;
      this.#onTheWay.delete(id);
      this.#doubtful.add(id);
    }
    return (character) => lost.has(character) || !this.#lastZone.has(character);
  }
}
