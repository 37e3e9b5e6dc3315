import { decodeBundle, type ZoneTree, zoneAt } from '@lifeverse/contracts';
import type { World } from '@lifeverse/definition';
import { type CellKey, cellKey, predictedX, predictedY, SectionCodec, type Shadow } from '@lifeverse/sync/common';
import { GhostLink } from './ghost-link.ts';
import type { Neighbours } from './neighbours.ts';
import type { Told } from './rules-runner.ts';

/** An entity of another zone, as that zone's stream tells it. */
export interface Ghost {
  readonly id: number;
  readonly zone: number;
  readonly kind: string;
  /** Of a player's avatar; empty for anybody else. */
  readonly character: string;
  readonly shadow: Shadow;
}

/** What streams do not say of an entity: asked of its zone once. */
export interface GhostTraits {
  readonly id: number;
  readonly kind: string;
  readonly character: string;
}

export interface GhostsContext {
  readonly zone: number;
  readonly epoch: number;
  readonly world: World;
  readonly neighbours: Neighbours;
  /** Whether the entity is here: then it is nobody's ghost. */
  isHere(id: number): boolean;
  /** Takes the bytes for good. */
  send(zone: number, bytes: Uint8Array): void;
}

/** A zone that says nothing for so long shows nobody any more. */
const SILENT_MS = 1_500;
const ASK_AGAIN_MS = 500;
const ASKED_AT_ONCE = 1_000;

/** As whom a zone reads another: no gateway is called so. */
const readerOf = (zone: number): string => `zone ${zone}`;

/** The zone behind such a reader; null for a gateway. */
export function zoneOfReader(reader: string): number | null {
  const zone = /^zone (\d{1,15})$/.exec(reader)?.[1];
  return zone === undefined ? null : Number(zone);
}

/** Who stands beside the borders in other zones (WO57): what rules see of them, and whom they reach by effects. */
export class Ghosts {
  readonly #context: GhostsContext;
  readonly #codec: SectionCodec;
  readonly #links = new Map<number, GhostLink>();
  /** The zone of each cell that is read. */
  #zoneOf = new Map<CellKey, number>();
  readonly #traits = new Map<number, GhostTraits>();
  readonly #askedMs = new Map<number, number>();
  #tick = 0;

  constructor(context: GhostsContext, zones: ZoneTree) {
    this.#context = context;
    this.#codec = new SectionCodec(context.world.layout);
    this.rearrange(zones);
  }

  /** Cells have other zones from now on. */
  rearrange(zones: ZoneTree): void {
    const wanted = new Map<number, CellKey[]>();
    this.#zoneOf = new Map();
    for (const [cell, zone] of this.#cellsBeside(zones)) {
      this.#zoneOf.set(cell, zone);
      const cells = wanted.get(zone) ?? [];
      cells.push(cell);
      wanted.set(zone, cells);
    }
    for (const zone of new Set([...this.#links.keys(), ...wanted.keys()]))
      this.#link(zone).want(wanted.get(zone) ?? []);
  }

  /** Every cell of another zone that has a cell of this one beside it. */
  *#cellsBeside(zones: ZoneTree): Generator<readonly [cell: CellKey, zone: number]> {
    if ('zone' in zones) return;
    const { map } = this.#context.world;
    const last = (mm: number): number => Math.floor(mm / this.#codec.cellMm);
    for (let y = 0; y <= last(map.heightMm); y++) {
      for (let x = 0; x <= last(map.widthMm); x++) {
        const zone = zoneAt(zones, x, y);
        if (zone !== this.#context.zone && this.#isBeside(zones, x, y)) yield [cellKey(x, y), zone];
      }
    }
  }

  #isBeside(zones: ZoneTree, x: number, y: number): boolean {
    for (let dy = -1; dy <= 1; dy++)
      for (let dx = -1; dx <= 1; dx++) if (zoneAt(zones, x + dx, y + dy) === this.#context.zone) return true;
    return false;
  }

  #link(zone: number): GhostLink {
    let link = this.#links.get(zone);
    if (link === undefined) {
      const { zone: own, epoch, send } = this.#context;
      link = new GhostLink({ reader: readerOf(own), epoch, codec: this.#codec, send: (bytes) => send(zone, bytes) });
      this.#links.set(zone, link);
    }
    return link;
  }

  /** False: the bytes are no bundle. One for an earlier owner of the zone is left alone. */
  bundle(bytes: Uint8Array, nowMs: number): boolean {
    const bundle = decodeBundle(bytes);
    if (bundle === undefined) return false;
    if (bundle.generation === this.#context.epoch) this.#links.get(bundle.zone)?.bundle(bundle, nowMs);
    return true;
  }

  /** What a zone says of entities there. */
  are(all: readonly GhostTraits[]): void {
    for (const traits of all) this.#traits.set(traits.id, traits);
  }

  /** At the beginning of a tick. */
  begin(tick: number): void {
    this.#tick = tick;
  }

  /** At the end of a tick: says what is read, and asks who they are that are new. */
  flush(nowMs: number): void {
    for (const [zone, link] of this.#links) {
      if (link.empty) continue;
      if (nowMs - link.heardMs > SILENT_MS) link.forget();
      this.#askWho(zone, link, nowMs);
      link.flush(nowMs);
    }
  }

  #askWho(zone: number, link: GhostLink, nowMs: number): void {
    const ids: number[] = [];
    for (const { id } of link.all()) {
      if (this.#traits.has(id) || nowMs - (this.#askedMs.get(id) ?? Number.NEGATIVE_INFINITY) < ASK_AGAIN_MS) continue;
      this.#askedMs.set(id, nowMs);
      if (ids.push(id) === ASKED_AT_ONCE) break;
    }
    if (ids.length > 0) this.#context.neighbours.say(zone, { note: 'who', ids }, false);
    if (this.#traits.size + this.#askedMs.size > REMEMBERED) this.#forgetTraits();
  }

  #forgetTraits(): void {
    const ids = new Set([...this.#links.values()].flatMap((link) => [...link.all()].map(({ id }) => id)));
    for (const known of [this.#traits, this.#askedMs])
      for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
  }

  /** Undefined for whoever is not beside a border, or nobody knows yet what they are. */
  of(id: number): Ghost | undefined {
    for (const [zone, link] of this.#links)
      for (const shadow of link.all()) if (shadow.id === id) return this.#ghost(zone, shadow);
    return undefined;
  }

  #ghost(zone: number, shadow: Shadow): Ghost | undefined {
    const traits = this.#traits.get(shadow.id);
    return traits === undefined || this.#context.isHere(shadow.id) ? undefined : { ...traits, zone, shadow };
  }

  /** Where a ghost is in this tick, millimetres. */
  at({ shadow }: Ghost): { readonly x: number; readonly y: number } {
    return { x: predictedX(shadow, this.#tick), y: predictedY(shadow, this.#tick) };
  }

  /** Within millimetres of a place. */
  *near(x: number, y: number, radiusMm: number): Generator<Ghost> {
    if (this.#zoneOf.size === 0) return;
    const { cellMm } = this.#codec;
    const slack = radiusMm + 1_000;
    for (let cy = Math.floor((y - slack) / cellMm); cy <= Math.floor((y + slack) / cellMm); cy++) {
      for (let cx = Math.floor((x - slack) / cellMm); cx <= Math.floor((x + slack) / cellMm); cx++) {
        const cell = cellKey(cx, cy);
        const zone = this.#zoneOf.get(cell);
        if (zone !== undefined) yield* this.#nearIn(zone, cell, x, y, radiusMm);
      }
    }
  }

  *#nearIn(zone: number, cell: CellKey, x: number, y: number, radiusMm: number): Generator<Ghost> {
    for (const shadow of this.#links.get(zone)?.inCell(cell) ?? []) {
      const dx = predictedX(shadow, this.#tick) - x;
      const dy = predictedY(shadow, this.#tick) - y;
      const ghost = dx * dx + dy * dy <= radiusMm * radiusMm ? this.#ghost(zone, shadow) : undefined;
      if (ghost !== undefined) yield ghost;
    }
  }

  /** An effect for one of them. False: it is for nobody here. */
  pass(told: Told): boolean {
    const ghost = this.of(told.to);
    if (ghost === undefined) return false;
    this.#context.neighbours.say(ghost.zone, { note: 'effect', told }, false);
    return true;
  }
}

/** So much may be known of those who are gone before it is cleared away. */
const REMEMBERED = 20_000;
