import type { Target } from '../attack.ts';
import { hostileWebSocket, writeAndLeave } from '../hostile-socket.ts';
import { paced } from '../paced.ts';

/** Sockets that open, write something at once, and see what it brings them. Answers how many could do it. */
export async function oneShots({ url, forMs }: Target, times: number, bytes: () => Uint8Array): Promise<number> {
  let shots = 0;
  await paced(times, forMs, async () => {
    const socket = await hostileWebSocket(url);
    if (socket === null) return;
    shots++;
    await writeAndLeave(socket, bytes());
  });
  return shots;
}
