import type { Attack, Target } from '../attack.ts';
import { FIN_BINARY, hostileFrame } from '../hostile-frame.ts';
import { oneShots } from './one-shot.ts';

const KIB = 1_024;
const MOST_SENT = 1_024 * KIB;
const SOCKETS = 200;
const sizes = [64 * KIB, 100_000_000];

/** Says how much will come, and sends what it can of it. */
export const announced: Attack = {
  name: 'announced',
  what: '200 sockets of 127.0.0.2 that announce 64 KiB or 100 MB, and send up to 1 MiB of it',
  seconds: 10,
  windows: 1,
  rounds: 4,
  least: { messages: SOCKETS * 0.9 },
  refusals: { message_too_large: 540 },
  grows: [],
  newcomers: false,
  async run(target: Target) {
    let index = 0;
    const messages = sizes.map((bytes) => hostileFrame(FIN_BINARY, Buffer.alloc(Math.min(bytes, MOST_SENT)), bytes));
    return { messages: await oneShots(target, SOCKETS, () => messages[index++ % messages.length] as Buffer) };
  },
};
