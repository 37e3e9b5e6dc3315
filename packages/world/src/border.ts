import {
  decodeUplink,
  type StoredCharacter,
  type Uplink,
  type ZoneArrangement,
  zoneAt,
  zonesOf,
} from '@lifeverse/contracts';
import { Arrangements } from './arrangements.ts';
import { Copies, type CopiesCounters } from './copies.ts';
import { Departures } from './departures.ts';
import { Ghosts, type GhostTraits } from './ghosts.ts';
import type { HandoverContext } from './handover-context.ts';
import { Incoming } from './incoming.ts';
import { KeptCodec } from './kept-codec.ts';
import type { NeighbourNote } from './neighbour-notes.ts';
import { type NeighbourCounters, Neighbours } from './neighbours.ts';
import type { Told } from './rules-runner.ts';
import type { ZoneCopies } from './standby.ts';

/** What this class has for a handover by itself. */
type Own = 'neighbours' | 'components' | 'unknown' | 'tellWho' | 'are' | 'departures' | 'arrangements';

export interface BorderParts extends Omit<HandoverContext, Own> {
  readonly epoch: number;
  /** To begin with. */
  readonly arrangement: ZoneArrangement;
  /** What the standby had of the former owner, where this one takes over from it. */
  readonly copies: ZoneCopies | null;
  readonly counters: HandoverContext['counters'] & NeighbourCounters & CopiesCounters;
  /** Takes the bytes for good. */
  toZone(zone: number, bytes: Uint8Array): void;
  /** Takes the bytes for good. */
  toStandby(bytes: Uint8Array): void;
  /** Another zone says what it reads of this one. */
  read(uplink: Uplink, nowMs: number): void;
}

/** All that a zone has to do with those beside it: who goes there and who comes, and who is seen across. */
export class Border {
  readonly departures: Departures;
  readonly ghosts: Ghosts;
  readonly copies: Copies;
  readonly #parts: BorderParts;
  readonly #neighbours: Neighbours;
  readonly #incoming: Incoming;
  readonly #arrangements: Arrangements;
  #nowMs = 0;

  constructor(parts: BorderParts) {
    const { zone, epoch, arrangement, world, store, counters, grid } = parts;
    const send = (to: number, bytes: Uint8Array): void => parts.toZone(to, bytes);
    this.#parts = parts;
    this.#neighbours = new Neighbours({ zone, epoch, counters, send });
    const neighbours = this.#neighbours;
    const isHere = (id: number): boolean => store.rowOf(id) !== undefined;
    this.ghosts = new Ghosts({ zone, epoch, world, neighbours, isHere, send }, arrangement.zones);
    const context: HandoverContext = {
      ...parts,
      neighbours,
      components: new KeptCodec(world, store, 'all'),
      unknown: new Map(),
      tellWho: (to, ids) => neighbours.say(to, { note: 'are', all: this.#traitsOf(ids) }, false),
      are: (all) => this.ghosts.are(all),
      departures: () => this.departures,
      arrangements: () => this.#arrangements,
    };
    this.departures = new Departures(context, arrangement);
    this.#incoming = new Incoming(context, arrangement, parts.copies);
    this.copies = new Copies(context, { epoch, counters, send: (bytes) => parts.toStandby(bytes) });
    this.#arrangements = new Arrangements(
      {
        ...{ zone, grid, neighbours },
        adopted: (next) => {
          this.departures.rearrange(next);
          const there = new Set(zonesOf(next));
          neighbours.keep((other) => other >= next.nextZone || there.has(other), this.#nowMs);
          this.ghosts.rearrange(next.zones);
        },
        bequeath: (other) => this.departures.bequeath(other),
        isClear: () => this.departures.isClear,
        isReady: (nowMs) => this.isReady(nowMs),
      },
      arrangement,
    );
  }

  /** How cells are had, and how they are to be had from a later generation on. */
  get arrangements(): Arrangements {
    return this.#arrangements;
  }

  /** Whether that place is this zone's, millimetres. */
  isOwn(xMm: number, yMm: number): boolean {
    const { cellMm } = this.#parts.grid;
    return (
      zoneAt(this.#arrangements.current.zones, Math.floor(xMm / cellMm), Math.floor(yMm / cellMm)) === this.#parts.zone
    );
  }

  /** The zone that had a character last; where that is none any more, the one that has the cell in which it was kept. Null: any. */
  homeOf({ zone, checkpoint }: StoredCharacter): number | null {
    const { current, latest } = this.#arrangements;
    if (zone === null || zone >= latest.nextZone || zonesOf(current).includes(zone) || zonesOf(latest).includes(zone))
      return zone;
    if (checkpoint === null) return null;
    const { cellMm } = this.#parts.grid;
    return zoneAt(current.zones, Math.floor(checkpoint.xMm / cellMm), Math.floor(checkpoint.yMm / cellMm));
  }

  /** All other zones have said whom they have (WO59). */
  isReady(nowMs: number): boolean {
    return this.#incoming.isReady(nowMs);
  }

  /** From the owner of another zone. */
  receive(bytes: Uint8Array, nowMs: number): void {
    const uplink = decodeUplink(bytes);
    if (uplink !== undefined) this.#parts.read(uplink, nowMs);
    else if (!this.ghosts.bundle(bytes, nowMs)) this.#neighbours.receive(bytes, nowMs);
  }

  /** At the beginning of a tick. */
  begin(tick: number, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#arrangements.begin(nowMs);
    this.ghosts.begin(tick);
    this.#incoming.tick(tick, nowMs);
    this.#arrangements.heard(nowMs);
  }

  /** When everybody stands where they are at the end of the tick, and nothing was told yet. */
  announce(tick: number, nowMs: number): void {
    this.copies.tick(tick, nowMs);
    this.departures.announce(nowMs);
  }

  /** When everything was told. */
  end(tick: number, nowMs: number): void {
    this.departures.depart(tick, nowMs);
    this.#arrangements.end(nowMs);
    this.ghosts.flush(nowMs);
    this.#neighbours.flush(nowMs);
  }

  /** After the last tick: until nobody is on the way any more whom another zone could take. */
  close(nowMs: number): boolean {
    this.#neighbours.flush(nowMs);
    return !this.#neighbours.isBusy(nowMs);
  }

  /** An effect for somebody who is not here, but not far. */
  pass(told: Told): boolean {
    return this.departures.pass(told) || this.ghosts.pass(told);
  }

  /** A player's avatar that stands beside the border. */
  playerAt(id: number): { readonly character: string; readonly zone: number } | null {
    const ghost = this.ghosts.of(id);
    return ghost === undefined || ghost.character === '' ? null : ghost;
  }

  /** Where an entity is, here or beside the border. */
  placeOf(id: number): { readonly xMm: number; readonly yMm: number } | null {
    const { store } = this.#parts;
    const row = store.rowOf(id);
    if (row !== undefined) return { xMm: store.x[row] as number, yMm: store.y[row] as number };
    const ghost = this.ghosts.of(id);
    if (ghost === undefined) return null;
    const { x, y } = this.ghosts.at(ghost);
    return { xMm: x, yMm: y };
  }

  /** What came of a request is said to whoever owns the zone; all else means nothing to a new owner. */
  say(zone: number, note: NeighbourNote): void {
    this.#neighbours.say(zone, note, note.note === 'dealt');
  }

  hears(zone: number): boolean {
    return this.#neighbours.hears(zone, this.#nowMs);
  }

  /** The journal has changed what a character has who may be in another zone. */
  changed(id: number, character: string): void {
    // Where they are seen: they may have gone on from the zone that they left this one for.
    const zone = this.ghosts.of(id)?.zone ?? this.departures.departed(character)?.zone;
    if (zone !== undefined) this.#neighbours.say(zone, { note: 'changed', character }, true);
  }

  #traitsOf(ids: readonly number[]): GhostTraits[] {
    const { store, avatars } = this.#parts;
    return ids.flatMap((id) => {
      const row = store.rowOf(id);
      if (row === undefined) return [];
      const kind = store.kinds[store.kind[row] as number] as string;
      return [{ id, kind, character: avatars.ofRow(row)?.character ?? '' }];
    });
  }
}
