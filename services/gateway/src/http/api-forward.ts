import { randomUUID } from 'node:crypto';
import { Agent, type ClientRequest, type IncomingHttpHeaders, IncomingMessage, request } from 'node:http';
import { type ApiAccess, apiHeaders } from '@lifeverse/contracts';
import { problem } from '@lifeverse/node-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './send-problem.ts';

export interface ForwardOptions {
  readonly api: ApiAccess;
  /** Null when the request may go on. */
  objection(request: FastifyRequest, reply: FastifyReply): FastifyReply | null;
  answered(request: FastifyRequest, status: number): void;
}

/** What is forwarded; what the gateway answers itself has a route of its own. */
const prefixes = ['/api/*', '/docs/*', '/ofrep/*'];
/** Above all that any route of the backend takes. */
const BODY_BYTES = 1_048_576;
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

/** Passes what concerns the backend on to it, body and answer as streams. */
export function addApiForward(app: FastifyInstance, { api, objection, answered }: ForwardOptions): void {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
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
          const answer = await forward(incoming, api, agent).catch((error: unknown) => error);
          if (answer instanceof BodyTooLarge)
            return sendProblem(reply.header('connection', 'close'), problem('message_too_large'));
          if (!(answer instanceof IncomingMessage)) return sendProblem(reply, problem('backend_unreachable'));
          const status = answer.statusCode ?? 502;
          answered(incoming, status);
          return reply.code(status).headers(passedBack(answer.headers)).send(answer);
        },
      });
    }
  });
}

class BodyTooLarge extends Error {}

function forward({ raw, body }: FastifyRequest, api: ApiAccess, agent: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    if (Number(raw.headers['content-length'] ?? 0) > BODY_BYTES) {
      reject(new BodyTooLarge());
      return;
    }
    const outgoing = request({
      ...api.place,
      method: raw.method,
      path: raw.url,
      headers: passedOn(raw, api),
      agent,
      timeout: ANSWER_MS,
    });
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    outgoing.once('timeout', () => outgoing.destroy(new Error('the backend did not answer in time')));
    // Whoever asked has gone: nobody needs the answer.
    raw.once('close', () => {
      if (!raw.complete) outgoing.destroy();
    });
    sendBody(body === undefined || body === null ? null : raw, outgoing);
  });
}

function sendBody(body: IncomingMessage | null, outgoing: ClientRequest): void {
  if (body === null) {
    outgoing.end();
    return;
  }
  let bytes = 0;
  body.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > BODY_BYTES) outgoing.destroy(new BodyTooLarge());
  });
  body.pipe(outgoing);
}

function passedOn({ headers, socket }: IncomingMessage, { secret }: ApiAccess): IncomingHttpHeaders {
  const passed: IncomingHttpHeaders = {};
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  for (const [name, value] of Object.entries(headers)) {
    const isClaim = claims.test(name) && !fromClients.has(name);
    if (!isClaim && !ofConnection.has(name) && !named.has(name)) passed[name] = value;
  }
  if (headers['transfer-encoding'] !== undefined) passed['transfer-encoding'] = 'chunked';
  passed[apiHeaders.gateway] = secret;
  passed[apiHeaders.peer] = socket.remoteAddress ?? '';
  passed[apiHeaders.requestId] = randomUUID();
  return passed;
}

function passedBack(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.has(name)));
}
