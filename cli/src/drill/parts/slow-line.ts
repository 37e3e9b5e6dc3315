import { mkdirSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

/** As PostgreSQL calls its socket. */
const SOCKET = '.s.PGSQL.5432';

/** A way to a PostgreSQL on which its answers can be made to come late. */
export class SlowLine {
  /** By how much; what is on its way already comes when it was to come. */
  delayMs = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(target: string) {
    this.#server = createServer((client) => this.#join(client, connect(join(target, SOCKET))));
  }

  /** Both are folders of sockets. */
  static async start(folder: string, target: string): Promise<SlowLine> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const line = new SlowLine(target);
    await new Promise<void>((resolve, reject) => {
      line.#server.once('error', reject);
      line.#server.listen(join(folder, SOCKET), resolve);
    });
    return line;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket, server: Socket): void {
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => undefined);
      from.once('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
    client.on('data', (bytes) => server.write(bytes));
    server.on(
      'data',
      this.#late((bytes) => client.write(bytes)),
    );
  }

  /** In their order, each no earlier than it is due. */
  #late(pass: (bytes: Uint8Array) => void): (bytes: Uint8Array) => void {
    let waiting = 0;
    let lastDueMs = 0;
    return (bytes) => {
      if (this.delayMs === 0 && waiting === 0) {
        pass(bytes);
        return;
      }
      waiting++;
      const nowMs = performance.now();
      lastDueMs = Math.max(lastDueMs, nowMs + this.delayMs);
      setTimeout(() => {
        waiting--;
        pass(bytes);
      }, lastDueMs - nowMs);
    };
  }
}
