import fastifyStatic from '@fastify/static';
import { type ApiAccess, apiHeaders } from '@lifeverse/contracts';
import { isSecret, type Log, notFound, problem } from '@lifeverse/node-kit';
import type { ErrorCode } from '@lifeverse/protocol';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { KnownGateways } from '../known-gateways.ts';
import { addApiForward } from './api-forward.ts';
import { originAllowed } from './origin.ts';
import { securityHeaders } from './security-headers.ts';
import { sendProblem } from './send-problem.ts';
import type { WebServer } from './web-server.ts';

/** What the world answers to `GET /api/world`. */
export interface WorldDescription {
  readonly name: string;
  readonly options: Readonly<Record<string, string | number>>;
  readonly layoutFingerprint: string;
  readonly mapFingerprint: string;
}

export interface WebAppOptions {
  readonly server: WebServer;
  readonly api: ApiAccess;
  readonly world: WorldDescription;
  /** Folder of the built page; null when there is none. */
  readonly assets: string | null;
  readonly gateways: Pick<KnownGateways, 'there' | 'remembered'>;
  /** By which other address the players of a zone are better served; null: by none. */
  better(zone: number): string | null;
  /** Whether pages of that origin may join, besides those from here. */
  allows(origin: string): boolean;
  readonly log: Log;
  /** What is missing for newcomers to be welcome: the zone, say. */
  waitsFor(): readonly string[];
  players(): number;
  metrics(): Promise<string>;
  /** Whether this address may have one more ticket now. */
  mayHaveTicket(address: string): boolean;
  counted(what: 'tickets' | `http_requests/${string}`): void;
}

const BODY_BYTES = 4_096;
/** Vite names these by their content. */
const HASHED = /[/\\]assets[/\\]/;

/** The web's side of the gateway: the page, tickets, and what operators look at. */
export async function createWebApp(options: WebAppOptions): Promise<FastifyInstance> {
  const { server, log, counted, gateways } = options;
  const app = fastify({
    serverFactory: (handler) => {
      server.on('request', handler);
      return server;
    },
    bodyLimit: BODY_BYTES,
    logger: false,
  });
  let { remembered } = gateways;
  let headers = securityHeaders(remembered);
  app.addHook('onSend', async (_request, reply) => {
    if (remembered !== gateways.remembered) headers = securityHeaders(gateways.remembered);
    remembered = gateways.remembered;
    reply.headers(headers);
  });
  app.addHook('onResponse', async (_request, reply) => {
    counted(`http_requests/${Math.floor(reply.statusCode / 100)}xx`);
  });
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, notFound));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const code = codeOf(error);
    if (code === 'internal') log.error({ err: error, path: request.routeOptions.url }, 'a request failed');
    return sendProblem(reply, problem(code));
  });
  addOperatorRoutes(app, options);
  addPlayerRoutes(app, options);
  if (options.assets !== null) addPage(app, options.assets);
  await app.ready();
  return app;
}

function codeOf(error: FastifyError): ErrorCode {
  if (error.statusCode === 413) return 'message_too_large';
  return error.statusCode !== undefined && error.statusCode < 500 ? 'malformed_message' : 'internal';
}

function addOperatorRoutes(app: FastifyInstance, { waitsFor, metrics }: WebAppOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/assets/')) reply.header('cache-control', 'no-cache');
  });
  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const missing = waitsFor();
    if (missing.length === 0) return { status: 'ready' };
    const isBackend = missing.includes('backend') && !missing.includes('zone');
    const code = isBackend ? 'backend_unreachable' : 'zone_unreachable';
    return sendProblem(reply, { ...problem(code), waitsFor: missing });
  });
  app.get('/metrics', async (_request, reply) => {
    reply.type('text/plain; version=0.0.4; charset=utf-8');
    return metrics();
  });
}

/** Routes that lead to the backend, or stand beside those. */
const FORWARDED = /^\/(api|docs|ofrep)\//;
/** Requests that act on what a player has. */
const ACTING = /^\/(api|ofrep)\//;
/** With these it is told by which gateways one can come. */
const TELLING = /^\/api\/(tickets|world)(\?|$)/;
/** What scripts of other origins may read of an answer. */
const EXPOSED = ['etag', 'retry-after', apiHeaders.requestId, apiHeaders.gateways, apiHeaders.better].join(', ');

/** What limits and origins are looked up by is the path as it is written, and routes are found by what it means. */
const PLAIN = /^\/[^%#?]*(\?|$)/;

function addPlayerRoutes(app: FastifyInstance, options: WebAppOptions): void {
  const { api, world, players, counted, better } = options;
  app.addHook('onRequest', async ({ url, routeOptions }, reply) =>
    FORWARDED.test(routeOptions.url ?? '') && !PLAIN.test(url) ? sendProblem(reply, notFound) : undefined,
  );
  app.addHook('onRequest', async (request, reply) => admitPage(request, reply, options) ?? undefined);
  for (const url of ['/api/*', '/ofrep/*']) app.options(url, async (_request, reply) => preflight(reply));
  app.get('/api/world', async () => ({ ...world, players: players() }));
  addApiForward(app, {
    ...{ api, better },
    objection: (request, reply) =>
      isForTicket(request) && !mayHaveTicket(request, options) ? sendProblem(reply, problem('rate_exceeded')) : null,
    answered: (request, status) => {
      if (isForTicket(request) && status === 200) counted('tickets');
    },
  });
}

/** Null when it may go on; says who may read the answer, and by which gateways one can come. */
function admitPage({ url, headers }: FastifyRequest, reply: FastifyReply, options: WebAppOptions): FastifyReply | null {
  const { origin, host } = headers;
  if (!ACTING.test(url)) return null;
  if (!originAllowed(origin, host, options.allows)) return sendProblem(reply, problem('origin_refused'));
  const { there } = options.gateways;
  if (TELLING.test(url) && there.length > 0) reply.header(apiHeaders.gateways, there.join(', '));
  if (origin === undefined) return null;
  reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED, vary: 'origin' });
  return null;
}

function preflight(reply: FastifyReply): FastifyReply {
  return reply
    .code(204)
    .header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE')
    .header('access-control-allow-headers', `authorization, content-type, if-none-match, ${apiHeaders.keep}`)
    .header('access-control-max-age', '600')
    .send();
}

function isForTicket({ method, url }: FastifyRequest): boolean {
  return method === 'POST' && url.split('?', 1)[0] === '/api/tickets';
}

function mayHaveTicket({ headers, socket }: FastifyRequest, { api, mayHaveTicket }: WebAppOptions): boolean {
  const isOperator = api.operatorToken !== null && isSecret(headers[apiHeaders.operator], api.operatorToken);
  return isOperator || mayHaveTicket(socket.remoteAddress ?? '');
}

function addPage(app: FastifyInstance, assets: string): void {
  app.register(fastifyStatic, {
    root: assets,
    cacheControl: false,
    preCompressed: true,
    dotfiles: 'ignore',
    setHeaders: (reply, path) => {
      reply.header('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
