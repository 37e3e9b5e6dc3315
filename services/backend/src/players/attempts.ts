import { createHash } from 'node:crypto';
import type { Sql, SqlValue } from '@lifeverse/node-kit';
import type { Caller } from './caller.ts';
import { networkKey } from './network-key.ts';
import { hashOfToken } from './session-token.ts';

/** After how many attempts without success waiting begins, and how long it is. */
export interface AttemptLimits {
  /** Of one account, from wherever they come. */
  readonly ofAccount: number;
  /** Of one peer, at whatever account: a school or a café is one peer. */
  readonly ofPeer: number;
  readonly firstLockMs: number;
  /** Each further attempt doubles the wait, up to this. */
  readonly longestLockMs: number;
  /** Without attempts for so long, all is forgotten. */
  readonly forgetMs: number;
}

/** What an attempt was counted for. */
export interface Attempt {
  readonly account: Buffer;
  /** Null: peers are not counted, for whoever brings an operator's token. */
  readonly peer: Buffer | null;
}

/** What is known of an address before a password is hashed; null where nobody registered it. */
export interface Begun {
  readonly attempt: Attempt;
  readonly salt: Uint8Array | null;
  readonly parameters: string[] | null;
  /** Zero when the attempt may be made; else how long until one may. */
  readonly waitMs: number;
}

interface Row extends Omit<Begun, 'attempt'> {
  readonly knownDevice: boolean;
}

const BEGIN = `SELECT salt, parameters, known_device AS "knownDevice", wait_ms AS "waitMs"
  FROM begin_log_in($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;
/** Attempts to log in that did not succeed, by account and by peer, kept where all servers see them. */
export class Attempts {
  readonly #limits: AttemptLimits;

  constructor(limits: AttemptLimits) {
    this.#limits = limits;
  }

  /** Counts one, before anything is looked at. A session that is open knows nothing of it. */
  async begin(sql: Sql, address: string, caller: Caller): Promise<Begun> {
    const { ofAccount, ofPeer, firstLockMs, longestLockMs, forgetMs } = this.#limits;
    const token = caller.token === null ? undefined : hashOfToken(caller.token);
    const account = keyOf('account', address);
    // Whoever tries where that player is or was logged in is counted apart: others cannot lock them out.
    const device = token === undefined ? null : keyOf('device', address, token.toString('hex'));
    const peer = caller.unlimited ? null : keyOf('peer', networkKey(caller.peer));
    const keys = [token ?? null, account, device, peer];
    const [row] = await sql.query<Row>(BEGIN, [
      address,
      ...keys,
      ofAccount,
      ofPeer,
      firstLockMs,
      longestLockMs,
      forgetMs,
    ]);
    const { salt = null, parameters = null, knownDevice = false, waitMs = 0 } = row ?? {};
    const attempt = { account: knownDevice && device !== null ? device : account, peer };
    return { attempt, salt, parameters, waitMs: Math.ceil(waitMs) };
  }

  /** It succeeded: the account is free again, and the peer where it was before. */
  async succeeded(sql: Sql, attempt: Attempt): Promise<void> {
    await sql.query('SELECT attempt_succeeded($1, $2, $3)', this.success(attempt));
  }

  /** Takes the peer's count back, not the account's. */
  async giveBack(sql: Sql, { peer }: Attempt): Promise<void> {
    await sql.query('SELECT attempt_succeeded(NULL, $1, $2)', [peer, this.#limits.ofPeer]);
  }

  /** What `attempt_succeeded` is called with. */
  success({ account, peer }: Attempt): SqlValue[] {
    return [account, peer, this.#limits.ofPeer];
  }

  /** Removes what is forgotten anyway. */
  async sweep(sql: Sql): Promise<void> {
    await sql.query(
      `DELETE FROM attempts WHERE subject_hash IN (SELECT subject_hash FROM attempts
         WHERE last_at < now() - $1 * interval '1 ms' LIMIT 10000)`,
      [Math.max(this.#limits.forgetMs, this.#limits.longestLockMs)],
    );
  }
}

function keyOf(...parts: string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}
