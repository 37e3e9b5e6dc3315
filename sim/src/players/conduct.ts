import type { Random } from '@lifeverse/base';
import type { Motion } from '@lifeverse/sync/client';
import type { Due } from '../time/event-queue.ts';
import type { Timeline } from '../time/timeline.ts';
import type { Border } from '../worlds/zone-plan.ts';
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
  /** Between zones: those who pace do so over the nearest one. Empty where there is one zone. */
  readonly borders: readonly Border[];
}

/** How far behind a border those who pace over it aim, and how far aside, metres. */
const BEHIND_M = { least: 3, most: 20 };
const ASIDE_M = 15;
/** How many of the players pace over borders. */
const PACERS = 0.5;

/** What one player does: turns every 1 to 3 s, and has whims. */
export class Conduct implements Due {
  readonly #parts: ConductParts;
  readonly #whims: readonly (readonly [whim: string, chance: number])[];
  readonly #paces: boolean;
  readonly #at: Motion = { x: 0, y: 0, vx: 0, vy: 0 };
  #turnMs = 0;

  constructor(parts: ConductParts) {
    this.#parts = parts;
    const known = Object.entries(commands).filter(([command]) => parts.commands.has(command));
    this.#whims = [...known, ...Object.entries(deeds)];
    this.#paces = parts.borders.length > 0 && parts.random.chance(PACERS);
    parts.timeline.after(parts.random.between(0, LOOK_MS), this);
  }

  due(nowMs: number): void {
    this.#parts.timeline.at(nowMs + LOOK_MS, this);
    const { player, random } = this.#parts;
    if (!player.playing) return;
    if (nowMs >= this.#turnMs) {
      this.#turnMs = nowMs + random.between(1_000, 3_000);
      const towards = this.#parts.amendHeading(this.#heading());
      player.command('walk', { towards, pace: random.pick(PACES) });
    }
    for (const [whim, chance] of this.#whims) if (random.chance(chance)) this.#follow(whim);
  }

  #heading(): number {
    const { player, random, borders } = this.#parts;
    const { avatar } = player.core;
    if (!this.#paces || avatar === null) return random.float() * FULL_TURN;
    avatar.show(0, 0, this.#at);
    const { x, y } = this.#at;
    let nearest = borders[0];
    for (const border of borders) if (distance(border, x, y) < distance(nearest, x, y)) nearest = border;
    const side = (nearest.axis === 'x' ? x : y) < nearest.atMm ? 1 : -1;
    const beyond = nearest.atMm + side * random.between(BEHIND_M.least, BEHIND_M.most) * 1_000;
    const aside = random.between(-ASIDE_M, ASIDE_M) * 1_000;
    return nearest.axis === 'x' ? Math.atan2(aside, beyond - x) : Math.atan2(beyond - y, aside);
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

/** From a place to a border, millimetres, both ends of it included. */
function distance({ axis, atMm, fromMm, toMm }: Border, x: number, y: number): number {
  const [across, along] = axis === 'x' ? [x, y] : [y, x];
  return Math.hypot(across - atMm, along - Math.min(toMm, Math.max(fromMm, along)));
}
