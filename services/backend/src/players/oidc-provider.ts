import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
} from 'openid-client';
import type { Proof } from './identities.ts';
import { Refused } from './refused.ts';

export interface OidcProviderOptions {
  /** By which paths and players name it: `example`. */
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Left out by a client that has none: PKCE then stands alone. */
  readonly clientSecret?: string;
}

/** What one log-in is checked by when the browser comes back. */
export interface LogInChecks {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

const TIMEOUT_S = 10;
const RETRY_MS = 5_000;
/** OpenID Connect Core: `sub` has at most 255 ASCII characters. */
const SUBJECT = /^[\x20-\x7e]{1,255}$/;

/** An OpenID provider: authorization code with PKCE. What it says of itself is fetched when it is first needed. */
export class OidcProvider {
  readonly name: string;
  readonly issuer: string;
  readonly #options: OidcProviderOptions;
  #found: Promise<Configuration> | null = null;

  /** Throws on an issuer that is not reached by https; on the own machine, http will do. */
  constructor(options: OidcProviderOptions) {
    const url = new URL(options.issuer);
    if (url.protocol !== 'https:' && !isOwnMachine(url))
      throw new Error(`the provider ${options.name} must have an https address`);
    this.name = options.name;
    this.issuer = options.issuer;
    this.#options = options;
  }

  /** Where to send the browser. */
  async address(checks: LogInChecks, redirectUri: string): Promise<URL> {
    return buildAuthorizationUrl(await this.#configuration(), {
      redirect_uri: redirectUri,
      scope: 'openid',
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: 'S256',
    });
  }

  /** `cameBack`: the redirect address with what the browser brought. Whatever does not fit is refused alike. */
  async proof(checks: LogInChecks, cameBack: URL): Promise<Proof> {
    const configuration = await this.#configuration();
    try {
      const tokens = await authorizationCodeGrant(configuration, cameBack, {
        pkceCodeVerifier: checks.codeVerifier,
        expectedState: checks.state,
        expectedNonce: checks.nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined || !SUBJECT.test(claims.sub)) throw new Refused('provider_refused');
      return { issuer: claims.iss, subject: claims.sub };
    } catch (error) {
      throw isTransport(error) ? new Refused('provider_unreachable', RETRY_MS) : new Refused('provider_refused');
    }
  }

  async #configuration(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.#options;
    const url = new URL(issuer);
    this.#found ??= discovery(url, clientId, clientSecret, undefined, {
      timeout: TIMEOUT_S,
      execute: isOwnMachine(url) ? [allowInsecureRequests] : [],
    });
    try {
      return await this.#found;
    } catch {
      this.#found = null;
      throw new Refused('provider_unreachable', RETRY_MS);
    }
  }
}

function isOwnMachine({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** `fetch` fails with a TypeError when nobody answers, and with a DOMException when nobody answers in time. */
function isTransport(error: unknown): boolean {
  return (
    error instanceof TypeError || error instanceof DOMException || (error as { code?: string }).code === 'OAUTH_TIMEOUT'
  );
}
