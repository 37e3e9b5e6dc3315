import type { Asked } from '../books/history.ts';

/** What one player said and was told. Times are milliseconds of the drill's process, places metres. */
export interface PlayerRecord {
  readonly name: string;
  /** One for each connection on which they came to stand in the world. */
  readonly lives: readonly Life[];
  /** When the application was told that the connection is lost. */
  readonly lostMs: readonly number[];
  /** Sentences that it was given for the player. */
  readonly screens: readonly Screen[];
  /** How fast time was said to go, whenever that was said. */
  readonly rates: readonly Pace[];
  /** Why they cannot come back any more; null while they can. */
  readonly ended: string | null;
}

export interface Screen {
  readonly atMs: number;
  readonly says: string;
}

export interface Pace {
  readonly atMs: number;
  /** 256 is normal. */
  readonly rate: number;
}

/** A message of the server to a player. */
export interface Heard {
  readonly name: string;
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

/** From the server's welcome until the connection is gone, or the one it has moved to. Inputs are numbered anew in each. */
export interface Life {
  /** Index of the gateway by which the player was there, first. */
  readonly gateway: number;
  readonly entity: number;
  readonly inputs: readonly Input[];
  readonly told: readonly Told[];
}

export interface Input {
  readonly sequence: number;
  /** The tick that it is for; its low 16 bits. */
  readonly tick: number;
  readonly sentMs: number;
  readonly does: Does;
  /** When the server said that it had applied it; null: never. */
  readonly ackedMs: number | null;
  /** It took its place in the sequence, and the server said that it did nothing. */
  readonly refused: boolean;
}

export type Does = Count | Walk | Toil;

/** From now on the rules are to take so long for this player, in every tick. */
export interface Toil {
  readonly toilMs: number;
}

/** Numbers rise from 1 over all lives of a player. */
export interface Count {
  readonly count: number;
}

export interface Walk {
  /** Radians counter-clockwise from east. */
  readonly towards: number;
}

/** The server's word of the own avatar, at the end of a tick. */
export interface Told {
  readonly atMs: number;
  /** Its low 8 bits. */
  readonly tick: number;
  /** Every input of this life up to that one has been applied. */
  readonly applied: number;
  readonly x: number;
  readonly y: number;
  /** How many inputs were counted in all of the avatar's time, and the number of the last. */
  readonly counted: number;
  readonly last: number;
}

/** A coin that was to be given, however often it was asked for under its key. */
export interface Deal extends Asked {
  /** What the player read on the way. */
  readonly refusals: Refusal[];
}

export interface Refusal {
  readonly atMs: number;
  readonly code: string;
  readonly sentence: string;
  /** When it is worth asking again; null: never. */
  readonly retryAfterMs: number | null;
}

/** Somebody in somebody's view, behind a fault. */
export interface Sighting {
  readonly name: string;
  readonly entity: number;
}

/** What players tell of their walks. */
export interface WalkEvidence {
  readonly records: readonly PlayerRecord[];
  /** Of all players together, oneself included; one list for each fault, once everyone was back. */
  readonly sightings: readonly (readonly Sighting[])[];
  /**
   * When everybody was there: how long somebody waited while they came is not what most drills are about. Left out: it counts from
   * each player's first acknowledgement.
   */
  readonly sinceMs?: number;
  readonly endMs: number;
}
