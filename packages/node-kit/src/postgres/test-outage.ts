import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedServer, openServerSockets, startEmbeddedServer } from './embedded-server.ts';

/**
 * How a database can be gone: `killed`, its connections break and new ones are refused; or `frozen`, when nothing breaks,
 * nothing is refused, and nothing answers.
 */
export type Outage = 'killed' | 'frozen';

/** A PostgreSQL of a test's own that is taken away and given back, at the same address. */
export class TestOutage {
  readonly url: string;
  readonly #folder: string;
  readonly #sockets: ReturnType<typeof openServerSockets>;
  #server: EmbeddedServer;
  #frozen: readonly number[] = [];
  #killed = false;

  private constructor(folder: string, sockets: ReturnType<typeof openServerSockets>, server: EmbeddedServer) {
    this.#folder = folder;
    this.#sockets = sockets;
    this.#server = server;
    this.url = server.url;
  }

  static async start(): Promise<TestOutage> {
    const folder = mkdtempSync(join(tmpdir(), 'lifeverse-outage-'));
    const sockets = openServerSockets(folder);
    return new TestOutage(folder, sockets, await startEmbeddedServer({ folder, sockets: sockets.path }));
  }

  async take(how: Outage): Promise<void> {
    if (how === 'killed') {
      await this.#server.kill();
      this.#killed = true;
      return;
    }
    const { pid } = this.#server;
    // The one that starts others first, so that none is missed.
    process.kill(pid, 'SIGSTOP');
    const children = childrenOf(pid);
    for (const child of children) process.kill(child, 'SIGSTOP');
    this.#frozen = [...children, pid];
  }

  /** Changes nothing when it is there. */
  async giveBack(): Promise<void> {
    for (const pid of this.#frozen) process.kill(pid, 'SIGCONT');
    this.#frozen = [];
    if (!this.#killed) return;
    this.#server = await startEmbeddedServer({ folder: this.#folder, sockets: this.#sockets.path });
    this.#killed = false;
  }

  async stop(): Promise<void> {
    await this.giveBack();
    await this.#server.kill();
    this.#sockets.close();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

function childrenOf(parent: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return rows
    .map((row) => row.trim().split(/\s+/).map(Number))
    .flatMap(([pid, by]) => (by === parent ? [pid ?? 0] : []));
}
