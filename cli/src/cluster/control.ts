import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { openSocketFolder } from '@lifeverse/node-kit';
import { type Answer, type Done, type Order, orderOf, ordersFolder, ordersPath } from './orders.ts';

export interface ControlOptions {
  /** Folder of the cluster's data. */
  readonly data: string;
  /** Its name. */
  readonly cluster: string;
  /** The signal is aborted when whoever gave the order is gone. What it rejects with is what they are told. */
  carryOut(order: Order, tell: (line: string) => void, signal: AbortSignal): Promise<Done>;
}

/** Takes orders at the cluster's place, a line of JSON each. Returns what ends it. */
export async function takeOrders({ data, cluster, carryOut }: ControlOptions): Promise<() => void> {
  const folder = openSocketFolder(ordersFolder(data));
  const path = ordersPath(folder.path, cluster);
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    // Whoever hangs up hears nothing more.
    const hangUp = (): void => void socket.destroy();
    socket.on('error', hangUp);
    const lines = createInterface({ input: socket });
    // It says again what its input said: unheard, that would end the supervisor.
    lines.on('error', hangUp);
    lines.once('line', (line) => void answer(socket, line, carryOut));
  });
  // Of a supervisor that was killed.
  rmSync(path, { force: true });
  server.listen(path);
  await once(server, 'listening');
  return () => {
    server.close();
    for (const socket of open) socket.destroy();
    folder.close();
  };
}

async function answer(socket: Socket, line: string, carryOut: ControlOptions['carryOut']): Promise<void> {
  const say = (answer: Answer): void => {
    if (socket.writable) socket.write(`${JSON.stringify(answer)}\n`);
  };
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  try {
    say({ done: await carryOut(orderOf(line), (told) => say({ told }), gone.signal) });
  } catch (error) {
    say({ refused: error instanceof Error ? error.message : String(error) });
  }
  socket.end();
}
