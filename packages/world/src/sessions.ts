import { limits } from '@lifeverse/protocol';
import type { Answer } from '@lifeverse/sync/common';
import { InputQueue } from './input-queue.ts';

/** Whether a player is behind an avatar, and through which gateway. */
export type Presence =
  | { readonly state: 'present'; readonly gateway: string; readonly session: number }
  /** The connection was lost: the avatar stands until `untilMs`, and then goes on with what it `held` if that comes back. */
  | { readonly state: 'away'; readonly untilMs: number; readonly held: object | null };

/** A player's avatar in this zone. */
export interface Avatar {
  readonly character: string;
  readonly row: number;
  incarnation: number;
  /** How often it was handed over from zone to zone, ever. */
  handovers: number;
  /** Where the ticket of that incarnation was shown: the gateway, its life, and the session. */
  entrance: string;
  presence: Presence;
  inputs: InputQueue;
  /** When it came from another zone, server time; 0: it did not. */
  readonly cameMs: number;
  /** Up to the end of this tick its past is settled: it was moved by something other than its own step. */
  sealedTick: number;
  /** Until this tick its late inputs may reach back as far as its past is known: nobody could take them before (WO72). */
  readonly lateUntilTick: number;
  /** Server time; 0: may speak. */
  mutedUntilMs: number;
  /** Bit k: sees the k-th audience of the layout. */
  audiences: number;
  /** What the player is to be told with the next bundle; null: nothing. */
  news: News | null;
}

/** A session of one life of a gateway. */
export interface Entrance {
  readonly gateway: string;
  readonly generation: number;
  readonly session: number;
}

/** As one word, to be compared. */
export function entranceOf({ gateway, generation, session }: Entrance): string {
  return `${gateway} ${generation} ${session}`;
}

/** Undoes `entranceOf`. */
export function lifeOf(entrance: string): Entrance {
  const words = entrance.split(' ');
  const [generation, session] = words.splice(-2).map(Number) as [number, number];
  return { gateway: words.join(' '), generation, session };
}

export interface News {
  attached: boolean;
  anchor: boolean;
  audiences: boolean;
  acknowledged: boolean;
  position: boolean;
  /** The zone that has the avatar from now on. */
  moved: number | null;
  readonly refused: { sequence: number; code: number }[];
  /** Operations have come, or come again: the gateway is told up to which they are here. */
  held: boolean;
  readonly answers: Answer[];
}

export function freshInputs(): InputQueue {
  return new InputQueue(limits.unstableInputs);
}

/** Goes on behind that input, which counted at that tick. */
export function continuedInputs(applied: number, appliedTick: number): InputQueue {
  return InputQueue.continued(limits.unstableInputs, applied, appliedTick);
}

/** The avatars of a zone: by character, by row, and by a gateway's session number. */
export class Avatars {
  readonly #byCharacter = new Map<string, Avatar>();
  readonly #byRow = new Map<number, Avatar>();
  readonly #bySession = new Map<string, Map<number, Avatar>>();

  /** Those with inputs that wait for their tick. */
  readonly acting = new Set<Avatar>();
  #newsworthy: Avatar[] = [];

  get size(): number {
    return this.#byCharacter.size;
  }

  /** The avatar's news, to be added to. */
  news(avatar: Avatar): News {
    if (avatar.news === null) {
      avatar.news = {
        attached: false,
        anchor: false,
        audiences: false,
        acknowledged: false,
        position: false,
        moved: null,
        refused: [],
        held: false,
        answers: [],
      };
      this.#newsworthy.push(avatar);
    }
    return avatar.news;
  }

  /** Those with news, each once. */
  takeNewsworthy(): readonly Avatar[] {
    const newsworthy = this.#newsworthy;
    this.#newsworthy = [];
    return newsworthy;
  }

  all(): Iterable<Avatar> {
    return this.#byRow.values();
  }

  ofCharacter(character: string): Avatar | undefined {
    return this.#byCharacter.get(character);
  }

  ofRow(row: number): Avatar | undefined {
    return this.#byRow.get(row);
  }

  /** Sessions of another life of the gateway have the same numbers. */
  ofSession(entrance: Entrance): Avatar | undefined {
    const avatar = this.#bySession.get(entrance.gateway)?.get(entrance.session);
    return avatar?.entrance === entranceOf(entrance) ? avatar : undefined;
  }

  ofGateway(gateway: string): Iterable<Avatar> {
    return this.#bySession.get(gateway)?.values() ?? [];
  }

  add(avatar: Avatar): void {
    this.#byCharacter.set(avatar.character, avatar);
    this.#byRow.set(avatar.row, avatar);
    this.#index(avatar);
  }

  remove(avatar: Avatar): void {
    this.#unindex(avatar);
    this.acting.delete(avatar);
    avatar.news = null;
    this.#byCharacter.delete(avatar.character);
    this.#byRow.delete(avatar.row);
  }

  setPresence(avatar: Avatar, presence: Presence): void {
    this.#unindex(avatar);
    avatar.presence = presence;
    this.#index(avatar);
  }

  #index(avatar: Avatar): void {
    if (avatar.presence.state !== 'present') return;
    const { gateway, session } = avatar.presence;
    const sessions = this.#bySession.get(gateway) ?? new Map<number, Avatar>();
    this.#bySession.set(gateway, sessions);
    const known = sessions.get(session);
    // One from another zone may be of an earlier life of the gateway, whose sessions had the same numbers.
    if (known !== undefined && lifeOf(known.entrance).generation > lifeOf(avatar.entrance).generation) return;
    sessions.set(session, avatar);
  }

  #unindex(avatar: Avatar): void {
    if (avatar.presence.state !== 'present') return;
    const sessions = this.#bySession.get(avatar.presence.gateway);
    if (sessions?.get(avatar.presence.session) === avatar) sessions.delete(avatar.presence.session);
  }
}
