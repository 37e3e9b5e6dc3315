import { encodeClientMessage } from '@lifeverse/protocol';
import type { Attack, Target } from '../attack.ts';
import { actFor, HostilePlayer } from '../hostile-player.ts';

/** Two inputs a second, and seven questions for keyframes: nearly as much as anybody may ask for. */
const ACTS_PER_S = 9;
const QUESTIONS_PER_S = 7;
/** More than are in view. */
const CELLS = 64;
const everything = encodeClientMessage({
  type: 'rekey',
  reason: 'gap',
  cells: Array.from({ length: CELLS }, (_, index) => index),
});

/**
 * One player who walks on and reads nothing of what it is sent. Within one machine the kernel takes four megabytes of it, an
 * hour's worth of an ordinary player's: so it asks for keyframes of all it sees, over and over, until its stall reaches
 * the server. From then on is measured, until it is cut and beyond.
 */
export const stalledReader: Attack = {
  name: 'stalled-reader',
  what: 'one player that goes on sending inputs, asks for all it can, and reads nothing',
  leadSeconds: 160,
  seconds: 12,
  rounds: 1,
  least: { messages: 200 },
  refusals: { too_slow: 1 },
  // What it is not sent any more: only then its stall has reached the server.
  grows: ['lifeverse_gateway_sections_dropped_total'],
  newcomers: false,
  async run({ url, forMs, random }: Target) {
    let messages = 0;
    let acts = 0;
    const players = await HostilePlayer.several(url, 1, () => ({
      twisted: (bytes) => {
        messages++;
        return [bytes];
      },
      refused: () => undefined,
    }));
    await actFor(players, { forMs, perS: ACTS_PER_S }, (player) => {
      if (acts++ % ACTS_PER_S < QUESTIONS_PER_S) player.playing?.socket.send(everything);
      else player.walk({ towards: random.between(0, 2 * Math.PI), pace: 'run' });
    });
    return { messages };
  },
};
