import { randomUUID } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, IncomingMessage, request } from 'node:http';
import { type ApiAccess, apiHeaders } from '@lifeverse/contracts';
import { problem } from '@lifeverse/node-kit';
import type { ErrorCode } from '@lifeverse/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BodyReader, BodyTooLarge, BodyTooSlow } from './request-body.ts';
import { sendProblem } from './send-problem.ts';

export interface ForwardOptions {
  readonly api: ApiAccess;
  /** Null when the request may go on. */
  objection(request: FastifyRequest, reply: FastifyReply): FastifyReply | null;
  answered(request: FastifyRequest, status: number): void;
  /** By which other address the players of a zone are better served; null: by none. */
  better(zone: number): string | null;
}

/** What is forwarded; what the gateway answers itself has a route of its own. */
const prefixes = ['/api/*', '/docs/*', '/ofrep/*'];
/** Above all that any route of the backend takes. */
const BODY_BYTES = 1_048_576;
const BODY_MS = 10_000;
/** Of all that are still coming: a few of the largest, or thousands as players send them. */
const BODIES_BYTES = 16 * 1_048_576;
const ANSWER_MS = 30_000;
const CONNECTIONS = 64;

/** Of one connection, and not of what is said over it (RFC 9110, 7.6.1). */
const ofConnection = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** What others might say of who asks: only the gateway says that. */
const claims =
  /^(x-forwarded-|x-real-|x-client-|x-lifeverse-|forwarded$|via$|x-request-id$|true-client-|cf-connecting-|expect$)/;
const fromClients = new Set<string>([apiHeaders.operator, apiHeaders.keep]);

/** Passes what concerns the backend on to it: the body in one piece, the answer as a stream. */
export function addApiForward(app: FastifyInstance, { api, objection, answered, better }: ForwardOptions): void {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const bodies = new BodyReader({ bytesMax: BODY_BYTES, withinMs: BODY_MS, allBytesMax: BODIES_BYTES });
  app.addHook('onClose', async () => agent.destroy());
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    for (const url of prefixes) {
      scope.route({
        method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
        url,
        handler: async (incoming, reply) => {
          const refused = objection(incoming, reply);
          if (refused !== null) return refused;
          const answer = await forward(incoming, reply, { api, agent, bodies }).catch((error: unknown) => error);
          const unfit = unfitBody(answer);
          if (unfit !== null) return sendProblem(reply.header('connection', 'close'), problem(unfit));
          if (!(answer instanceof IncomingMessage)) return sendProblem(reply, problem('backend_unreachable'));
          const status = answer.statusCode ?? 502;
          answered(incoming, status);
          return reply.code(status).headers(passedBack(answer.headers, better)).send(answer);
        },
      });
    }
  });
}

function unfitBody(answer: unknown): ErrorCode | null {
  if (answer instanceof BodyTooLarge) return 'message_too_large';
  return answer instanceof BodyTooSlow ? 'too_slow' : null;
}

/** To the backend. */
interface Way {
  readonly api: ApiAccess;
  readonly agent: Agent;
  readonly bodies: BodyReader;
}

/** Of the connections to the backend, which are few, none is taken before the body is there, nor kept for who has gone. */
async function forward(
  { raw, body }: FastifyRequest,
  reply: FastifyReply,
  { api, agent, bodies }: Way,
): Promise<IncomingMessage> {
  if (Number(raw.headers['content-length'] ?? 0) > BODY_BYTES) throw new BodyTooLarge();
  const hasBody = body !== undefined && body !== null;
  const whole = hasBody ? await bodies.read(raw) : null;
  const { method, url: path } = raw;
  const headers = passedOn(raw, whole, api);
  const outgoing = request({ ...api.place, method, path, headers, agent, timeout: ANSWER_MS });
  return new Promise((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    outgoing.once('timeout', () => outgoing.destroy(new Error('the backend did not answer in time')));
    // Whoever asked has gone: nobody needs the answer.
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) outgoing.destroy();
    });
    outgoing.end(whole);
  });
}

function passedOn(
  { headers, socket }: IncomingMessage,
  body: Buffer | null,
  { secret }: ApiAccess,
): IncomingHttpHeaders {
  const passed: IncomingHttpHeaders = {};
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  for (const [name, value] of Object.entries(headers)) {
    const isClaim = claims.test(name) && !fromClients.has(name);
    if (!isClaim && !ofConnection.has(name) && !named.has(name)) passed[name] = value;
  }
  // What was announced need not have come: of a request that has no body, for instance.
  delete passed['content-length'];
  if (body !== null) passed['content-length'] = `${body.length}`;
  passed[apiHeaders.gateway] = secret;
  passed[apiHeaders.peer] = socket.remoteAddress ?? '';
  passed[apiHeaders.requestId] = randomUUID();
  return passed;
}

/** Where the character is, is for the gateway: it says by whom that place is read. */
function passedBack(headers: IncomingHttpHeaders, better: ForwardOptions['better']): IncomingHttpHeaders {
  const { [apiHeaders.zone]: zone, ...rest } = headers;
  const passed: IncomingHttpHeaders = Object.fromEntries(
    Object.entries(rest).filter(([name]) => !ofConnection.has(name)),
  );
  const address = zone === undefined ? null : better(Number(zone));
  if (address !== null) passed[apiHeaders.better] = address;
  return passed;
}
