import { randomUUID } from 'node:crypto';
import fastifyCookie from '@fastify/cookie';
import { apiHeaders } from '@lifeverse/contracts';
import { isSecret, type Log, problem } from '@lifeverse/node-kit';
import fastify, { type FastifyInstance, type FastifyPluginAsync, LogController } from 'fastify';
import { answerErrors, sendProblem } from './answer-errors.ts';
import { addReference } from './reference.ts';
import { isSoundText } from './sound-text.ts';

export interface BackendAppOptions {
  readonly log: Log;
  /** Shared with the gateways. */
  readonly secret: string;
  /** What the rooms have to offer. */
  readonly routes: readonly FastifyPluginAsync[];
}

/** Larger ones say so themselves. */
const BODY_BYTES = 16_384;
const REQUEST_ID = /^[\w-]{1,64}$/;

/** The HTTP API: routes of all rooms, described at /docs/api, with one way to refuse. */
export async function createBackendApp({ log, secret, routes }: BackendAppOptions): Promise<FastifyInstance> {
  const app = fastify({
    // Requests are counted where they come in; what is logged is what goes wrong.
    loggerInstance: log.isLevelEnabled('info') ? log.child({}, { level: 'warn' }) : log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES,
    // As it came: nothing converted, nothing unknown dropped.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
    genReqId: ({ headers }) => {
      const told = headers[apiHeaders.requestId];
      const isBelieved = typeof told === 'string' && REQUEST_ID.test(told);
      return isBelieved && isSecret(headers[apiHeaders.gateway], secret) ? told : randomUUID();
    },
  }) as unknown as FastifyInstance;
  answerErrors(app);
  await app.register(fastifyCookie);
  app.addHook('onRequest', async (request, reply) => {
    reply.header(apiHeaders.requestId, request.id);
  });
  app.addHook('preValidation', async ({ body, query, params }, reply) =>
    isSoundText([body, query, params]) ? undefined : sendProblem(reply, problem('malformed_message')),
  );
  await addReference(app);
  for (const plugin of routes) await app.register(plugin);
  await app.ready();
  return app;
}
