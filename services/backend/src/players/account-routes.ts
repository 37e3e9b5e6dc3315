import { apiHeaders, type LoggedIn, type Refusal } from '@lifeverse/contracts';
import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { isWaiting, WaitingSchema } from '../admission/waiting.ts';
import { isRefusal } from './refused.ts';
import { answers, BODY_BYTES, bodies, described } from './route-schemas.ts';
import type { RouteKit } from './routes.ts';

const tags = ['players'];

/** Guests, accounts, log-in and tickets. */
export function addAccountRoutes(kit: RouteKit): void {
  addEntrances(kit);
  addPasswordRoutes(kit);
  addTicketRoutes(kit);
}

/** Answers with the token, for clients that keep it, and sets the cookie, for those that do not. */
function entered({ seams, answer }: RouteKit, reply: FastifyReply, outcome: LoggedIn | Refusal) {
  if (!isRefusal(outcome)) seams.keepSession(reply, { token: outcome.session, expiresInMs: outcome.expiresInMs });
  return answer(reply, outcome);
}

function addEntrances(kit: RouteKit): void {
  const { app, players, caller, responses } = kit;
  app.post<{ Body: Static<typeof bodies.guest> }>(
    '/api/players',
    {
      bodyLimit: BODY_BYTES,
      schema: described({
        operationId: 'becomeGuest',
        summary: 'Play at once, without an account',
        tags,
        body: bodies.guest,
        response: responses(answers.loggedIn),
      }),
    },
    async (request, reply) => {
      const { name, platform } = request.body;
      return entered(kit, reply, await players.guest(name, caller(request, platform)));
    },
  );
  app.post<{ Body: Static<typeof bodies.logIn> }>(
    '/api/sessions',
    {
      bodyLimit: BODY_BYTES,
      schema: described({
        operationId: 'logIn',
        summary: 'Log in with e-mail address and password',
        description: 'The answer, and the work for it, are the same whether or not there is such an account.',
        tags,
        body: bodies.logIn,
        response: responses(answers.loggedIn),
      }),
    },
    async (request, reply) => {
      const { platform, ...credentials } = request.body;
      return entered(kit, reply, await players.logIn(credentials, caller(request, platform)));
    },
  );
}

function addPasswordRoutes(kit: RouteKit): void {
  const { app, players, session, caller, answer, responses } = kit;
  app.post<{ Body: Static<typeof bodies.registration> }>(
    '/api/accounts',
    {
      bodyLimit: BODY_BYTES,
      schema: described({
        operationId: 'register',
        summary: 'Give the guest who asks, or a new player, an account',
        description:
          'Addresses are not verified, so an address is a name and not a claim: one that others have is accepted like ' +
          'any other, and makes an account of its own, told apart by the password.',
        tags,
        body: bodies.registration,
        response: responses(answers.loggedIn),
      }),
    },
    async (request, reply) => {
      const { email, password, name, platform } = request.body;
      const who = caller(request, platform);
      const info = who.token === null ? null : await session(request);
      if (isRefusal(info)) return answer(reply, info);
      return entered(kit, reply, await players.register({ email, password }, { info, name }, who));
    },
  );
  app.put<{ Body: Static<typeof bodies.passwords> }>(
    '/api/password',
    {
      bodyLimit: BODY_BYTES,
      schema: described({
        operationId: 'changePassword',
        summary: 'Change the password; all other sessions end',
        tags,
        body: bodies.passwords,
        response: responses(answers.loggedIn),
      }),
    },
    async (request, reply) => {
      const info = await session(request);
      if (isRefusal(info)) return answer(reply, info);
      return entered(kit, reply, await players.changePassword(request.body, info, caller(request)));
    },
  );
}

function addTicketRoutes({ app, players, admission, seams, caller, answer, responses }: RouteKit): void {
  app.get(
    '/api/name',
    {
      schema: described({
        operationId: 'offerName',
        summary: 'A name that nobody was offered lately',
        tags,
        response: responses(answers.name),
      }),
    },
    async () => ({ name: players.offerName() }),
  );
  app.post<{ Body: Static<typeof bodies.ticket> }>(
    '/api/tickets',
    {
      bodyLimit: BODY_BYTES,
      schema: described({
        operationId: 'takeTicket',
        summary: 'A ticket to join with, once and within 30 seconds',
        description:
          'Who has no session becomes a guest. A name renames the player. 202: there is no room yet, or too many come at once; ask again then, with the place. ' +
          'Where there are several gateways, the header x-lifeverse-gateways lists the origins of all: a ticket is good at each. ' +
          'x-lifeverse-better names the one of them that reads the part of the world where the character is.',
        tags,
        body: bodies.ticket,
        response: { ...responses(answers.ticket), 202: WaitingSchema },
      }),
    },
    async (request, reply) => {
      const { name, session, place = null, platform } = request.body;
      const who = caller(request, platform);
      const asking = { token: session ?? who.token, place, peer: who.peer, unlimited: who.unlimited };
      const outcome = await admission.admit(asking, async (token) => {
        if (token !== null) return players.ticket(token, name ?? null);
        const guest = await players.guest(name, who);
        if (isRefusal(guest)) return guest;
        seams.keepSession(reply, { token: guest.session, expiresInMs: guest.expiresInMs });
        return players.ticket(guest.session, null);
      });
      if (!isWaiting(outcome)) {
        if (!isRefusal(outcome)) reply.header(apiHeaders.zone, outcome.zone);
        return answer(reply, outcome);
      }
      return reply
        .code(202)
        .header('retry-after', Math.ceil(outcome.retryAfterMs / 1_000))
        .send(outcome);
    },
  );
}
