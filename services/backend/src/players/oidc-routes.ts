import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { isRefusal } from './refused.ts';
import { answers, BODY_BYTES, bodies, described, paths } from './route-schemas.ts';
import type { RouteKit } from './routes.ts';

const tags = ['identities'];
const COOKIE = 'lifeverse_oidc';
const COOKIE_PATH = '/api/oidc';

/** Log-in at OpenID providers: the browser is sent there and comes back. */
export function addOidcRoutes(kit: RouteKit): void {
  const { app, players, responses } = kit;
  app.get(
    '/api/oidc',
    {
      schema: described({
        operationId: 'listProviders',
        summary: 'At which providers one can log in',
        tags,
        response: responses(answers.providers),
      }),
    },
    async () => ({ providers: players.providers }),
  );
  addStart(kit);
  addCallback(kit);
}

function addStart({ app, players, publicUrl, caller, session, answer, responses }: RouteKit): void {
  app.post<{ Body: Static<typeof bodies.oidcStart>; Params: Static<typeof paths.provider> }>(
    '/api/oidc/:provider/start',
    {
      bodyLimit: BODY_BYTES,
      schema: described({
        operationId: 'beginOidc',
        summary: 'Where to send the browser to log in, or to link',
        description: 'To link, log in at most ten minutes before, or send the password along: `login_stale` otherwise.',
        tags,
        params: paths.provider,
        body: bodies.oidcStart,
        response: responses(answers.oidcStart),
      }),
    },
    async (request, reply) => {
      const { link = false, password, returnTo = '/', platform } = request.body;
      const info = link ? await session(request) : null;
      if (isRefusal(info)) return answer(reply, info);
      const how = { link: info, returnTo, ...(password === undefined ? {} : { password }) };
      const begun = await players.beginOidc(request.params.provider, how, caller(request, platform));
      if (isRefusal(begun)) return answer(reply, begun);
      reply.header('set-cookie', cookie(begun.browser, begun.expiresInMs / 1_000, publicUrl));
      return { url: begun.url, expiresInMs: begun.expiresInMs };
    },
  );
}

function addCallback({ app, players, publicUrl, seams, answer }: RouteKit): void {
  app.get<{ Params: Static<typeof paths.provider> }>(
    '/api/oidc/:provider/callback',
    {
      schema: described({
        operationId: 'endOidc',
        summary: 'Where the provider sends the browser back to',
        description:
          'Sends it on to where the log-in was begun; `#login-refused=` with a code when it did not succeed.',
        tags,
        params: paths.provider,
        response: { '4xx': seams.problem, '5xx': seams.problem },
      }),
    },
    async (request, reply) => {
      const search = new URL(request.url, 'http://localhost').searchParams;
      const { returnTo, answer: outcome } = await players.endOidc(request.params.provider, search, browserOf(request));
      reply.header('set-cookie', cookie('', 0, publicUrl));
      if (isRefusal(outcome)) {
        if (returnTo === null) return answer(reply, outcome);
        return reply.redirect(`${returnTo}#login-refused=${outcome.refused}`, 303);
      }
      seams.keepSession(reply, { token: outcome.session, expiresInMs: outcome.expiresInMs });
      return reply.redirect(returnTo ?? '/', 303);
    },
  );
}

function cookie(value: string, maxAgeS: number, publicUrl: string): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  // Lax: it must come along when the provider sends the browser back.
  return `${COOKIE}=${value}; Path=${COOKIE_PATH}; Max-Age=${Math.floor(maxAgeS)}; HttpOnly; SameSite=Lax${secure}`;
}

function browserOf(request: FastifyRequest): string {
  const cookies = (request.headers.cookie ?? '').split(';').map((one) => one.trim());
  return cookies.find((one) => one.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? '';
}
