import type { Player } from '../players/player.ts';
import type { Tally } from '../report/tally.ts';
import { ensure } from './violation.ts';

/** Round trips since then have been quick ones. */
const SAMPLED_MS = 3_000;
const TURN_MS = 4;
/** A client's clock is slewed by one part in twenty, and set when it is off by more than this. */
const JUMP_MS = 250;
const SLEW = 0.05;

/**
 * A client knows the server's time as well as its line allows (Cristian): half of what the two directions of the
 * quickest round trip differ by. What it was off by while the line was bad is made up for slowly.
 */
export function clockCheck(player: Player, calmMs: number, nowMs: number, tally: Tally): void {
  const { socket } = player;
  const forMs = Math.min(calmMs, nowMs - (player.joinedMs ?? nowMs));
  if (socket === null || forMs < SAMPLED_MS) return;
  const up = socket.toGateway.conditions;
  const down = socket.toPlayer.conditions;
  const unevenMs = Math.abs(up.delayMs - down.delayMs) + Math.max(up.jitterMs, down.jitterMs);
  const slewingMs = Math.max(0, JUMP_MS - SLEW * (forMs - SAMPLED_MS / 2));
  const mostMs = unevenMs / 2 + TURN_MS + slewingMs;
  const offMs = player.core.clock.serverMs(player.localMs) - nowMs;
  tally.add('checks: clocks');
  ensure(Math.abs(offMs) <= mostMs, 'the clock is right', () => {
    return `${player.character} is ${offMs.toFixed(1)} ms off, at most ${mostMs.toFixed(1)} are to be explained`;
  });
}
