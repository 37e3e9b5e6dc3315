import type { Random } from '@lifeverse/base';
import type { Due } from '../time/event-queue.ts';
import type { Timeline } from '../time/timeline.ts';
import type { Player } from './player.ts';

const FULL_TURN = 6.283185307179586;
const LOOK_MS = 250;
/** The longest is longer than an avatar stands without its player. */
const ABSENCES_MS = [1_000, 1_000, 5_000, 5_000, 60_000];
const PACES = ['stand', 'walk', 'run', 'run'] as const;

/** What players do apart from walking; per look, so mean times between are 250 ms divided by these. */
const whims = {
  say: 0.02,
  wave: 0.02,
  mute: 0.002,
  hide: 0.01,
  peer: 0.01,
  leap: 0.005,
  leave: 0.002,
  reload: 0.002,
  goAway: 0.001,
};

export interface ConductParts {
  readonly player: Player;
  readonly timeline: Timeline;
  readonly random: Random;
  /** Names of the world's commands: what it does not know is not done. */
  readonly commands: ReadonlySet<string>;
  /** The heading that is really sent for one that was chosen. */
  amendHeading(towards: number): number;
}

/** What one player does: turns every 1 to 3 s, and has whims. */
export class Conduct implements Due {
  readonly #parts: ConductParts;
  #turnMs = 0;
  #said = 0;
  #saidIn = 0;

  constructor(parts: ConductParts) {
    this.#parts = parts;
    parts.timeline.after(parts.random.between(0, LOOK_MS), this);
  }

  due(nowMs: number): void {
    this.#parts.timeline.at(nowMs + LOOK_MS, this);
    const { player, random } = this.#parts;
    if (!player.playing) return;
    if (nowMs >= this.#turnMs) {
      this.#turnMs = nowMs + random.between(1_000, 3_000);
      const towards = this.#parts.amendHeading(random.float() * FULL_TURN);
      player.command('walk', { towards, pace: random.pick(PACES) });
    }
    for (const [whim, chance] of Object.entries(whims)) if (random.chance(chance)) this.#follow(whim);
  }

  #follow(whim: string): void {
    const { player, random, commands } = this.#parts;
    if (whim === 'leave' || whim === 'goAway') this.#leave(whim);
    else if (whim === 'reload') {
      if (player.playing) player.reload();
    } else if (whim === 'mute') this.#mute();
    else if (!commands.has(whim)) return;
    else if (whim === 'say') this.#say();
    else if (whim === 'wave') this.#wave();
    else if (whim === 'leap') player.command('leap', {});
    else player.command(whim, { on: random.chance(0.5) });
  }

  #leave(how: 'leave' | 'goAway'): void {
    const { player, timeline, random } = this.#parts;
    if (!player.playing) return;
    player[how]();
    timeline.later(random.pick(ABSENCES_MS) * random.between(0.5, 1.5), () => player.come());
  }

  /** Says how often it has spoken in this incarnation, so that whoever hears knows what was left out or came twice. */
  #say(): void {
    const { player } = this.#parts;
    const { incarnation } = player.log;
    if (this.#saidIn !== incarnation) this.#said = 0;
    this.#saidIn = incarnation;
    if (player.command('say', { text: `${player.index} ${incarnation} ${this.#said + 1}` })) this.#said++;
  }

  #someone(): number | undefined {
    const { player, random } = this.#parts;
    const others = [...player.core.entities.keys()].filter((id) => id !== player.core.session?.welcome.entity);
    return others.length === 0 ? undefined : random.pick(others);
  }

  #wave(): void {
    const at = this.#someone();
    if (at !== undefined) this.#parts.player.command('wave', { at });
  }

  #mute(): void {
    const at = this.#someone();
    if (at !== undefined && this.#parts.player.playing) this.#parts.player.mute(at);
  }
}
