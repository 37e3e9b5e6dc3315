import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedServer, openServerSockets, type SocketFolder, startEmbeddedServer } from '@lifeverse/node-kit';
import type { DrilledPart, Loss } from './drilled-part.ts';
import { childrenOf, isThere, signalTo } from './process-tree.ts';

const LOOK_MS = 10;

/** A PostgreSQL of the drill's own, which the cluster is told as one of the operator's. */
export class DrilledDatabase implements DrilledPart {
  readonly name = 'database';
  readonly url: string;
  readonly #folder: string;
  readonly #sockets: SocketFolder;
  #server: EmbeddedServer;
  #isUp = true;
  #silent: readonly number[] = [];

  private constructor(folder: string, sockets: SocketFolder, server: EmbeddedServer) {
    this.#folder = folder;
    this.#sockets = sockets;
    this.#server = server;
    this.url = server.url;
    process.once('exit', () => {
      if (this.#isUp) for (const pid of [...childrenOf(this.#server.pid), this.#server.pid]) signalTo(pid, 'SIGKILL');
    });
  }

  static async start(inside: string): Promise<DrilledDatabase> {
    const folder = join(inside, 'database');
    const sockets = openServerSockets(folder);
    return new DrilledDatabase(folder, sockets, await startEmbeddedServer({ folder, sockets: sockets.path }));
  }

  async take(how: Loss): Promise<void> {
    const { pid } = this.#server;
    if (how === 'silent') {
      // The one that starts others first, so that none is missed.
      signalTo(pid, 'SIGSTOP');
      this.#silent = [...childrenOf(pid), pid];
      for (const one of this.#silent) signalTo(one, 'SIGSTOP');
      return;
    }
    const children = childrenOf(pid);
    if (how === 'stopped') await this.#server.stop();
    else await this.#server.kill();
    this.#isUp = false;
    // Those of one that was killed notice, and the next one does not begin before they have.
    while (children.some(isThere)) await sleep(LOOK_MS);
  }

  async giveBack(): Promise<void> {
    for (const pid of this.#silent) signalTo(pid, 'SIGCONT');
    this.#silent = [];
    if (this.#isUp) return;
    this.#server = await startEmbeddedServer({ folder: this.#folder, sockets: this.#sockets.path });
    this.#isUp = true;
  }

  async stop(): Promise<void> {
    for (const pid of this.#silent) signalTo(pid, 'SIGCONT');
    if (this.#isUp) await this.#server.stop();
    this.#isUp = false;
    this.#sockets.close();
  }
}
