import type { Refusal, SessionInfo } from '@lifeverse/contracts';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import type { Admission } from '../admission/admission.ts';
import { addAccountRoutes } from './account-routes.ts';
import type { Caller } from './caller.ts';
import { addOidcRoutes } from './oidc-routes.ts';
import type { Players } from './players.ts';
import { isRefusal } from './refused.ts';
import { strictly } from './route-schemas.ts';
import { addSessionRoutes } from './session-routes.ts';

/** What the application around these routes knows of HTTP. */
export interface PlayerRouteSeams {
  /** Who asks: the connection's other end, the session's token from cookie or bearer, whether it is an operator's. */
  caller(request: FastifyRequest): Omit<Caller, 'platform'>;
  /** Problem details of the code, with Retry-After where there is a time. */
  refuse(reply: FastifyReply, refusal: Refusal): FastifyReply;
  /** Sets the session's cookie where the client keeps one; null ends it. */
  keepSession(reply: FastifyReply, session: { readonly token: string; readonly expiresInMs: number } | null): void;
  /** Problem details, in schemas. */
  readonly problem: TSchema;
}

export interface PlayerRouteOptions {
  readonly players: Players;
  /** Whom to let in when. */
  readonly admission: Pick<Admission, 'admit'>;
  /** As players' options have it: over https, cookies are for https alone. */
  readonly publicUrl: string;
  readonly seams: PlayerRouteSeams;
}

/** What each group of routes is made with. */
export interface RouteKit extends PlayerRouteOptions {
  readonly app: FastifyInstance;
  /** Answers, or refuses: whatever the work says. */
  answer<T>(reply: FastifyReply, outcome: T | Refusal): T | FastifyReply;
  /** The session that came along; a refusal when there is none that is open. */
  session(request: FastifyRequest): Promise<SessionInfo | Refusal>;
  caller(request: FastifyRequest, platform?: string): Caller;
  /** Responses of a route: its own, and problem details for everything else. */
  responses(ok: TSchema, status?: number): Record<string, TSchema>;
}

/** Players, sessions, identities and tickets: `/api/...`. */
export function playerRoutes(options: PlayerRouteOptions): FastifyPluginAsync {
  return async (app) => {
    app.setValidatorCompiler<TSchema>(strictly);
    // Whatever these answer is one person's.
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    const kit = routeKit(app, options);
    addAccountRoutes(kit);
    addSessionRoutes(kit);
    addOidcRoutes(kit);
  };
}

function routeKit(app: FastifyInstance, options: PlayerRouteOptions): RouteKit {
  const { players, seams } = options;
  return {
    ...options,
    app,
    answer: (reply, outcome) => (isRefusal(outcome) ? seams.refuse(reply, outcome) : outcome),
    session: async (request) => {
      const info = await players.sessions.verify(seams.caller(request).token ?? '');
      return typeof info === 'string' ? { refused: info } : info;
    },
    caller: (request, platform = '') => ({ ...seams.caller(request), platform }),
    responses: (ok, status = 200) => ({ [status]: ok, '4xx': seams.problem, '5xx': seams.problem }),
  };
}
