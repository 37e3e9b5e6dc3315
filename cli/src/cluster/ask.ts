import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { ConfigurationError } from '@lifeverse/node-kit';
import { type Answer, type Done, type Order, ordersFolder, ordersPath } from './orders.ts';

/** A cluster of this machine. */
export interface Supervised {
  /** Folder of its data. */
  readonly data: string;
  /** Its name. */
  readonly cluster: string;
}

export interface Asking {
  told(line: string): void;
  /** Hangs up, which the supervisor notices. */
  readonly signal?: AbortSignal;
}

/** Gives the supervisor of a cluster an order. Rejects with a ConfigurationError when none is there, and when it does not do it. */
export async function askSupervisor(of: Supervised, order: Order, { told, signal }: Asking): Promise<Done> {
  const socket = await reached(of);
  if (socket === null)
    throw new ConfigurationError(
      `No cluster ${JSON.stringify(of.cluster)} runs on ${resolve(of.data)}: name its folder with --data, and its name with --cluster.`,
    );
  const hangUp = (): void => void socket.destroy();
  signal?.addEventListener('abort', hangUp, { once: true });
  try {
    socket.write(`${JSON.stringify(order)}\n`);
    for await (const line of linesOf(socket)) {
      const answer = JSON.parse(line) as Answer;
      if ('refused' in answer) throw new ConfigurationError(answer.refused);
      if ('done' in answer) return answer.done;
      told(answer.told);
    }
    signal?.throwIfAborted();
    throw new ConfigurationError('The cluster has ended meanwhile.');
  } finally {
    signal?.removeEventListener('abort', hangUp);
    socket.destroy();
  }
}

/** What it says until its end, however it comes to that. */
async function* linesOf(socket: Socket): AsyncGenerator<string> {
  const lines = createInterface({ input: socket });
  // Also where nothing says that it is the end.
  socket.once('close', () => lines.close());
  try {
    yield* lines;
  } catch {
    // A supervisor that was killed has not read all: the connection breaks rather than end.
  }
}

/** Names of the processes that it looks after; none where there is none. */
export async function supervisedRoles(of: Supervised): Promise<readonly string[]> {
  const socket = await reached(of);
  if (socket === null) return [];
  socket.destroy();
  return (await askSupervisor(of, { roles: true }, { told: () => undefined })).roles ?? [];
}

async function reached({ data, cluster }: Supervised): Promise<Socket | null> {
  const socket = connect(ordersPath(ordersFolder(data), cluster));
  try {
    await once(socket, 'connect');
  } catch {
    return null;
  }
  // Its end is seen where it is read.
  socket.on('error', () => undefined);
  return socket;
}
