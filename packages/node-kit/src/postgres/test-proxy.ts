import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a client of PostgreSQL sends to end a transaction for good. */
const COMMIT = Buffer.from('COMMIT\0');

/**
 * A line to a database that can be cut: `up` false lets nobody through and ends who is. With `loseCommits` the commit
 * gets through, and the line breaks before its answer does.
 */
export class TestProxy {
  loseCommits = false;
  /** Of transactions alone that said this. */
  commitsOf = '';
  /** Commits whose answers were lost. */
  lost = 0;
  readonly url: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'lifeverse-proxy-'));
  readonly #server: Server;
  readonly #pairs = new Set<Socket>();
  #up = true;

  private constructor(target: string) {
    const to = new URL(target);
    const folder = to.searchParams.get('host');
    const path = folder === null ? null : join(folder, '.s.PGSQL.5432');
    this.#server = createServer((client) => {
      if (!this.#up) {
        client.destroy();
        return;
      }
      this.#join(client, path === null ? dial(Number(to.port), to.hostname) : dial(path));
    });
    const here = new URL(target);
    here.searchParams.set('host', this.#folder);
    this.url = here.href;
  }

  static async start(target: string): Promise<TestProxy> {
    const proxy = new TestProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(join(proxy.#folder, '.s.PGSQL.5432'), resolve));
    return proxy;
  }

  set up(up: boolean) {
    this.#up = up;
    if (!up) for (const socket of this.#pairs) socket.destroy();
  }

  async stop(): Promise<void> {
    this.up = false;
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #join(client: Socket, server: Socket): void {
    let losing = false;
    let isMeant = this.commitsOf === '';
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#pairs.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#pairs.delete(from);
        to.destroy();
      });
    }
    client.on('data', (bytes) => {
      isMeant ||= bytes.includes(this.commitsOf);
      if (bytes.includes(COMMIT)) {
        losing = this.loseCommits && isMeant;
        isMeant = this.commitsOf === '';
      }
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (!losing) {
        client.write(bytes);
        return;
      }
      this.lost++;
      client.destroy();
    });
  }
}
