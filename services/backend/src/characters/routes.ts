import type { SessionInfo } from '@lifeverse/contracts';
import type { Sql } from '@lifeverse/node-kit';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { presenceOfPlayer } from '../presence/presence-query.ts';

export interface CharacterRouteDeps {
  readonly database: Sql;
  /** The session that came along; rejects with a LifeverseError when there is none that is open. */
  session(request: FastifyRequest): Promise<SessionInfo>;
  /** Problem details, in schemas. */
  readonly problem: TSchema;
}

const time = Type.String({ format: 'date-time' });
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const Characters = Type.Object({
  characters: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      state: Type.String({ enum: ['offline', 'online', 'away'], description: 'away: the connection was lost.' }),
      since: orNull(time),
      zone: orNull(Type.Integer({ description: 'Where it is; null while offline.' })),
      position: orNull(
        Type.Object({ x: Type.Number(), y: Type.Number() }, { description: 'Metres, where it was last saved.' }),
      ),
      frozen: Type.Boolean({ description: 'It could not be saved, and waits until that is mended.' }),
    }),
  ),
});

/** One's own characters: where they are, and whether they are in the world. */
export function characterRoutes({ database, session, problem }: CharacterRouteDeps): FastifyPluginAsync {
  return async (app) => {
    app.get(
      '/api/characters',
      {
        schema: {
          operationId: 'listCharacters',
          summary: 'The player’s characters, and which of them is in the world, where and since when',
          tags: ['characters'],
          response: { 200: Characters, '4xx': problem, '5xx': problem },
        },
      },
      async (request, reply) => {
        const { player } = await session(request);
        reply.header('cache-control', 'no-store');
        const all = await presenceOfPlayer(database, player);
        return {
          characters: all.map(({ character, since, ...rest }) => ({
            id: character,
            ...rest,
            since: since === null ? null : since.toISOString(),
          })),
        };
      },
    );
  };
}
