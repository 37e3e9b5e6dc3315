import type { Client, ClientState, ClientStats } from '@lifeverse/client';
import type { Vec2, WorldMap } from '@lifeverse/definition';
import type { Dealing } from './dealing.ts';

export type Pace = 'stand' | 'walk' | 'run';
export type Mood = 'calm' | 'merry' | 'tired';

/** A person as a world shows it. Only who and where is common to all worlds. */
export interface Person {
  readonly id: number;
  /** Metres; the same object is renewed in place. */
  readonly position: Vec2;
  /** Metres a second, as shown. */
  readonly velocity: Vec2;
  readonly name?: string;
  readonly mood?: Mood;
  readonly skin?: number;
  readonly hair?: number;
  readonly coat?: number;
  readonly cut?: number;
  /** Radians; where one looks who stands. */
  readonly facing?: number;
  readonly resident?: boolean;
  /** What it is, when it is a thing that lies on the ground; `none` for people. */
  readonly ware?: string;
  /** What is on in the world, for one's own eyes; empty when nothing is. */
  readonly notice?: string;
}

/** What the game needs of a connection, whichever world is at its other end. */
export interface Link {
  readonly state: ClientState;
  readonly stats: ClientStats;
  readonly me: Person | null;
  readonly others: Iterable<Person>;
  readonly map: WorldMap;
  /** The longest that can be said at once, UTF-8 bytes. */
  readonly speechBytes: number;
  /** The connection itself: for tests, and for who is curious. */
  // biome-ignore lint/suspicious/noExplicitAny: of whichever world
  readonly client: Client<any>;
  /** Once a frame: brings everything to now. */
  update(): void;
  /** False while not in the world. */
  walk(towards: number, pace: Pace): boolean;
  /** Undefined in a world where nobody waves, or speaks. */
  readonly wave?: (at: number) => boolean;
  readonly say?: (text: string) => boolean;
  /** Undefined in a world where nobody has anything. */
  readonly dealing?: Dealing;
  close(): void;
}

/** What a link tells the game as it happens. */
export interface LinkEvents {
  speech(from: number, text: string): void;
  gesture(from: number, at: number): void;
  state(state: ClientState): void;
  /** A code of the catalogue. */
  refused(code: string): void;
  /** Why the connection was lost or is not to be had, while it is tried again: a code, and in plain words. */
  trouble(code: string, sentence: string): void;
  /** It is over: a code, and in plain words from the catalogue. */
  closed(code: string, sentence: string): void;
}
