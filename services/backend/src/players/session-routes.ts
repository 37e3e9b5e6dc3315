import type { Static } from 'typebox';
import { isRefusal } from './refused.ts';
import { answers, described, paths } from './route-schemas.ts';
import type { RouteKit } from './routes.ts';

const tags = ['sessions'];

/** Where the player is logged in, and by what. */
export function addSessionRoutes(kit: RouteKit): void {
  addListing(kit);
  addEnding(kit);
  addIdentityRoutes(kit);
}

function addListing({ app, players, session, answer, responses }: RouteKit): void {
  app.get(
    '/api/sessions/current',
    {
      schema: described({ operationId: 'whoAmI', summary: 'Who is logged in', tags, response: responses(answers.who) }),
    },
    async (request, reply) => {
      const info = await session(request);
      if (isRefusal(info)) return answer(reply, info);
      const { player, name, roles, mutedUntilMs } = info;
      return { player, name, roles, mutedUntil: mutedUntilMs === null ? null : new Date(mutedUntilMs).toISOString() };
    },
  );
  app.get(
    '/api/sessions',
    {
      schema: described({
        operationId: 'listSessions',
        summary: 'Where the player is logged in',
        tags,
        response: responses(answers.sessions),
      }),
    },
    async (request, reply) => {
      const info = await session(request);
      return isRefusal(info) ? answer(reply, info) : { sessions: await players.sessions.list(info) };
    },
  );
}

function addEnding({ app, players, seams, session, answer, responses }: RouteKit): void {
  app.delete(
    '/api/sessions/current',
    {
      schema: described({ operationId: 'logOut', summary: 'Log out', tags, response: responses(answers.nothing, 204) }),
    },
    async (request, reply) => {
      const info = await session(request);
      seams.keepSession(reply, null);
      if (isRefusal(info)) return answer(reply, info);
      await players.sessions.end(info.player, info.session);
      return reply.code(204).send();
    },
  );
  app.delete<{ Params: Static<typeof paths.session> }>(
    '/api/sessions/:id',
    {
      schema: described({
        operationId: 'endSession',
        summary: 'Log out somewhere else',
        tags,
        params: paths.session,
        response: responses(answers.nothing, 204),
      }),
    },
    async (request, reply) => {
      const info = await session(request);
      if (isRefusal(info)) return answer(reply, info);
      const ended = await players.sessions.end(info.player, request.params.id);
      return ended ? reply.code(204).send() : answer(reply, { refused: 'session_unknown' });
    },
  );
}

function addIdentityRoutes({ app, players, seams, session, answer, responses }: RouteKit): void {
  app.get(
    '/api/identities',
    {
      schema: described({
        operationId: 'listIdentities',
        summary: 'In which ways the player can log in',
        tags: ['identities'],
        response: responses(answers.identities),
      }),
    },
    async (request, reply) => {
      const info = await session(request);
      return isRefusal(info) ? answer(reply, info) : { identities: await players.identities.list(info.player) };
    },
  );
  app.delete<{ Params: Static<typeof paths.identity> }>(
    '/api/identities/:id',
    {
      schema: described({
        operationId: 'unlinkIdentity',
        summary: 'Give up a way to log in, unless it is the last; all other sessions end',
        tags: ['identities'],
        params: paths.identity,
        response: responses(answers.loggedIn),
      }),
    },
    async (request, reply) => {
      const info = await session(request);
      if (isRefusal(info)) return answer(reply, info);
      const outcome = await players.identities.unlink(request.params.id, info);
      if (!isRefusal(outcome)) seams.keepSession(reply, { token: outcome.session, expiresInMs: outcome.expiresInMs });
      return answer(reply, outcome);
    },
  );
}
