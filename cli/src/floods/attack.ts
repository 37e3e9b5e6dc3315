import type { Random } from '@lifeverse/base';
import type { ErrorCode } from '@lifeverse/protocol';

export interface Target {
  /** The server, as in its own line at the start. */
  readonly url: string;
  /** How long to go on, ms. */
  readonly forMs: number;
  readonly random: Random;
}

/** What an attacker has done and met with: amounts by name. */
export type Deeds = Readonly<Record<string, number>>;

/** What somebody with bad intentions does for some seconds, paced so that it is not their own work that slows others. */
export interface Attack {
  readonly name: string;
  /** In words, for people. */
  readonly what: string;
  /** It may take so long until the first of `grows` grows, s, and is measured from then on; when left out, from its start. */
  readonly leadSeconds?: number;
  /** A window of time in which it is measured, s. */
  readonly seconds: number;
  /** So many of them, one after the other: it lasts so long, and as long as its lead may take. */
  readonly windows: number;
  /** How often it is done at least, each time between two calms. */
  readonly rounds: number;
  /** What each round has to do at least: an attack that does less proves nothing. */
  readonly least: Deeds;
  /** How often the server has to refuse, by its own count, all rounds together. */
  readonly refusals: Readonly<Partial<Record<ErrorCode, number>>>;
  /** Series of `/metrics` that have to grow meanwhile. */
  readonly grows: readonly string[];
  /** Players from elsewhere join meanwhile, and are to be in soon. */
  readonly newcomers: boolean;
  run(target: Target): Promise<Deeds>;
}
