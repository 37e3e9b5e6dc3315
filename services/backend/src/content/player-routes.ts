import { createHash } from 'node:crypto';
import type { ContentByName } from '@lifeverse/contracts';
import { LifeverseError } from '@lifeverse/protocol';
import type { FastifyPluginAsync } from 'fastify';
import Type from 'typebox';

const schema = {
  operationId: 'contentInForce',
  summary:
    'A document of the world as it is in force: what stalls ask, what is on. Nothing when it is as If-None-Match says.',
  tags: ['content'],
  params: Type.Object({ document: Type.String({ minLength: 1, maxLength: 64 }) }),
  headers: Type.Object({ 'if-none-match': Type.Optional(Type.String({ maxLength: 1_024 })) }),
  response: {
    200: Type.Object({
      document: Type.String(),
      version: Type.Union([Type.Integer(), Type.Null()], { description: 'Null: as the world was made.' }),
      body: Type.Unknown(),
    }),
    304: Type.Null(),
  },
};

/** What players may read of the content. */
export function playerContentRoutes(live: ContentByName): FastifyPluginAsync {
  return async (app) => {
    app.get<{ Params: { document: string } }>('/api/content/:document', { schema }, async (request, reply) => {
      const { document } = request.params;
      if (!live.has(document)) throw new LifeverseError('setting_unknown');
      const answer = { document, version: live.version(document), body: live.get(document) };
      const tag = `"${createHash('sha256').update(JSON.stringify(answer)).digest('base64url')}"`;
      reply.header('etag', tag);
      return request.headers['if-none-match'] === tag ? reply.code(304).send() : answer;
    });
  };
}
