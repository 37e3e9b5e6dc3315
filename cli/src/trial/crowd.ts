import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@lifeverse/base';
import type { WorldMap } from '@lifeverse/definition';
import { type AvatarContext, DecodingAvatar } from '../load/decoding-avatar.ts';
import type { Driver } from '../load/driver.ts';
import { Fleet, type Member } from '../load/fleet.ts';
import { Measures } from '../load/measures.ts';
import { Player, type PlayerContext } from '../load/player.ts';
import { type ServedWorld, servedWorld } from '../load/served-world.ts';
import { SkimmingAvatar, skimmingCodecs } from '../load/skimming-avatar.ts';
import { isChosen } from '../load/spread.ts';
import { TicketDesk } from '../load/ticket-desk.ts';
import { WorldClock } from '../load/world-clock.ts';

export interface CrowdOptions {
  readonly server: URL;
  readonly players: number;
  /** How many of them decode all they receive, and measure how old it is; the others say all that a client says. */
  readonly decoding: number;
  readonly seed: number;
  readonly newDriver: (map: WorldMap, random: Random) => Driver;
  /** One in so many of those who decode leaves without a word, as who loses the connection does; nobody when left out. */
  readonly vanishing?: number;
  /** Questions for tickets at a time; the usual few when left out. */
  readonly ticketsAtOnce?: number;
}

const JOINS_PER_S = 100;
const ARRIVE_MS = 20_000;
const NEWCOMER_MS = 10_000;
const POLL_MS = 50;
const PROMPTLY_MS = 5;

class VanishingAvatar extends DecodingAvatar {
  override leave(): void {}
}

/** Well-behaved players, those of `lifeverse load`, to see how they fare while something else goes on. */
export class Crowd {
  readonly measures = new Measures();
  readonly #options: CrowdOptions;
  readonly #avatars: AvatarContext;
  readonly #desk: TicketDesk;
  readonly #fleet: Fleet;
  readonly #startMs = performance.now();

  /** Rejects with a LoadProblem when there is no such server. */
  static async gather(options: CrowdOptions): Promise<Crowd> {
    return new Crowd(options, await servedWorld(options.server));
  }

  private constructor(options: CrowdOptions, { world }: ServedWorld) {
    this.#options = options;
    this.#avatars = { world, clock: new WorldClock(), measures: this.measures };
    this.#desk = new TicketDesk(options.server, undefined, options.ticketsAtOnce);
    this.#fleet = new Fleet(this.#members(), this.measures, { moving: true, nowMs: this.#startMs });
    this.#fleet.start();
  }

  get playing(): number {
    return this.#fleet.playing;
  }

  /** How often one of them was told to wait in line. */
  get waits(): number {
    return this.#desk.waits;
  }

  /** Milliseconds by which this process itself was late at most, since the last call. */
  takeLateness(): number {
    const { latenessMs } = this.#fleet;
    this.#fleet.latenessMs = 0;
    return latenessMs;
  }

  /** Until all are there who are to be there. Answers whether all came. */
  async arrived(): Promise<boolean> {
    const { players } = this.#options;
    const untilMs = this.#startMs + (players / JOINS_PER_S) * 1_000 + ARRIVE_MS;
    while (!this.#fleet.settled(performance.now()) && performance.now() < untilMs) await sleep(POLL_MS);
    return this.#fleet.settled(performance.now());
  }

  /** One more joins and leaves again. Answers how many milliseconds the joining took, null when it did not come to it. */
  async newcomer(): Promise<number | null> {
    const player = new Player(this.#whole());
    const fromMs = performance.now();
    let tookMs: number | null = null;
    while (tookMs === null && performance.now() - fromMs < NEWCOMER_MS) {
      player.come(performance.now());
      player.update(performance.now());
      if (player.state.kind === 'playing') tookMs = performance.now() - fromMs;
      else await sleep(PROMPTLY_MS);
    }
    player.leave();
    return tookMs;
  }

  leave(): void {
    this.#fleet.stop();
  }

  #members(): Member[] {
    const { players, decoding, seed, newDriver, vanishing = Number.POSITIVE_INFINITY } = this.#options;
    const codecs = skimmingCodecs(this.#avatars.world);
    const whole = this.#whole();
    const skimmer: PlayerContext = { ...whole, newAvatar: (on) => new SkimmingAvatar(this.#avatars, codecs, on) };
    const vanisher: PlayerContext = { ...whole, newAvatar: (on) => new VanishingAvatar(this.#avatars, on) };
    const random = new Random(seed);
    let decoders = 0;
    return Array.from({ length: players }, (_, index) => {
      const decodes = isChosen(index, players, decoding);
      return {
        player: new Player(!decodes ? skimmer : ++decoders % vanishing === 0 ? vanisher : whole),
        driver: newDriver(this.#avatars.world.map, random.fork()),
        comesMs: (index / JOINS_PER_S) * 1_000,
        watched: decodes,
      };
    });
  }

  #whole(): PlayerContext {
    return {
      server: this.#options.server,
      desk: this.#desk,
      measures: this.measures,
      newAvatar: (events) => new DecodingAvatar(this.#avatars, events),
    };
  }
}
