import { createHash } from 'node:crypto';
import type { ToggleContext, TogglesByName } from '@lifeverse/contracts';
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { toggleContext } from './evaluation-context.ts';

export interface OfrepDeps {
  readonly live: TogglesByName;
  /**
   * What the server itself knows of who asks (their player, cohort...): it wins over what they say of themselves, which
   * decides what they are told and nothing else.
   */
  known?(request: FastifyRequest): Promise<ToggleContext>;
}

/** An application's context may hold much that no toggle looks at; more than this is no context. */
const BODY_BYTES = 16_384;
const KEY_CHARS = 256;

const Key = Type.String({ maxLength: KEY_CHARS });
const Evaluated = Type.Object({
  key: Key,
  value: Type.Union([Type.Boolean(), Type.Number(), Type.String()]),
  reason: Type.String(),
  variant: Type.Optional(Type.String()),
  metadata: Type.Object({ version: Type.Optional(Type.Integer()) }),
});
const Failure = Type.Object({
  key: Type.Optional(Key),
  errorCode: Type.String(),
  errorDetails: Type.Optional(Type.String()),
});
const General = Type.Object({ errorDetails: Type.String() });
const body = Type.Object(
  { context: Type.Optional(Type.Object({}, { additionalProperties: true })) },
  { additionalProperties: false },
);
const evaluateFlag = {
  operationId: 'evaluateFlag',
  summary: 'Evaluates one toggle for a context (OFREP).',
  tags: ['toggles'],
  params: Type.Object({ key: Key }),
  body,
  response: { 200: Evaluated, 400: Failure, 404: Failure, 500: General },
};
const evaluateFlags = {
  operationId: 'evaluateFlags',
  summary: 'Evaluates all toggles for a context (OFREP); nothing when they are as If-None-Match says.',
  tags: ['toggles'],
  headers: Type.Object({ 'if-none-match': Type.Optional(Type.String({ maxLength: 1_024 })) }),
  body,
  response: { 200: Type.Object({ flags: Type.Array(Evaluated) }), 304: Type.Null(), 400: Failure, 500: General },
};

/** The OpenFeature Remote Evaluation Protocol, by which browsers evaluate toggles: OpenFeature's own providers speak it. */
export function ofrepRoutes(deps: OfrepDeps): FastifyPluginAsync {
  const { live } = deps;
  return async (app) => {
    app.setErrorHandler((error: FastifyError, request, reply) => sendFailure(error, request, reply));
    app.post<{ Params: { key: string }; Body: unknown }>(
      '/ofrep/v1/evaluate/flags/:key',
      { bodyLimit: BODY_BYTES, schema: evaluateFlag },
      async (request, reply) => {
        const { key } = request.params;
        if (!live.has(key)) return reply.code(404).send({ key, errorCode: 'FLAG_NOT_FOUND' });
        const context = await contextOf(request, deps);
        if ('fault' in context)
          return reply.code(400).send({ key, errorCode: 'INVALID_CONTEXT', errorDetails: context.fault });
        return evaluated(live, key, context);
      },
    );
    app.post('/ofrep/v1/evaluate/flags', { bodyLimit: BODY_BYTES, schema: evaluateFlags }, async (request, reply) => {
      const context = await contextOf(request, deps);
      if ('fault' in context)
        return reply.code(400).send({ errorCode: 'INVALID_CONTEXT', errorDetails: context.fault });
      const flags = Object.keys(live.declarations).map((key) => evaluated(live, key, context));
      const tag = `"${createHash('sha256').update(JSON.stringify(flags)).digest('base64url')}"`;
      reply.header('etag', tag);
      return matches(request.headers['if-none-match'], tag) ? reply.code(304).send() : { flags };
    });
  };
}

async function contextOf(request: FastifyRequest, deps: OfrepDeps): Promise<ToggleContext | { fault: string }> {
  const said = toggleContext((request.body as { context?: unknown } | undefined)?.context);
  return 'fault' in said ? said : { ...said, ...(await deps.known?.(request)) };
}

function evaluated(live: TogglesByName, key: string, context: ToggleContext) {
  const version = live.version(key);
  return { key, ...live.details(key, context), metadata: version === null ? {} : { version } };
}

/** Weak comparison, as RFC 9110 asks of If-None-Match. */
function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === tag);
}

/** Errors are OFREP's here, not problem documents: its clients know no others. */
function sendFailure(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500;
  if (status >= 500) {
    request.log.error({ err: error }, 'toggles could not be evaluated');
    return reply.code(500).send({ errorDetails: 'Something went wrong on the server.' });
  }
  const { key } = (request.params ?? {}) as { key?: string };
  const isContext = error.validation?.some(({ instancePath }) => instancePath.startsWith('/context')) === true;
  return reply.code(status === 413 ? 413 : 400).send({
    ...(key === undefined ? {} : { key: key.slice(0, KEY_CHARS) }),
    errorCode: isContext ? 'INVALID_CONTEXT' : 'PARSE_ERROR',
    errorDetails: isContext ? 'context must be an object' : 'the request is no JSON object with a context',
  });
}
