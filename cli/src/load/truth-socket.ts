import { decodeTruth, encodeTruthWanted } from '@lifeverse/contracts';
import { WebSocket } from 'ws';
import type { TruthLog } from './truth-log.ts';

/**
 * Hears from the zone where entities truly are, apart from the streams that players read. A server tells it only to
 * its own machine.
 */
export class TruthSocket {
  /** Why there is no truth to be had; null: there is. */
  problem: string | null = null;
  readonly #socket: WebSocket;

  constructor(server: URL, log: TruthLog) {
    const url = new URL('truth', server);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    this.#socket = new WebSocket(url, { perMessageDeflate: false });
    this.#socket.on('message', (data: Buffer) => {
      const record = decodeTruth(data);
      if (record !== undefined) log.add(record);
    });
    this.#socket.on('unexpected-response', (request, response) => {
      this.problem = `the server does not tell the truth from here (HTTP ${response.statusCode} to /truth)`;
      request.destroy();
    });
    this.#socket.on('error', (error) => {
      this.problem ??= `the truth cannot be heard: ${error.message}`;
    });
    this.#socket.on('close', () => {
      this.problem ??= 'the connection to /truth was lost';
    });
  }

  /** To be said again within five seconds. */
  want(ids: readonly number[]): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(encodeTruthWanted(ids));
  }

  close(): void {
    this.#socket.terminate();
  }
}
