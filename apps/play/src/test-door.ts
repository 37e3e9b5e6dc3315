import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';

/** Where a server is found that starts later: its public address is known before its port is. */
export interface TestDoor {
  readonly url: string;
  leadTo(server: string): void;
  close(): void;
}

export async function openDoor(): Promise<TestDoor> {
  let target: URL | null = null;
  const sockets = new Set<Socket>();
  const server = createServer((outside) => {
    if (target === null) {
      outside.destroy();
      return;
    }
    const inside = dial(Number(target.port), target.hostname);
    for (const [from, to] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (url) => {
      target = new URL(url);
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
