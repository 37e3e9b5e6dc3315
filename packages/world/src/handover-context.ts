import type { Uplink } from '@lifeverse/contracts';
import type { Body, World } from '@lifeverse/definition';
import type { MessageCodec } from '@lifeverse/sync/common';
import type { Arrangements } from './arrangements.ts';
import type { Dealings } from './dealings.ts';
import type { Departures } from './departures.ts';
import type { EntityStore } from './entity-store.ts';
import type { GhostTraits } from './ghosts.ts';
import type { Grid } from './grid.ts';
import type { Keeping } from './keeping.ts';
import type { KeptCodec } from './kept-codec.ts';
import type { NeighbourCounters, Neighbours } from './neighbours.ts';
import type { PositionHistory } from './position-history.ts';
import type { Told } from './rules-runner.ts';
import type { Avatar, Avatars } from './sessions.ts';

export interface HandoverCounters {
  handovers_out: number;
  handovers_in: number;
  /** Somebody came who was here already, by that handover or a later one. */
  handovers_void: number;
  /** Entities that went on here as the former owner's standby had them. */
  entities_resumed: number;
  neighbour_notes_malformed: number;
}

export const freshHandoverCounters = (): HandoverCounters & NeighbourCounters => ({
  handovers_out: 0,
  handovers_in: 0,
  handovers_void: 0,
  entities_resumed: 0,
  neighbour_notes_malformed: 0,
  neighbour_messages_malformed: 0,
  neighbour_messages_fenced: 0,
});

/** What a zone does for those who leave it for another, and for those who come. */
export interface HandoverContext {
  readonly zone: number;
  readonly world: World;
  readonly store: EntityStore;
  readonly grid: Grid;
  readonly avatars: Avatars;
  readonly history: PositionHistory;
  readonly dealings: Dealings;
  /** All components. */
  readonly components: KeptCodec;
  readonly commands: MessageCodec;
  readonly neighbours: Neighbours;
  readonly counters: HandoverCounters;
  /** Fields of later versions that came with an entity, to be handed on. */
  readonly unknown: Map<number, Uint8Array>;
  /** How far back a late input may reach; an entity that comes later than that has stood still in between. */
  readonly replayTicks: number;
  /** As long at most may a zone have had no owner for those to go on as if it had had one who were taken over from the former. */
  readonly resumeTicks: number;
  keeping(): Keeping | null;
  step(body: Body, held: object): void;
  tell(told: Told): void;
  /** What a gateway said to the zone in which a session was before. */
  uplink(uplink: Uplink, tick: number, nowMs: number): void;
  freeze(character: string): void;
  /** That zone wants to know what these entities are. */
  tellWho(zone: number, ids: readonly number[]): void;
  are(all: readonly GhostTraits[]): void;
  /** Takes an avatar out of the world, unkept: the one that comes is a later one. */
  displace(avatar: Avatar): void;
  /** An avatar has come; its gateway may live another life by now. */
  came(avatar: Avatar, tick: number, nowMs: number): void;
  /** Who went from here, and who is known to be elsewhere. */
  departures(): Departures;
  /** Which zone has which cells. */
  arrangements(): Arrangements;
  /** By which handover a character was here last, or is elsewhere; 0: that is not known. */
  lastHandovers(character: string): number;
  remove(row: number): void;
  fault(where: string, error: unknown): void;
}
