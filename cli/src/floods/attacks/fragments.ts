import type { Attack, Target } from '../attack.ts';
import { BINARY, CONTINUATION, hostileFrame } from '../hostile-frame.ts';
import { oneShots } from './one-shot.ts';

const FRAGMENTS = 10_000;
const SOCKETS = 100;
const byte = Uint8Array.of(1);
const message = Buffer.concat([
  hostileFrame(BINARY, byte),
  ...Array<Buffer>(FRAGMENTS - 1).fill(hostileFrame(CONTINUATION, byte)),
]);

export const fragments: Attack = {
  name: 'fragments',
  what: '100 sockets of 127.0.0.2, each with a message in 10,000 fragments of 1 byte',
  seconds: 10,
  windows: 1,
  rounds: 4,
  least: { messages: SOCKETS * 0.9 },
  refusals: { too_many_fragments: 270 },
  grows: [],
  newcomers: false,
  async run(target: Target) {
    return { messages: await oneShots(target, SOCKETS, () => message) };
  },
};
