import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { assert } from '@lifeverse/base';
import { type EmbeddedServer, openServerSockets, type SocketFolder, startEmbeddedServer } from '@lifeverse/node-kit';
import type { Loss, StartedPart } from './drilled-part.ts';
import { childrenOf, isThere, signalTo } from './process-tree.ts';
import { SlowLine } from './slow-line.ts';

const LOOK_MS = 10;

/** Through which a database is reached that can be slow. */
interface SlowWay {
  readonly line: SlowLine;
  readonly folder: string;
  readonly byMs: number;
}

/** A PostgreSQL of the drill's own, which the cluster is told as one of the operator's. */
export class DrilledDatabase implements StartedPart {
  readonly name = 'database';
  readonly url: string;
  readonly #folder: string;
  readonly #sockets: SocketFolder;
  #server: EmbeddedServer;
  readonly #slow: SlowWay | null;
  #isUp = true;
  #silent: readonly number[] = [];

  private constructor(folder: string, sockets: SocketFolder, server: EmbeddedServer, slow: SlowWay | null) {
    this.#folder = folder;
    this.#sockets = sockets;
    this.#server = server;
    this.#slow = slow;
    const url = new URL(server.url);
    if (slow !== null) url.searchParams.set('host', slow.folder);
    this.url = slow === null ? server.url : url.href;
    process.once('exit', () => {
      if (this.#isUp) for (const pid of [...childrenOf(this.#server.pid), this.#server.pid]) signalTo(pid, 'SIGKILL');
    });
  }

  /** `slowMs`: by how much answers come late when it is slow; left out: it cannot be. */
  static async start(inside: string, slowMs?: number): Promise<DrilledDatabase> {
    const folder = join(inside, 'database');
    const sockets = openServerSockets(folder);
    const server = await startEmbeddedServer({ folder, sockets: sockets.path });
    if (slowMs === undefined) return new DrilledDatabase(folder, sockets, server, null);
    const way = join(inside, 'slow');
    const line = await SlowLine.start(way, sockets.path);
    return new DrilledDatabase(folder, sockets, server, { line, folder: way, byMs: slowMs });
  }

  async take(how: Loss): Promise<void> {
    const { pid } = this.#server;
    if (how === 'slow') {
      assert(this.#slow !== null, 'the way to the database is one of its own');
      this.#slow.line.delayMs = this.#slow.byMs;
      return;
    }
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
    if (this.#slow !== null) this.#slow.line.delayMs = 0;
    for (const pid of this.#silent) signalTo(pid, 'SIGCONT');
    this.#silent = [];
    if (this.#isUp) return;
    this.#server = await startEmbeddedServer({ folder: this.#folder, sockets: this.#sockets.path });
    this.#isUp = true;
  }

  async stop(): Promise<void> {
    for (const pid of this.#silent) signalTo(pid, 'SIGCONT');
    await this.#slow?.line.stop();
    if (this.#isUp) await this.#server.stop();
    this.#isUp = false;
    this.#sockets.close();
  }
}
