import type { Clock } from '@lifeverse/base';
import type { LoggedIn, Refusal, SessionInfo, TicketGrant } from '@lifeverse/contracts';
import type { Database } from '@lifeverse/node-kit';
import { NameOffers } from '../name-offers.ts';
import { playerName } from '../player-name.ts';
import { type AccountLimits, defaultAccountLimits } from './account-limits.ts';
import { type Argon2Parameters, owaspParameters } from './argon2-parameters.ts';
import { Attempts } from './attempts.ts';
import type { Caller } from './caller.ts';
import { refuseStale } from './fresh-log-in.ts';
import { HashPool } from './hash-pool.ts';
import { loggedIn } from './held-player.ts';
import { Identities } from './identities.ts';
import { type Credentials, LogInDesk } from './log-in-desk.ts';
import { newPlayer } from './new-player.ts';
import { OidcDesk, type OidcEnd, type OidcStart } from './oidc-desk.ts';
import { OidcProvider, type OidcProviderOptions } from './oidc-provider.ts';
import { PasswordHasher } from './password-hasher.ts';
import { PeerRate } from './peer-rate.ts';
import { orRefusal, Refused } from './refused.ts';
import { Sessions } from './sessions.ts';
import { TicketDesk } from './ticket-desk.ts';

export interface PlayersOptions {
  readonly database: Database;
  /** Of the gateways as well: tickets name its time. */
  readonly clock: Clock;
  /** 32 secret bytes shared with the gateways. */
  readonly ticketKey: Uint8Array;
  /** Shared when others offer names too. */
  readonly names?: NameOffers;
  /** Where browsers find this server: `https://play.example.org`. */
  readonly publicUrl: string;
  readonly providers?: readonly OidcProviderOptions[];
  readonly limits?: AccountLimits;
  readonly argon2?: Argon2Parameters;
}

/** Who plays, how they prove it, and where they are logged in. Rejects with DatabaseUnreachable; what is not to be, is a Refusal. */
export class Players {
  readonly sessions: Sessions;
  readonly identities: Identities;
  readonly #database: Database;
  readonly #names: NameOffers;
  readonly #pool: HashPool;
  readonly #hasher: PasswordHasher;
  readonly #attempts: Attempts;
  readonly #logIns: LogInDesk;
  readonly #oidc: OidcDesk;
  readonly #tickets: TicketDesk;
  readonly #newPlayerRate: PeerRate;
  readonly #logInRate: PeerRate;

  constructor(options: PlayersOptions) {
    const { database, clock, limits = defaultAccountLimits } = options;
    const providers = (options.providers ?? []).map((provider) => new OidcProvider(provider));
    const nameOf = (issuer: string) => providers.find((provider) => provider.issuer === issuer)?.name ?? issuer;
    this.#database = database;
    this.#names = options.names ?? new NameOffers();
    this.sessions = new Sessions({ database, clock, limits: limits.sessions });
    this.identities = new Identities({ database, sessions: this.sessions, nameOf });
    this.#pool = new HashPool({ clock, ...limits.hashing });
    this.#hasher = new PasswordHasher(this.#pool, options.argon2 ?? owaspParameters);
    this.#attempts = new Attempts(limits.attempts);
    const shared = { database, sessions: this.sessions };
    this.#logIns = new LogInDesk({ ...shared, hasher: this.#hasher, attempts: this.#attempts });
    this.#oidc = new OidcDesk({
      ...shared,
      identities: this.identities,
      providers,
      publicUrl: options.publicUrl,
      nextName: () => this.offerName(),
    });
    this.#tickets = new TicketDesk({ database, clock, ticketKey: options.ticketKey });
    this.#newPlayerRate = new PeerRate(clock, limits.newPlayers);
    this.#logInRate = new PeerRate(clock, limits.logIns);
  }

  /** The schema must be there. */
  async start(): Promise<void> {
    await this.#hasher.announce(this.#database);
    await this.sessions.start();
  }

  /** Whoever waits for a log-in is refused. */
  async close(): Promise<void> {
    this.sessions.close();
    await this.#pool.close();
  }

  /** Hashes since the start, by parameters. */
  get hashes(): ReadonlyMap<string, number> {
    return this.#pool.counts;
  }

  /** Removes what is over; now and then. */
  async sweep(): Promise<void> {
    await this.sessions.sweep();
    await this.#oidc.sweep();
    await this.#attempts.sweep(this.#database);
    await this.#hasher.sweep(this.#database);
  }

  /** A name that nobody was offered lately. */
  offerName(): string {
    return this.#names.next();
  }

  /** A player at once, without any account. `name`: as it was typed; one is offered when there is none. */
  guest(name: string | undefined, caller: Caller): Promise<LoggedIn | Refusal> {
    return orRefusal(async () => {
      const fit = this.#nameOf(name);
      take(this.#newPlayerRate, caller);
      return this.#database.transaction(async (sql) => {
        const made = await newPlayer(sql, fit);
        return loggedIn(made, await this.sessions.create(sql, made.player, caller.platform));
      });
    });
  }

  logIn(credentials: Credentials, caller: Caller): Promise<LoggedIn | Refusal> {
    return orRefusal(async () => {
      take(this.#logInRate, caller);
      return this.#logIns.logIn(credentials, caller);
    });
  }

  /**
   * `info`: the player who is to have this account, usually a guest; a new one when null, named `name`. `login_stale`
   * for a player who has another way to log in and did so a while ago.
   */
  register(
    credentials: Credentials,
    who: { readonly info: SessionInfo | null; readonly name: string | undefined },
    caller: Caller,
  ): Promise<LoggedIn | Refusal> {
    return orRefusal(async () => {
      const newName = this.#nameOf(who.name);
      take(this.#logInRate, caller);
      if (who.info !== null) {
        await refuseStale(this.#database, who.info);
        return this.#logIns.register(credentials, { info: who.info }, caller);
      }
      take(this.#newPlayerRate, caller);
      return this.#logIns.register(credentials, { newName }, caller);
    });
  }

  changePassword(
    change: { readonly password: string; readonly newPassword: string },
    info: SessionInfo,
    caller: Caller,
  ): Promise<LoggedIn | Refusal> {
    return orRefusal(async () => {
      take(this.#logInRate, caller);
      return this.#logIns.changePassword(change, info, caller);
    });
  }

  /** Names of OpenID providers. */
  get providers(): string[] {
    return this.#oidc.providers;
  }

  /** To link asks for a session that began a moment ago, or the password; else `login_stale`. */
  beginOidc(
    provider: string,
    how: { readonly link: SessionInfo | null; readonly password?: string; readonly returnTo: string },
    caller: Caller,
  ): Promise<OidcStart | Refusal> {
    return orRefusal(async () => {
      take(this.#logInRate, caller);
      const { link, password, returnTo } = how;
      if (link !== null && password !== undefined) await this.#logIns.prove(password, link, caller);
      else if (link !== null) await refuseStale(this.#database, link);
      return this.#oidc.begin(provider, { link, returnTo, platform: caller.platform });
    });
  }

  /** `browser`: from the cookie that `beginOidc` gave. */
  endOidc(provider: string, search: URLSearchParams, browser: string): Promise<OidcEnd> {
    return this.#oidc.end(provider, search, browser);
  }

  /** To join with. `name`, as it was typed, renames the player; null leaves the name. */
  ticket(token: string, name: string | null): Promise<TicketGrant | Refusal> {
    return orRefusal(async () => this.#tickets.grant(token, name === null ? null : this.#nameOf(name)));
  }

  #nameOf(typed: string | undefined): string {
    const name = typed === undefined ? this.offerName() : playerName(typed);
    if (name === undefined) throw new Refused('name_invalid');
    return name;
  }
}

function take(rate: PeerRate, caller: Caller): void {
  const waitMs = caller.unlimited ? 0 : rate.take(caller.peer);
  if (waitMs > 0) throw new Refused('rate_exceeded', waitMs);
}
