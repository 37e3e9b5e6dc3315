import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack, Target } from '../attack.ts';
import { hostileSocket } from '../hostile-socket.ts';
import { paced } from '../paced.ts';

const SOCKETS = 2_000;
/** All are there in this part of the time, and stay for the rest of it. */
const ARRIVING = 0.4;

/** Sockets that say nothing, or begin a request and leave it at that. */
export const halfOpen: Attack = {
  name: 'half-open',
  what: '2,000 half-open sockets from 127.0.0.2, while players join from 127.0.0.1',
  seconds: 10,
  windows: 1,
  rounds: 4,
  least: { sockets: SOCKETS },
  // Beyond twice the limit an address is not even told why.
  refusals: {},
  grows: ['lifeverse_gateway_sockets_refused_total'],
  newcomers: true,
  async run({ url, forMs }: Target) {
    const open: Socket[] = [];
    const fromMs = performance.now();
    await paced(SOCKETS, forMs * ARRIVING, async (index) => {
      const socket = await hostileSocket(url);
      open.push(socket.resume());
      if (index % 2 === 0) socket.write('GET /ws HTTP/1.1\r\nHost: a\r\n');
    });
    await sleep(Math.max(0, forMs - (performance.now() - fromMs)));
    const sockets = open.length;
    for (const socket of open) socket.destroy();
    return { sockets };
  },
};
