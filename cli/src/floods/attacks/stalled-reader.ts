import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '@lifeverse/base';
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

/** So long a window is: from the stall of one until it is cut, and beyond. */
const SECONDS = 12;
const READERS = 5;

/**
 * Players who walk on and read nothing of what they are sent, one after the other. Within one machine the kernel takes four
 * megabytes of it, an hour's worth of an ordinary player's: so each asks for keyframes of all it sees, over and over, until
 * its stall reaches the server. From then on is measured; when it is cut, the stall of the next begins.
 */
export const stalledReader: Attack = {
  name: 'stalled-reader',
  what: 'a player that goes on sending inputs, asks for all it can, and reads nothing; then the next',
  leadSeconds: 160,
  seconds: SECONDS,
  windows: READERS,
  rounds: 1,
  least: { messages: 1_000 },
  refusals: { too_slow: READERS },
  // What it is not sent any more: only then its stall has reached the server.
  grows: ['lifeverse_gateway_sections_dropped_total'],
  newcomers: false,
  async run({ url, forMs, random }: Target) {
    const reading = Array.from({ length: READERS }, async (_, index) => {
      const laterMs = index * SECONDS * 1_000;
      await sleep(laterMs);
      return stalled(url, forMs - laterMs, random);
    });
    return { messages: (await Promise.all(reading)).reduce((sum, messages) => sum + messages, 0) };
  },
};

async function stalled(url: string, forMs: number, random: Random): Promise<number> {
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
  return messages;
}
