import type { Random } from '@lifeverse/base';
import { decodeClientMessage, encodeClientMessage } from '@lifeverse/protocol';
import type { Attack, Target } from '../attack.ts';
import { actFor, HostilePlayer } from '../hostile-player.ts';

const CHEATS = 20;
const INPUTS_PER_S = 10;
/** More at once than anybody may. */
const BURST = 400;

/**
 * Players who have joined and whose inputs are wrong. NaN and infinity have no form on this wire: what comes nearest are
 * values out of their range, such as a pace beyond the fastest, and bodies of random bytes.
 */
export const cheating: Attack = {
  name: 'cheating',
  what: '20 joined players: inputs replayed, skipped, from the future and the past, too fast, random, far too many',
  seconds: 10,
  windows: 1,
  rounds: 4,
  least: { inputs: 1_000, input_replayed: 50, input_gap: 50, input_future: 50, input_invalid: 50, command_unknown: 50 },
  refusals: { rate_exceeded: 3 },
  grows: ['lifeverse_zone_inputs_refused_total'],
  newcomers: false,
  async run({ url, forMs, random }: Target) {
    const deeds: Record<string, number> = { inputs: 0 };
    const cheats = await HostilePlayer.several(url, CHEATS, (index) => ({
      twisted: (bytes) => {
        const instead = twist(bytes, index, random);
        deeds.inputs = (deeds.inputs ?? 0) + instead.length;
        return instead;
      },
      refused: (code) => {
        deeds[code] = (deeds[code] ?? 0) + 1;
      },
    }));
    await actFor(cheats, { forMs, perS: INPUTS_PER_S }, (cheat) => {
      cheat.playing?.socket.drain();
      cheat.walk({ towards: random.between(0, 2 * Math.PI), pace: 'run' });
    });
    return deeds;
  },
};

type Twist = (input: Input, random: Random) => Input[];
type Input = Extract<Exclude<ReturnType<typeof decodeClientMessage>, string>, { type: 'input' }>;

const TICKS_AWAY = 2_000;
/** Where a walk's body has its pace: with all bits set it is one more than the fastest that there is. */
const PACE_AT = 2;
const PACE_BITS = 0x0c;
const twists: readonly Twist[] = [
  (input) => [input, input],
  (input) => [{ ...input, sequence: input.sequence + 7 }, input],
  (input) => [{ ...input, tick: input.tick + TICKS_AWAY }],
  (input) => [{ ...input, tick: input.tick - TICKS_AWAY }],
  (input) => [{ ...input, body: input.body.map((byte, at) => (at === PACE_AT ? byte | PACE_BITS : byte)) }],
  (input, random) => [{ ...input, body: Uint8Array.from({ length: random.below(64) }, () => random.below(256)) }],
];

/** Each cheat has a way of its own; the last one floods. Everything but inputs is left as it is. */
function twist(bytes: Uint8Array, cheat: number, random: Random): Uint8Array[] {
  const message = decodeClientMessage(bytes);
  if (typeof message === 'string' || message.type !== 'input') return [bytes];
  if (cheat === CHEATS - 1) return Array<Uint8Array>(BURST).fill(encodeClientMessage({ type: 'heartbeat', sentMs: 0 }));
  const way = twists[cheat % twists.length] as Twist;
  return way(message, random).map(encodeClientMessage);
}
