import { createServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { ConfigurationError } from '@lifeverse/node-kit';
import { hostAndPort } from '../sockets/address.ts';
import type { Certificate } from './certificate-files.ts';

/** How long a whole request may take to arrive. */
const REQUEST_MS = 60_000;
const KEEP_ALIVE_MS = 5_000;
const CHECK_EVERY_MS = 500;
const HEADER_BYTES = 16_384;
const HEADERS = 64;
/** Connections that the kernel keeps ready while the thread is in a tick. */
const BACKLOG = 4_096;

export type WebServer = Server | TlsServer;

export interface WebServerLimits {
  readonly maxConnections: number;
  /** From the connection to the end of a request's headers; with TLS, so long for each. */
  readonly handshakeMs: number;
}

export function createWebServer(certificate: Certificate | null, limits: WebServerLimits): WebServer {
  const { maxConnections, handshakeMs } = limits;
  const options: ServerOptions = {
    headersTimeout: handshakeMs,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    maxHeaderSize: HEADER_BYTES,
    noDelay: true,
  };
  const server =
    certificate === null
      ? createServer(options)
      : createTlsServer({ ...options, ...secureOptions(certificate), handshakeTimeout: handshakeMs });
  server.maxHeadersCount = HEADERS;
  server.maxConnections = maxConnections;
  return server;
}

export function secureOptions(certificate: Certificate): SecureContextOptions {
  return { ...certificate, minVersion: 'TLSv1.2' };
}

export interface ListenPlace {
  readonly host: string;
  readonly port: number;
  /** Other processes of this user that say so too may listen there. */
  readonly isShared: boolean;
}

/** Rejects with a ConfigurationError, one sentence, when the address cannot be had. Returns where it listens. */
export function listen(server: WebServer, { host, port, isShared }: ListenPlace): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      reject(new ConfigurationError(listenProblem(error.code ?? error.message, host, port)));
    };
    server.once('error', failed);
    server.listen({ host, port, backlog: BACKLOG, reusePort: isShared }, () => {
      server.off('error', failed);
      resolve(server.address() as AddressInfo);
    });
  });
}

function listenProblem(code: string, host: string, port: number): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} of ${host} is taken by another program; choose another with --port.`;
    case 'EACCES':
      return `Port ${port} of ${host} needs more rights than this user has; choose another with --port.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `--host ${host} is no address of this machine.`;
    default:
      return `${hostAndPort(host, port)} cannot be listened on (${code}).`;
  }
}
