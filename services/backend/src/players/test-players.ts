import { randomBytes } from 'node:crypto';
import type { LoggedIn, Refusal } from '@lifeverse/contracts';
import { type Database, migrate, openDatabase, SystemClock } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { afterAll } from 'vitest';
import { migrations } from '../migrations.ts';
import { NameOffers } from '../name-offers.ts';
import { type AccountLimits, defaultAccountLimits } from './account-limits.ts';
import type { Argon2Parameters } from './argon2-parameters.ts';
import type { Caller } from './caller.ts';
import { Players, type PlayersOptions } from './players.ts';
import { isRefusal } from './refused.ts';

/** Hashes in a moment: what is tested is who hashes and how often, not how long it takes. */
const lightParameters: Argon2Parameters = { memoryKiB: 64, passes: 1, lanes: 1 };
/** One of them listens. */
const CONNECTIONS = 3;
export const PASSWORD = 'correct horse battery';

const wide = { burst: 1_000_000, perS: 1_000_000 };
/** No peer of a test is slowed down, unless the test is about that. */
export const wideLimits: AccountLimits = {
  ...defaultAccountLimits,
  newPlayers: wide,
  logIns: wide,
  attempts: { ...defaultAccountLimits.attempts, ofPeer: 1_000_000 },
};

export interface Ground {
  readonly database: Database;
  readonly url: string;
  readonly ticketKey: Uint8Array;
  /** As another server process on the same database would have it. */
  players(options?: Partial<PlayersOptions>): Promise<Players>;
}

/** The real database, empty but for its schema, and players on it; all closed when the file's tests are through. */
export async function playersGround(): Promise<Ground> {
  const { database, url } = await testDatabase();
  await migrate(database, migrations);
  const ticketKey = new Uint8Array(randomBytes(32));
  const opened: (() => Promise<void>)[] = [];
  afterAll(async () => {
    await Promise.all(opened.map((close) => close()));
  });
  return {
    database,
    url,
    ticketKey,
    players: async (options = {}) => {
      const own = openDatabase({ url, maxConnections: CONNECTIONS });
      const players = new Players({
        database: own,
        clock: new SystemClock(),
        ticketKey,
        names: new NameOffers(),
        publicUrl: 'http://127.0.0.1',
        limits: wideLimits,
        argon2: lightParameters,
        ...options,
      });
      opened.push(async () => {
        await players.close();
        await own.close();
      });
      await players.start();
      return players;
    },
  };
}

export function caller(change: Partial<Caller> = {}): Caller {
  return { peer: '198.51.100.7', token: null, platform: 'web', unlimited: false, ...change };
}

let addresses = 0;
export function freshAddress(): string {
  return `player-${++addresses}@example.org`;
}

/** The answer, when it is one. */
export function granted<T>(answer: T): Exclude<T, Refusal> {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.refused}`);
  return answer as Exclude<T, Refusal>;
}

/** A player with an account. */
export async function registered(players: Players, email: string, password = PASSWORD): Promise<LoggedIn> {
  return granted(await players.register({ email, password }, { info: null, name: undefined }, caller()));
}
