import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '@lifeverse/protocol';
import type { Walk } from '../load/avatar.ts';
import { Measures } from '../load/measures.ts';
import { Player, type PlayerState } from '../load/player.ts';
import { servedWorld } from '../load/served-world.ts';
import { SkimmingAvatar, skimmingCodecs } from '../load/skimming-avatar.ts';
import { TicketDesk } from '../load/ticket-desk.ts';
import { WorldClock } from '../load/world-clock.ts';

export interface HostilePlayerEvents {
  /** What an honest client would say now, and what is said instead. */
  twisted(bytes: Uint8Array): readonly Uint8Array[];
  refused(code: ErrorCode): void;
}

type Playing = Extract<PlayerState, { kind: 'playing' }>;

const TURN_MS = 20;
const ARRIVE_MS = 10_000;

/** A player who joins as all others do and then does not keep to the rules. */
export class HostilePlayer {
  readonly #player: Player;

  private constructor(player: Player) {
    this.#player = player;
  }

  /** So many of them, who share an idea of the world and its time. */
  static async several(
    url: string,
    count: number,
    events: (index: number) => HostilePlayerEvents,
  ): Promise<HostilePlayer[]> {
    const server = new URL(url);
    const { world } = await servedWorld(server);
    const context = { world, clock: new WorldClock(), measures: new Measures() };
    const codecs = skimmingCodecs(world);
    const desk = new TicketDesk(server);
    return Array.from({ length: count }, (_, index) => {
      const { twisted, refused } = events(index);
      const { measures } = context;
      return new HostilePlayer(
        new Player({
          server,
          desk,
          measures,
          newAvatar: ({ send, joined }) =>
            new SkimmingAvatar(context, codecs, {
              joined,
              refused,
              send: (bytes) => {
                for (const instead of twisted(bytes)) send(instead);
              },
            }),
        }),
      );
    });
  }

  /** Comes, and comes back. Null while it is not there. */
  get playing(): Playing | null {
    this.#player.come(performance.now());
    this.#player.update(performance.now());
    const { state } = this.#player;
    return state.kind === 'playing' ? state : null;
  }

  walk(walk: Walk): void {
    this.playing?.avatar.walk(walk, performance.now());
  }

  leave(): void {
    this.#player.leave();
  }
}

/** Lets players act, once all are there, a number of times a second each, evenly spread, for a time; then they leave. */
export async function actFor(
  players: readonly HostilePlayer[],
  { forMs, perS }: { readonly forMs: number; readonly perS: number },
  act: (player: HostilePlayer, index: number) => void,
): Promise<void> {
  const comeMs = performance.now();
  while (players.some(({ playing }) => playing === null) && performance.now() - comeMs < ARRIVE_MS)
    await sleep(TURN_MS);
  const fromMs = performance.now();
  let done = 0;
  for (let nowMs = fromMs; nowMs - fromMs < forMs; nowMs = performance.now()) {
    const due = Math.floor(((nowMs - fromMs) / 1_000) * perS * players.length);
    for (; done < due; done++) act(players[done % players.length] as HostilePlayer, done % players.length);
    await sleep(TURN_MS);
  }
  for (const player of players) player.leave();
}
