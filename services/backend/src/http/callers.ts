import { apiHeaders } from '@lifeverse/contracts';
import { isSecret } from '@lifeverse/node-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../players/caller.ts';

export interface CallersOptions {
  /** Shared with the gateways: what they say of who asks is believed. */
  readonly secret: string;
  /** Who brings it is not slowed down as a peer; null when nobody is. */
  readonly operatorToken: string | null;
  /** Where browsers find this server: over https, cookies are for https alone. */
  readonly publicUrl: string;
}

const BEARER = /^Bearer +([\w-]{1,128})$/i;

/** Who asks, and by which session: from what came with a request. */
export class Callers {
  readonly #options: CallersOptions;
  readonly #cookie: string;
  readonly #secure: boolean;

  constructor(options: CallersOptions) {
    this.#options = options;
    this.#secure = options.publicUrl.startsWith('https:');
    // A browser takes this prefix over https alone, from this host alone.
    this.#cookie = this.#secure ? '__Host-lifeverse' : 'lifeverse';
  }

  caller(request: FastifyRequest): Omit<Caller, 'platform'> {
    const { operatorToken } = this.#options;
    const unlimited = operatorToken !== null && isSecret(request.headers[apiHeaders.operator], operatorToken);
    return { peer: this.#peer(request), token: this.#token(request), unlimited };
  }

  /** Sets the cookie, or ends it: for browsers that come from a provider, and for clients that ask for one. */
  keepSession(reply: FastifyReply, session: { readonly token: string; readonly expiresInMs: number } | null): void {
    const { request } = reply;
    const options = { path: '/', httpOnly: true, sameSite: 'strict', secure: this.#secure } as const;
    if (session === null) reply.clearCookie(this.#cookie, options);
    else if (request.method === 'GET' || request.headers[apiHeaders.keep] === 'cookie')
      reply.setCookie(this.#cookie, session.token, { ...options, maxAge: Math.floor(session.expiresInMs / 1_000) });
  }

  #peer({ headers, socket }: FastifyRequest): string {
    const told = headers[apiHeaders.peer];
    if (typeof told === 'string' && isSecret(headers[apiHeaders.gateway], this.#options.secret)) return told;
    return socket.remoteAddress ?? '';
  }

  /** What a client says itself goes before what its browser adds. */
  #token({ headers, cookies }: FastifyRequest): string | null {
    if (headers.authorization !== undefined) return BEARER.exec(headers.authorization)?.[1] ?? '';
    return cookies[this.#cookie] ?? null;
  }
}
