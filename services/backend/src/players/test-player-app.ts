import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LiveToggles, type ToggleName } from '@lifeverse/contracts';
import { createLog, LocalBus, type Log, SystemClock } from '@lifeverse/node-kit';
import { catalogue, type ErrorCode } from '@lifeverse/protocol';
import fastify, { type FastifyError, type FastifyReply, LogController } from 'fastify';
import Type from 'typebox';
import { startAdmission } from '../admission/start-admission.ts';
import type { Players, PlayersOptions } from './players.ts';
import { type PlayerRouteSeams, playerRoutes } from './routes.ts';
import type { Ground } from './test-players.ts';

const SESSION_COOKIE = 'lifeverse_session';

export interface PlayerApp {
  readonly url: string;
  readonly players: Players;
  /** Everything that was logged so far. */
  logged(): string;
  close(): Promise<void>;
}

/** The routes on a real port, within the least application around them; all that fastify can log is kept. */
export async function playerApp(
  ground: Ground,
  options: Partial<PlayersOptions> = {},
  limits: Partial<Record<ToggleName, number>> = {},
): Promise<PlayerApp> {
  const lines: string[] = [];
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const players = await ground.players({ publicUrl: url, ...options });
  const app = fastify({
    serverFactory: (handler) => {
      server.on('request', handler);
      return server;
    },
    // As in the product: addresses of the way back from a provider have secrets in them.
    logController: new LogController({ disableRequestLogging: true }),
    loggerInstance: createLog({ role: 'test', level: 'debug', stream: { write: (line) => void lines.push(line) } }),
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    request.log.error({ err: error }, 'a request failed');
    if (error.statusCode === 413) return refuse(reply, 'message_too_large');
    return refuse(reply, (error.statusCode ?? 500) < 500 ? 'malformed_message' : 'internal');
  });
  const clock = new SystemClock();
  const doors = await startAdmission({
    database: ground.database,
    bus: new LocalBus(),
    clock,
    log: app.log as Log,
    toggles: toggled(clock, limits),
  });
  await app.register(playerRoutes({ players, admission: doors.admission, publicUrl: url, seams }));
  await app.ready();
  return {
    url,
    players,
    logged: () => lines.join(''),
    close: async () => {
      doors.stop();
      await app.close();
    },
  };
}

/** As the database would have them. */
function toggled(clock: SystemClock, limits: Partial<Record<ToggleName, number>>): LiveToggles {
  const live = new LiveToggles(clock);
  const all = Object.entries(limits).map(([toggle, value]) => ({
    toggle,
    version: 1,
    definition: { variants: { now: value }, serve: 'now' },
  }));
  live.replace({ revision: 1, atMs: 0, toggles: all });
  return live;
}

const seams: PlayerRouteSeams = {
  problem: Type.Object({ code: Type.String(), title: Type.String() }),
  caller: (request) => ({
    peer: request.socket.remoteAddress ?? '',
    token:
      /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ??
      new RegExp(`${SESSION_COOKIE}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1] ??
      null,
    unlimited: false,
  }),
  refuse: (reply, { refused, retryAfterMs }) => {
    if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(retryAfterMs / 1_000));
    return refuse(reply, refused);
  },
  keepSession: (reply, session) => {
    reply.header('set-cookie', `${SESSION_COOKIE}=${session?.token ?? ''}; Path=/; HttpOnly`);
  },
};

function refuse(reply: FastifyReply, code: ErrorCode): FastifyReply {
  const status = code === 'internal' ? 500 : code === 'message_too_large' ? 413 : 400;
  return reply.code(status).type('application/problem+json').send({ code, title: catalogue[code].message });
}
