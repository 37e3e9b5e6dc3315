import type { LoggedIn, Refusal, SessionInfo } from '@lifeverse/contracts';
import type { Database, Sql } from '@lifeverse/node-kit';
import type { Attempt, Attempts } from './attempts.ts';
import type { Caller } from './caller.ts';
import { emailAddress } from './email-address.ts';
import { heldPlayer, loggedIn, renewed } from './held-player.ts';
import { refuseMoreOf } from './identities.ts';
import { newPlayer } from './new-player.ts';
import { fitPassword, typedPassword } from './password.ts';
import type { HashGround, PasswordHasher } from './password-hasher.ts';
import { orRefusal, Refused } from './refused.ts';
import type { Sessions } from './sessions.ts';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

interface Entered {
  readonly player: string;
  readonly name: string;
  readonly suspended: boolean;
  readonly leftMs: number;
}

const FINISH = `SELECT player, name, suspended, left_ms AS "leftMs"
  FROM finish_log_in($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`;

/**
 * Log-in by e-mail address and password. Without mail, nobody can show that an address is theirs; so an address is no
 * more than a name, and several players may have the same. What belongs to one of them is the address together with the
 * password. That is why registering an address that somebody else has is answered, and costs, what any other does: it
 * makes another account, which is reached by the other password.
 */
export class LogInDesk {
  readonly #database: Database;
  readonly #sessions: Sessions;
  readonly #hasher: PasswordHasher;
  readonly #attempts: Attempts;

  constructor(options: { database: Database; sessions: Sessions; hasher: PasswordHasher; attempts: Attempts }) {
    this.#database = options.database;
    this.#sessions = options.sessions;
    this.#hasher = options.hasher;
    this.#attempts = options.attempts;
  }

  /** `login_wrong` says nothing of which of the two is wrong. Answers `login_locked` and `login_busy` with a time too. */
  logIn(credentials: Credentials, caller: Caller): Promise<LoggedIn | Refusal> {
    return orRefusal(async () => {
      const address = addressOf(credentials.email);
      const password = typedPassword(credentials.password);
      if (password === undefined) throw new Refused('login_wrong');
      const { ground, attempt } = await this.#begin(address, caller);
      const { token, values } = this.#sessions.draw(caller.platform);
      const entered = await this.#search(password, ground, async (form, replacement) => {
        const [row] = await this.#database.query<Entered>(FINISH, [
          address,
          form,
          replacement,
          ...this.#attempts.success(attempt),
          ...values,
        ]);
        return row?.player === null ? undefined : row;
      });
      if (entered === undefined) throw new Refused('login_wrong');
      if (entered.suspended) throw new Refused('player_suspended');
      return loggedIn(entered, { token, expiresInMs: Math.floor(entered.leftMs) });
    });
  }

  /**
   * Gives the player of the session, or a new one of that name, this way to log in. The session goes on with another
   * token. `identity_taken` is only said to who knows another player's password.
   */
  register(
    credentials: Credentials,
    who: { readonly info: SessionInfo } | { readonly newName: string },
    caller: Caller,
  ): Promise<LoggedIn | Refusal> {
    return orRefusal(async () => {
      const address = addressOf(credentials.email);
      const password = fitPassword(credentials.password, address);
      if (password === undefined) throw new Refused('password_unfit');
      const { attempt } = await this.#begin(address, caller);
      const forms = await this.#forms(password, await this.#hasher.groundToKeep(this.#database, address));
      const answer = await this.#database.transaction(async (sql) => {
        if ('info' in who) {
          const held = await heldPlayer(sql, who.info);
          await keep(sql, held.player, address, forms);
          return loggedIn(held, await renewed(sql, this.#sessions, who.info));
        }
        const made = await newPlayer(sql, who.newName);
        await keep(sql, made.player, address, forms);
        return loggedIn(made, await this.#sessions.create(sql, made.player, caller.platform));
      });
      this.#sessions.forget(answer.player);
      // The account's count stays: a registration is also a guess.
      await this.#attempts.giveBack(this.#database, attempt);
      return answer;
    });
  }

  /** Ends all other sessions of the player; this one goes on with another token. */
  changePassword(
    change: { readonly password: string; readonly newPassword: string },
    info: SessionInfo,
    caller: Caller,
  ): Promise<LoggedIn | Refusal> {
    return orRefusal(async () => {
      const address = await this.#addressOf(info);
      const password = fitPassword(change.newPassword, address);
      if (password === undefined) throw new Refused('password_unfit');
      const { ground, attempt, identity } = await this.#proven(change.password, address, info, caller);
      const forms = await this.#forms(password, ground);
      const answer = await this.#database.transaction(async (sql) => {
        const held = await heldPlayer(sql, info);
        await sql.query('DELETE FROM identities WHERE id = $1', [identity.id]);
        await keep(sql, info.player, address, forms);
        await this.#sessions.endOthers(sql, info.player, info.session);
        return loggedIn(held, await renewed(sql, this.#sessions, info));
      });
      this.#sessions.forget(answer.player);
      await this.#attempts.succeeded(this.#database, attempt);
      return answer;
    });
  }

  /** That it is the player: by the password once more. Throws what a log-in is refused with. */
  async prove(password: string, info: SessionInfo, caller: Caller): Promise<void> {
    const { attempt } = await this.#proven(password, await this.#addressOf(info), info, caller);
    await this.#attempts.succeeded(this.#database, attempt);
  }

  async #addressOf({ player }: SessionInfo): Promise<string> {
    const [account] = await this.#database.query<{ subject: string }>(
      `SELECT subject FROM identities WHERE player = $1 AND kind = 'email'`,
      [player],
    );
    if (account === undefined) throw new Refused('identity_unknown');
    return account.subject;
  }

  /** The identity whose password it is. A guess here counts as one at the door. */
  async #proven(
    password: string,
    address: string,
    { player }: SessionInfo,
    caller: Caller,
  ): Promise<{ ground: HashGround; attempt: Attempt; identity: { readonly id: bigint } }> {
    const { ground, attempt } = await this.#begin(address, caller);
    const identity = await this.#search(typedPassword(password) ?? '', ground, async (form) => {
      const [row] = await this.#database.query<{ id: bigint }>(
        `SELECT id FROM identities WHERE player = $1 AND kind = 'email' AND password_hash = $2`,
        [player, form],
      );
      return row;
    });
    if (identity === undefined) throw new Refused('login_wrong');
    return { ground, attempt, identity };
  }

  async #begin(address: string, caller: Caller): Promise<{ ground: HashGround; attempt: Attempt }> {
    const { attempt, salt, parameters, waitMs } = await this.#attempts.begin(this.#database, address, caller);
    if (waitMs > 0) throw new Refused('login_locked', waitMs);
    return { ground: this.#hasher.ground(salt, parameters), attempt };
  }

  /**
   * Looks for the password as it is hashed today, then as it was before; `replacement` is today's hash where one of former
   * days is to give way to it. Found by the hash itself: like a session's token, it says nothing to who cannot make it.
   */
  async #search<T>(
    password: string,
    ground: HashGround,
    look: (form: string, replacement: string | null) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const current = await this.#hasher.current(password, ground);
    const found = await look(current.form, null);
    if (found !== undefined) return found;
    for await (const former of this.#hasher.others(password, ground)) {
      const known = await look(former.form, this.#hasher.outdated(former) ? current.form : null);
      if (known !== undefined) return known;
    }
    return undefined;
  }

  async #forms(password: string, ground: HashGround): Promise<string[]> {
    const forms = [(await this.#hasher.current(password, ground)).form];
    for await (const { form } of this.#hasher.others(password, ground)) forms.push(form);
    return forms;
  }
}

function addressOf(email: string): string {
  const address = emailAddress(email);
  if (address === undefined) throw new Refused('email_invalid');
  return address;
}

/** `forms`: the password hashed in every way in use, today's first, which is the one that is kept. */
async function keep(sql: Sql, player: string, address: string, forms: readonly string[]): Promise<void> {
  await refuseMoreOf(sql, player, 'email');
  const kept = await sql.query(
    `INSERT INTO identities (player, kind, subject, password_hash)
     SELECT $1, 'email', $2, $3 WHERE NOT EXISTS (
       SELECT FROM identities WHERE kind = 'email' AND subject = $2 AND password_hash = ANY ($4::text[]))
     ON CONFLICT DO NOTHING RETURNING id`,
    [player, address, forms[0] as string, forms],
  );
  if (kept.length === 0) throw new Refused('identity_taken');
}
