import { accountRefusals, UNANSWERED } from './refusals.ts';
import { waitWords } from './ui/wait-words.ts';

/** Why it was not done, in a sentence for the player. `code`: of the catalogue; empty when nobody answered. */
export class AccountRefused extends Error {
  override readonly name = 'AccountRefused';
  readonly code: string;
  constructor(code: string, sentence: string) {
    super(sentence);
    this.code = code;
  }
}

/** Somewhere the player is logged in. */
export interface Device {
  readonly id: string;
  /** What it runs on, as the page there said: `firefox on linux`; empty when it said nothing. */
  readonly platform: string;
  /** ISO 8601. */
  readonly usedAt: string;
  /** This very one. */
  readonly current: boolean;
}

/** How the player can come back from anywhere; a guest has none. */
export interface WayIn {
  readonly id: string;
  readonly kind: 'email' | 'oidc';
  /** The address, or what the provider is called. */
  readonly label: string;
}

interface Entered {
  readonly session: string;
  readonly name: string;
}

/** The session that a page plays with. */
export interface HeldSession {
  readonly session: string | undefined;
  /** The former one is void. */
  keep(session: string): void;
}

/** The player's account, by the server's HTTP API. Everything rejects with an AccountRefused. Passwords go through here and stay nowhere. */
export class Account {
  readonly #held: HeldSession;
  readonly #platform: string;

  constructor(held: HeldSession, platform: string) {
    this.#held = held;
    this.#platform = platform;
  }

  /** False when the server knows the session no more; true also when it cannot be asked now. */
  async isKnown(): Promise<boolean> {
    return this.#ask('GET', 'api/sessions/current').then(
      () => true,
      (refused: AccountRefused) => refused.code !== 'session_unknown',
    );
  }

  /** Until when the player may not speak; null when they may, or that cannot be asked now. */
  async mutedUntil(): Promise<Date | null> {
    const { mutedUntil } = await this.#ask<{ mutedUntil: string | null }>('GET', 'api/sessions/current').catch(() => ({
      mutedUntil: null,
    }));
    return mutedUntil === null ? null : new Date(mutedUntil);
  }

  async waysIn(): Promise<readonly WayIn[]> {
    return (await this.#ask<{ identities: WayIn[] }>('GET', 'api/identities')).identities;
  }

  /** This one first. */
  async devices(): Promise<readonly Device[]> {
    const { sessions } = await this.#ask<{ sessions: Device[] }>('GET', 'api/sessions');
    return [...sessions.filter(({ current }) => current), ...sessions.filter(({ current }) => !current)];
  }

  /** Providers at which one can log in; none when that is not known. */
  async providers(): Promise<readonly string[]> {
    return (await this.#ask<{ providers: string[] }>('GET', 'api/oidc').catch(() => ({ providers: [] }))).providers;
  }

  /** Gives the guest who plays here a way back. */
  async keepAs(email: string, password: string): Promise<void> {
    await this.#enter('api/accounts', email, password);
  }

  /** The page then holds a session of whoever this is; resolves with what they are called. */
  logIn(email: string, password: string): Promise<string> {
    return this.#enter('api/sessions', email, password);
  }

  /** All other devices are logged out. */
  async changePassword(password: string, newPassword: string): Promise<void> {
    const change = this.#ask<Entered>('PUT', 'api/password', { password, newPassword });
    this.#held.keep((await change.catch(ownPasswordWrong)).session);
  }

  /** All other devices are logged out, as they may have come by that way. */
  async giveUp(wayIn: string): Promise<void> {
    this.#held.keep((await this.#ask<Entered>('DELETE', `api/identities/${wayIn}`)).session);
  }

  async endDevice(id: string): Promise<void> {
    await this.#ask('DELETE', `api/sessions/${id}`);
  }

  async logOut(): Promise<void> {
    await this.#ask('DELETE', 'api/sessions/current');
  }

  /** Where to send the browser to log in, or to give who plays here one more way in. */
  async beginAt(provider: string, { link }: { readonly link: boolean }): Promise<string> {
    const body = { link, returnTo: location.pathname, platform: this.#platform };
    return (await this.#ask<{ url: string }>('POST', `api/oidc/${provider}/start`, body)).url;
  }

  /** Whether the browser comes from a provider with a cookie that somebody is logged in by. */
  async hasCookie(): Promise<boolean> {
    const init = { cache: 'no-store' as const };
    const response = await fetch(new URL('api/sessions/current', document.baseURI), init).catch(() => null);
    return response?.ok === true;
  }

  /**
   * Once the page holds the session itself: a cookie is that of all tabs, and a second tab is a second player. Naming no
   * session ends none, and the answer takes the cookie away.
   */
  async dropCookie(): Promise<void> {
    const init = { method: 'DELETE', headers: { authorization: 'Bearer none' } };
    await fetch(new URL('api/sessions/current', document.baseURI), init).catch(() => null);
  }

  async #enter(path: string, email: string, password: string): Promise<string> {
    const body = { email, password, platform: this.#platform };
    const { session, name } = await this.#ask<Entered>('POST', path, body);
    this.#held.keep(session);
    return name;
  }

  async #ask<T>(method: string, path: string, body?: object): Promise<T> {
    const { session } = this.#held;
    const headers = {
      ...(session === undefined ? {} : { authorization: `Bearer ${session}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const init = { method, headers, cache: 'no-store' as const };
    const response = await fetch(
      new URL(path, document.baseURI),
      body === undefined ? init : { ...init, body: JSON.stringify(body) },
    ).catch(() => {
      throw new AccountRefused('', UNANSWERED);
    });
    const answer: unknown = await response.json().catch(() => null);
    if (!response.ok) throw refusalOf(answer, response.headers.get('retry-after'));
    return answer as T;
  }
}

/** There is no e-mail address that could be wrong as well. */
function ownPasswordWrong(refused: AccountRefused): never {
  throw refused.code === 'login_wrong' ? new AccountRefused(refused.code, 'That is not your password.') : refused;
}

function refusalOf(problem: unknown, retryAfter: string | null): AccountRefused {
  const { code, title } = (problem ?? {}) as { code?: unknown; title?: unknown };
  const known = typeof code === 'string' ? code : '';
  const sentence = accountRefusals[known] ?? (typeof title === 'string' ? title : UNANSWERED);
  const waitS = Number(retryAfter);
  return new AccountRefused(known, waitS > 0 ? `${sentence} ${waitWords(waitS)}` : sentence);
}
