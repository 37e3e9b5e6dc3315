import fastifyStatic from '@fastify/static';
import type { GuestDesk } from '@lifeverse/contracts';
import type { Log } from '@lifeverse/node-kit';
import type { ErrorCode } from '@lifeverse/protocol';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { originAllowed } from './origin.ts';
import { notFound, PROBLEM_TYPE, type Problem, problem } from './problem.ts';
import { securityHeaders } from './security-headers.ts';
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
  readonly guests: GuestDesk;
  readonly world: WorldDescription;
  /** Folder of the built page; null when there is none. */
  readonly assets: string | null;
  readonly allowedOrigins: readonly string[];
  readonly log: Log;
  /** The world behind this gateway is alive, and newcomers are welcome. */
  ready(): boolean;
  players(): number;
  metrics(): Promise<string>;
  /** Whether this address may have one more ticket now. */
  mayHaveTicket(address: string): boolean;
  counted(what: 'tickets' | `http_requests/${string}`): void;
}

const BODY_BYTES = 4_096;
const RETRY_AFTER_S = 2;
/** Vite names these by their content. */
const HASHED = /[/\\]assets[/\\]/;

/** The web's side of the gateway: the page, tickets, and what operators look at. */
export async function createWebApp(options: WebAppOptions): Promise<FastifyInstance> {
  const { server, log, counted } = options;
  const app = fastify({
    serverFactory: (handler) => {
      server.on('request', handler);
      return server;
    },
    bodyLimit: BODY_BYTES,
    logger: false,
  });
  app.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of Object.entries(securityHeaders)) reply.header(name, value);
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

function sendProblem(reply: FastifyReply, what: Problem): FastifyReply {
  if (what.status === 429 || what.status === 503) reply.header('retry-after', RETRY_AFTER_S);
  return reply.code(what.status).type(PROBLEM_TYPE).send(JSON.stringify(what));
}

function addOperatorRoutes(app: FastifyInstance, { ready, metrics }: WebAppOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/assets/')) reply.header('cache-control', 'no-cache');
  });
  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) =>
    ready() ? { status: 'ready' } : sendProblem(reply, problem('zone_unreachable')),
  );
  app.get('/metrics', async (_request, reply) => {
    reply.type('text/plain; version=0.0.4; charset=utf-8');
    return metrics();
  });
}

function addPlayerRoutes(app: FastifyInstance, options: WebAppOptions): void {
  const { guests, world, allowedOrigins, mayHaveTicket, players, counted } = options;
  app.addHook('onRequest', async (request, reply) => {
    const { origin, host } = request.headers;
    if (!request.url.startsWith('/api/') || origin === undefined) return undefined;
    if (!originAllowed(origin, host, allowedOrigins)) return sendProblem(reply, problem('origin_refused'));
    reply.header('access-control-allow-origin', origin).header('vary', 'origin');
    return undefined;
  });
  app.options('/api/*', async (_request, reply) =>
    reply
      .code(204)
      .header('access-control-allow-methods', 'GET, POST')
      .header('access-control-allow-headers', 'content-type')
      .header('access-control-max-age', '600')
      .send(),
  );
  app.get('/api/name', async () => ({ name: await guests.offerName() }));
  app.get('/api/world', async () => ({ ...world, players: players() }));
  app.post('/api/tickets', async (request, reply) => {
    if (!mayHaveTicket(request.socket.remoteAddress ?? '')) return sendProblem(reply, problem('rate_exceeded'));
    const grant = await guests.grant(request.body ?? {});
    if (typeof grant === 'string') return sendProblem(reply, problem(grant));
    counted('tickets');
    return reply.header('cache-control', 'no-store').send(grant);
  });
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
