import { mayDo, type StaffAct } from '@lifeverse/contracts';
import type { Database } from '@lifeverse/node-kit';
import { LifeverseError } from '@lifeverse/protocol';
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { Looks } from '../audit/looks.ts';
import type { Freezer } from '../characters/freezer.ts';
import type { StaffEntrance } from '../http/staff-door.ts';
import { readJournal } from '../journal/read-journal.ts';
import { checkedReason } from '../toggles/reason.ts';
import { findPlayers, isAddress } from './find-players.ts';
import { playerFile } from './player-file.ts';
import type { Refunds } from './refunds.ts';
import { answers, bodies, JOURNAL_LINES, paths, queries } from './route-schemas.ts';
import type { By, Sanctions } from './sanctions.ts';

export interface StaffRouteDeps {
  readonly database: Database;
  readonly entrance: StaffEntrance;
  readonly sanctions: Sanctions;
  readonly refunds: Refunds;
  readonly freezer: Freezer;
  readonly looks: Looks;
  /** Problem details, in schemas. */
  readonly problem: TSchema;
}

const tags = ['staff'];
type OfPlayer = { Params: Static<typeof paths.player> };
type OfCharacter = { Params: Static<typeof paths.character> };

/** What consoles do: find players, see what there is of them, help and judge. */
export function staffRoutes(deps: StaffRouteDeps): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    addLooking(app, deps);
    addSanctions(app, deps);
    addMending(app, deps);
  };
}

function responses({ problem }: StaffRouteDeps, ok: TSchema, status = 200): Record<string, TSchema> {
  return { [status]: ok, '4xx': problem, '5xx': problem };
}

/** Who does it and why. */
async function by({ entrance }: StaffRouteDeps, request: FastifyRequest, act: StaffAct, reason: string): Promise<By> {
  const { actor, roles } = await entrance.enter(request, act);
  return { actor, reason: checkedReason(reason), aboveStaff: mayDo(roles, 'roles.grant') };
}

function addLooking(app: FastifyInstance, deps: StaffRouteDeps): void {
  const { database, entrance, looks } = deps;
  app.get<{ Querystring: Static<typeof queries.find> }>(
    '/api/admin/players',
    {
      schema: {
        operationId: 'findPlayers',
        summary: 'Players by name, part of a name, id, or the whole of an e-mail address',
        tags,
        querystring: queries.find,
        response: responses(deps, answers.found),
      },
    },
    async (request) => {
      const { words } = request.query;
      const actor = await entrance.admit(request, isAddress(words) ? 'players.email' : 'players.read');
      const players = await findPlayers(database, words);
      // The words may be an address: whom they led to is what stays.
      const detail = { found: players.map(({ player }) => player) };
      await looks.note({ actor, view: 'players.find', subject: 'players', detail });
      return { players };
    },
  );
  app.get<OfPlayer>(
    '/api/admin/players/:player',
    {
      schema: {
        operationId: 'seePlayer',
        summary: 'One player: sessions, ways to log in, characters and where they are',
        tags,
        params: paths.player,
        response: responses(deps, answers.player),
      },
    },
    async (request) => {
      const { actor, roles } = await entrance.enter(request, 'players.read');
      const withAddresses = mayDo(roles, 'players.email');
      const file = await playerFile(database, request.params.player, { withAddresses });
      if (file === undefined) throw new LifeverseError('player_unknown');
      const detail = { addresses: withAddresses };
      await looks.note({ actor, view: 'player.see', subject: `player:${file.player}`, detail });
      return file;
    },
  );
  app.get<OfCharacter & { Querystring: Static<typeof queries.journal> }>(
    '/api/admin/characters/:character/journal',
    {
      schema: {
        operationId: 'seeJournal',
        summary: 'What came to a character and left, the newest first, with what it had each time',
        tags,
        params: paths.character,
        querystring: queries.journal,
        response: responses(deps, answers.journal),
      },
    },
    async (request) => {
      const actor = await entrance.admit(request, 'players.belongings');
      const { character } = request.params;
      const page = { limit: JOURNAL_LINES, before: request.query.before ?? null };
      const journal = await readJournal(database, character, page);
      if (journal === null) throw new LifeverseError('malformed_message');
      await looks.note({ actor, view: 'journal.see', subject: `character:${character}` });
      return journal;
    },
  );
}

/** What is done to a player: by whom, for which privilege, with what in the body besides the reason. */
interface Deed<Body extends { readonly reason: string }> {
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly act: StaffAct;
  /** The schema of Body. */
  readonly body: TSchema;
  work(player: string, body: Body, who: By): Promise<void>;
}

function addSanctions(app: FastifyInstance, deps: StaffRouteDeps): void {
  const { sanctions } = deps;
  addDeed<Static<typeof bodies.forMinutes>>(app, deps, {
    method: 'POST',
    path: 'mute',
    operationId: 'mutePlayer',
    summary: 'A player may not speak for a while; 0 minutes ends that',
    act: 'players.mute',
    body: bodies.forMinutes,
    work: (player, { minutes }, who) => sanctions.mute(player, minutes, who),
  });
  addDeed<Static<typeof bodies.forMinutes>>(app, deps, {
    method: 'POST',
    path: 'suspend',
    operationId: 'suspendPlayer',
    summary: 'No session and no ticket of a player is good for a while; 0 minutes ends that',
    act: 'players.suspend',
    body: bodies.forMinutes,
    work: (player, { minutes }, who) => sanctions.suspend(player, minutes, who),
  });
  addDeed<Static<typeof bodies.reason>>(app, deps, {
    method: 'POST',
    path: 'end-sessions',
    operationId: 'endSessions',
    summary: 'Logs a player out everywhere',
    act: 'sessions.end',
    body: bodies.reason,
    work: (player, _body, who) => sanctions.endSessions(player, who),
  });
  addDeed<Static<typeof bodies.roles>>(app, deps, {
    method: 'PUT',
    path: 'roles',
    operationId: 'setRoles',
    summary: 'The roles of a player from now on',
    act: 'roles.grant',
    body: bodies.roles,
    work: (player, { roles }, who) => sanctions.setRoles(player, roles, who),
  });
}

function addDeed<Body extends { readonly reason: string }>(
  app: FastifyInstance,
  deps: StaffRouteDeps,
  deed: Deed<Body>,
): void {
  const { method, path, operationId, summary, act, body, work } = deed;
  app.route<OfPlayer>({
    method,
    url: `/api/admin/players/:player/${path}`,
    schema: {
      operationId,
      summary,
      tags,
      params: paths.player,
      body,
      response: responses(deps, answers.nothing, 204),
    },
    handler: async (request, reply) => {
      // By its schema.
      const given = request.body as Body;
      await work(request.params.player, given, await by(deps, request, act, given.reason));
      return reply.code(204).send();
    },
  });
}

function addMending(app: FastifyInstance, deps: StaffRouteDeps): void {
  const { refunds, freezer } = deps;
  app.post<OfCharacter & { Body: Static<typeof bodies.refund> }>(
    '/api/admin/characters/:character/refund',
    {
      schema: {
        operationId: 'refund',
        summary: 'Gives back what a character paid in an operation, once',
        tags,
        params: paths.character,
        body: bodies.refund,
        response: responses(deps, answers.refunded),
      },
    },
    async (request) => {
      const { operation, reason } = request.body;
      const who = await by(deps, request, 'journal.refund', reason);
      return refunds.refund(request.params.character, operation, who);
    },
  );
  app.post<OfCharacter & { Body: Static<typeof bodies.reason> }>(
    '/api/admin/characters/:character/unfreeze',
    {
      schema: {
        operationId: 'unfreeze',
        summary: 'Lets a character be played again from what was last saved of it',
        tags,
        params: paths.character,
        body: bodies.reason,
        response: responses(deps, answers.nothing, 204),
      },
    },
    async (request, reply) => {
      const who = await by(deps, request, 'characters.lift', request.body.reason);
      if (!(await freezer.lift(request.params.character, who))) throw new LifeverseError('character_unknown');
      return reply.code(204).send();
    },
  );
}
