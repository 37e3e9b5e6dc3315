import type { Attack, Target } from '../attack.ts';
import { FIN_BINARY, hostileFrame } from '../hostile-frame.ts';
import { oneShots } from './one-shot.ts';

const FRAMES = 50_000;
const FRAMES_PER_SOCKET = 100;
const BYTES_MOST = 100;
/** Some find the server unwilling; the others are to be enough. */
const SOCKETS = (FRAMES / FRAMES_PER_SOCKET) * 1.1;

export const randomFrames: Attack = {
  name: 'random-frames',
  what: '50,000 random frames from unjoined sockets of 127.0.0.2',
  seconds: 10,
  windows: 1,
  rounds: 4,
  least: { frames: FRAMES },
  refusals: { malformed_message: 1_000 },
  grows: [],
  newcomers: false,
  async run(target: Target) {
    const { random } = target;
    const frame = (): Buffer => {
      const payload = Uint8Array.from({ length: 1 + random.below(BYTES_MOST) }, () => random.below(256));
      return hostileFrame(FIN_BINARY, payload);
    };
    const salvo = (): Buffer => Buffer.concat(Array.from({ length: FRAMES_PER_SOCKET }, frame));
    return { frames: FRAMES_PER_SOCKET * (await oneShots(target, SOCKETS, salvo)) };
  },
};
