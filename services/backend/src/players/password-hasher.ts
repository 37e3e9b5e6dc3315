import { randomBytes } from 'node:crypto';
import type { Sql } from '@lifeverse/node-kit';
import {
  type Argon2Parameters,
  costsMore,
  parametersOfText,
  phcString,
  textOfParameters,
} from './argon2-parameters.ts';
import { type HashPool, HashPoolBusy } from './hash-pool.ts';
import { Refused } from './refused.ts';

const SALT_BYTES = 16;

/** What is needed to hash a password for an address; the same whether anybody has that address. */
export interface HashGround {
  readonly salt: Uint8Array;
  /** With all of these, passwords were hashed that still count. */
  readonly parameters: readonly string[];
}

/** Hashes for one address, and how much each of them is worth. */
export interface Hashed {
  readonly form: string;
  readonly parameters: Argon2Parameters;
}

/**
 * Turns a password into what is compared: its PHC string under the salt of the address. A wrong password, a right one for
 * nobody and one for somebody all cost one hash for each set of parameters in use.
 */
export class PasswordHasher {
  readonly #pool: HashPool;
  readonly #current: Argon2Parameters;
  /** Of addresses that nobody registered: hashed with, and never kept. */
  readonly #nobodysSalt = randomBytes(SALT_BYTES);

  constructor(pool: HashPool, current: Argon2Parameters) {
    this.#pool = pool;
    this.#current = current;
  }

  /** Announces the parameters with which this process hashes, so that others compare with them too. */
  async announce(sql: Sql): Promise<void> {
    await sql.query('INSERT INTO password_parameters (parameters) VALUES ($1) ON CONFLICT DO NOTHING', [
      textOfParameters(this.#current),
    ]);
  }

  ground(salt: Uint8Array | null, parameters: readonly string[] | null): HashGround {
    return { salt: salt ?? this.#nobodysSalt, parameters: parameters ?? [] };
  }

  /** Draws a salt for an address when it has none. */
  async groundToKeep(sql: Sql, address: string): Promise<HashGround> {
    const [row] = await sql.query<{ salt: Uint8Array; parameters: string[] | null }>(
      `INSERT INTO password_salts (subject, salt) VALUES ($1, $2)
       ON CONFLICT (subject) DO UPDATE SET salt = password_salts.salt
       RETURNING salt, (SELECT array_agg(parameters) FROM password_parameters) AS parameters`,
      [address, randomBytes(SALT_BYTES)],
    );
    return this.ground(row?.salt ?? null, row?.parameters ?? null);
  }

  /** With the parameters of today; the first to compare, and the one to keep. */
  current(password: string, ground: HashGround): Promise<Hashed> {
    return this.#hash(password, ground, this.#current);
  }

  /** With each of the others, of former days or of a newer version of this program. */
  async *others(password: string, ground: HashGround): AsyncGenerator<Hashed> {
    const current = textOfParameters(this.#current);
    for (const text of ground.parameters) {
      if (text !== current) yield await this.#hash(password, ground, parametersOfText(text));
    }
  }

  /** Whether one that was kept gives way to one of today. */
  outdated(kept: Hashed): boolean {
    return costsMore(this.#current, kept.parameters);
  }

  /** Forgets the parameters of former days once nobody's password is hashed with them. */
  async sweep(sql: Sql): Promise<void> {
    await sql.query(
      `DELETE FROM password_parameters p WHERE parameters <> $1 AND NOT EXISTS (
         SELECT FROM identities WHERE kind = 'email' AND split_part(password_hash, '$', 4) = p.parameters)`,
      [textOfParameters(this.#current)],
    );
  }

  async #hash(password: string, { salt }: HashGround, parameters: Argon2Parameters): Promise<Hashed> {
    try {
      return { form: phcString(parameters, salt, await this.#pool.hash(password, salt, parameters)), parameters };
    } catch (error) {
      throw error instanceof HashPoolBusy ? new Refused('login_busy', error.retryAfterMs) : error;
    }
  }
}
