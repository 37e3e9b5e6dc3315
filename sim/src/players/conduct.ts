import type { Random } from '@lifeverse/base';
import type { Due } from '../time/event-queue.ts';
import type { Timeline } from '../time/timeline.ts';
import type { Player } from './player.ts';

const FULL_TURN = 6.283185307179586;
const LOOK_MS = 250;
/** The longest is longer than an avatar stands without its player. */
const ABSENCES_MS = [1_000, 1_000, 5_000, 5_000, 60_000];
const PACES = ['stand', 'walk', 'run', 'run'] as const;

/** What players do apart from walking, by how likely it is at a look: the mean time between two is 250 ms over that. */
const commands = { say: 0.02, wave: 0.02, hide: 0.01, peer: 0.01, leap: 0.005 };
const deeds = { mute: 0.002, leave: 0.003, reload: 0.002, goAway: 0.002 };

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
  readonly #whims: readonly (readonly [whim: string, chance: number])[];
  #turnMs = 0;

  constructor(parts: ConductParts) {
    this.#parts = parts;
    const known = Object.entries(commands).filter(([command]) => parts.commands.has(command));
    this.#whims = [...known, ...Object.entries(deeds)];
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
    for (const [whim, chance] of this.#whims) if (random.chance(chance)) this.#follow(whim);
  }

  #follow(whim: string): void {
    const { player, random } = this.#parts;
    if (!player.playing) return;
    if (whim === 'leave' || whim === 'goAway') this.#leave(whim);
    else if (whim === 'reload') player.reload();
    else if (whim === 'mute') this.#mute();
    else if (whim === 'say') this.#say();
    else if (whim === 'wave') this.#wave();
    else if (whim === 'leap') player.command('leap', {});
    else player.command(whim, { on: random.chance(0.5) });
  }

  #leave(how: 'leave' | 'goAway'): void {
    const { player, timeline, random } = this.#parts;
    player[how]();
    timeline.later(random.pick(ABSENCES_MS) * random.between(0.5, 1.5), () => player.come());
  }

  /** Says which input it is, so that whoever hears knows what was left out or came twice. */
  #say(): void {
    const { player } = this.#parts;
    player.command('say', { text: `${player.index} ${player.log.incarnation} ${player.log.last + 1}` });
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
    if (at !== undefined) this.#parts.player.mute(at);
  }
}
