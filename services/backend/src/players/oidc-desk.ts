import { createHash, randomBytes } from 'node:crypto';
import type { LoggedIn, Refusal, SessionInfo } from '@lifeverse/contracts';
import type { Database } from '@lifeverse/node-kit';
import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import { loggedIn } from './held-player.ts';
import { type Identities, linkTo, ownerOf, type Proof } from './identities.ts';
import { newPlayer } from './new-player.ts';
import type { OidcProvider } from './oidc-provider.ts';
import { orRefusal, Refused } from './refused.ts';
import type { Sessions } from './sessions.ts';

/** As long as somebody may take at the provider. */
const LOG_IN_MS = 10 * 60_000;

export interface OidcStart {
  /** Where to send the browser. */
  readonly url: string;
  /** For a cookie of this browser alone: what comes back without it was begun by somebody else. */
  readonly browser: string;
  readonly expiresInMs: number;
}

export interface OidcEnd {
  /** Null when it is not known which log-in came back: it was begun elsewhere, or too long ago. */
  readonly returnTo: string | null;
  readonly answer: LoggedIn | Refusal;
}

interface Begun {
  readonly codeVerifier: string;
  readonly nonce: string;
  readonly session: string | null;
  readonly player: string | null;
  readonly returnTo: string;
  readonly platform: string;
}

/** Log-in at OpenID providers. Identities are known by issuer and subject; an address that a provider tells is not asked for. */
export class OidcDesk {
  readonly #database: Database;
  readonly #sessions: Sessions;
  readonly #identities: Identities;
  readonly #providers: ReadonlyMap<string, OidcProvider>;
  readonly #publicUrl: string;
  readonly #nextName: () => string;

  /** `publicUrl`: where browsers find this server; providers send them back there. */
  constructor(options: {
    database: Database;
    sessions: Sessions;
    identities: Identities;
    providers: readonly OidcProvider[];
    publicUrl: string;
    nextName: () => string;
  }) {
    this.#database = options.database;
    this.#sessions = options.sessions;
    this.#identities = options.identities;
    this.#providers = new Map(options.providers.map((provider) => [provider.name, provider]));
    this.#publicUrl = options.publicUrl;
    this.#nextName = options.nextName;
  }

  /** By name, as a page offers them. */
  get providers(): string[] {
    return [...this.#providers.keys()];
  }

  /** `link`: the player to link the identity to. `returnTo`: a path of this server. */
  begin(
    name: string,
    { link, returnTo, platform }: { link: SessionInfo | null; returnTo: string; platform: string },
  ): Promise<OidcStart | Refusal> {
    return orRefusal(async () => {
      const provider = this.#provider(name);
      const checks = { state: randomState(), nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier() };
      const url = await provider.address(checks, this.#redirectUri(name));
      const browser = randomBytes(32).toString('base64url');
      await this.#database.query(
        `INSERT INTO oidc_logins
           (state_hash, browser_hash, provider, code_verifier, nonce, session, return_to, platform, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9 * interval '1 ms')`,
        [
          hash(checks.state),
          hash(browser),
          name,
          checks.codeVerifier,
          checks.nonce,
          link?.session ?? null,
          returnTo,
          platform,
          LOG_IN_MS,
        ],
      );
      return { url: url.href, browser, expiresInMs: LOG_IN_MS };
    });
  }

  /** `search`: what the browser brought from the provider. Each log-in comes back once. */
  async end(name: string, search: URLSearchParams, browser: string): Promise<OidcEnd> {
    const state = search.get('state') ?? '';
    const begun = this.#providers.has(name) ? await this.#take(name, state, browser) : undefined;
    const answer = await orRefusal(async () => {
      const provider = this.#provider(name);
      if (begun === undefined) throw new Refused('provider_refused');
      const cameBack = new URL(this.#redirectUri(name));
      cameBack.search = search.toString();
      return this.#proven(await provider.proof({ ...begun, state }, cameBack), begun);
    });
    return { returnTo: begun?.returnTo ?? null, answer };
  }

  async sweep(): Promise<void> {
    await this.#database.query('DELETE FROM oidc_logins WHERE expires_at < now()');
  }

  #provider(name: string): OidcProvider {
    const provider = this.#providers.get(name);
    if (provider === undefined) throw new Refused('provider_unknown');
    return provider;
  }

  // Each provider has its own, so that what one sends is never taken for another's.
  #redirectUri(name: string): string {
    return `${this.#publicUrl.replace(/\/$/, '')}/api/oidc/${encodeURIComponent(name)}/callback`;
  }

  async #take(provider: string, state: string, browser: string): Promise<Begun | undefined> {
    const [begun] = await this.#database.query<Begun>(
      `DELETE FROM oidc_logins o WHERE state_hash = $1 AND browser_hash = $2 AND provider = $3 AND expires_at > now()
       RETURNING code_verifier AS "codeVerifier", nonce, session, return_to AS "returnTo", platform,
         (SELECT player FROM sessions s WHERE s.id = o.session) AS player`,
      [hash(state), hash(browser), provider],
    );
    return begun;
  }

  async #proven(proof: Proof, { session, player, platform }: Begun): Promise<LoggedIn | Refusal> {
    if (session !== null && player !== null) {
      const info = { session, player, name: '', roles: [], mutedUntilMs: null };
      return this.#identities.link(proof, info);
    }
    return this.#database.transaction(async (sql) => {
      const known = await ownerOf(sql, proof);
      if (known?.suspended === true) throw new Refused('player_suspended');
      const owner = known ?? (await newPlayer(sql, this.#nextName()));
      // Two tabs at once: the second begins anew and finds the player of the first.
      if (known === undefined && !(await linkTo(sql, owner.player, proof))) throw new Refused('provider_refused');
      return loggedIn(owner, await this.#sessions.create(sql, owner.player, platform));
    });
  }
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
