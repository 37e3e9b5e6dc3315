import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Bus } from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';
import { originAllowed } from './http/origin.ts';
import type { WebServer } from './http/web-server.ts';
import { isLoopback } from './sockets/address.ts';
import { type GameSocket, gameSocketServer } from './sockets/game-socket.ts';
import { PlayerSocket, type PlayerSocketContext } from './sockets/player-socket.ts';
import { attachTruthSocket } from './sockets/truth-socket.ts';
import type { Visits } from './sockets/visits.ts';

export interface UpgradeOptions extends PlayerSocketContext {
  readonly bus: Bus;
  readonly visits: Visits;
  /** Whether pages of that origin may join, besides those from here. */
  allows(origin: string): boolean;
  stopping(): boolean;
  /** The listening address, as the system gives it. */
  readonly listening: () => string;
  /** A handshake at /ws ended with this code instead of a player. */
  refused(code: ErrorCode): void;
  upgraded(): void;
}

/** Answers requests to become a WebSocket: players at /ws, measuring tools of this machine at /truth. */
export function acceptUpgrades(server: WebServer, options: UpgradeOptions): void {
  const sockets = gameSocketServer();
  server.on('upgrade', (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
    const socket = duplex as Socket;
    const path = (request.url ?? '').split('?', 1)[0];
    if (path === '/ws') {
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        options.upgraded();
        const refusal = objection(request, socket, options);
        if (refusal === null) new PlayerSocket(webSocket as GameSocket, socket, options);
        else refuse(webSocket as GameSocket, refusal, options);
      });
    } else if (path === '/truth' && mayMeasure(request, socket, options)) {
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        options.visits.joined(socket);
        attachTruthSocket(webSocket, options.bus, () => options.core.zones);
      });
    } else {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    }
  });
}

function objection(request: IncomingMessage, socket: Socket, options: UpgradeOptions): ErrorCode | null {
  const { origin, host } = request.headers;
  if (!originAllowed(origin, host, options.allows)) return 'origin_refused';
  if (options.stopping()) return 'server_stopping';
  return options.visits.mayJoin(socket) ? null : 'too_many_connections';
}

/** A page's script hears a close code, not an HTTP status: so the handshake is completed first. */
function refuse(webSocket: GameSocket, code: ErrorCode, { refused }: UpgradeOptions): void {
  refused(code);
  webSocket.on('error', () => undefined);
  webSocket.refuse(code);
}

/** The truth is for this machine, while it listens for this machine alone, and never for a page. */
function mayMeasure({ headers }: IncomingMessage, { remoteAddress }: Socket, { listening }: UpgradeOptions): boolean {
  return (
    headers.origin === undefined && remoteAddress !== undefined && isLoopback(remoteAddress) && isLoopback(listening())
  );
}
