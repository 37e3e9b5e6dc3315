import type { Body, World } from '@lifeverse/definition';
import type { Motion } from '@lifeverse/sync/client';
import type { ZoneProcess } from '../cluster/zone-process.ts';
import type { Player } from '../players/player.ts';
import type { Tally } from '../report/tally.ts';
import { sameInput } from './input-book.ts';
import type { Standing, Standings } from './standings.ts';
import { ensure } from './violation.ts';

/** Inputs older than this have been applied, and the player has heard of it. */
const SETTLED_MS = 1_000;
const NORMAL_RATE = 256;
/** What else has moved an avatar lately may not have reached its player. */
const UNDISTURBED_TICKS = 20;
/** Nobody is longer on the way from zone to zone while nothing goes wrong: the ticks meanwhile are played. */
const ON_THE_WAY_TICKS = 5;
/** Far longer than the smoothing of a correction: what is asked for is the prediction itself. */
const UNSMOOTHED_MS = 1_000_000;

interface Forecast {
  readonly player: Player;
  readonly entity: number;
  readonly zone: ZoneProcess;
  /** What the server had the avatar do then; a connection that it has lost meanwhile makes it stand. */
  readonly held: object | null;
  readonly x: number;
  readonly y: number;
}

/**
 * A client lives ahead of the server. What it predicts for a tick to come, having no input on its way, must be what the
 * server has when that tick is over, to the millimetre.
 */
export class PredictionCheck {
  readonly #world: World;
  readonly #tally: Tally;
  readonly #forecasts = new Map<number, Forecast[]>();
  /** Where avatars ended the last tick, and when something besides their own step last moved them. */
  readonly #last = new Map<number, { x: number; y: number; zone: number; tick: number; disturbedTick: number }>();
  readonly #body: Body = { x: 0, y: 0 };
  readonly #motion: Motion = { x: 0, y: 0, vx: 0, vy: 0 };

  constructor(world: World, tally: Tally) {
    this.#world = world;
    this.#tally = tally;
  }

  clear(): void {
    this.#forecasts.clear();
    this.#last.clear();
  }

  /** To be called in every tick for every avatar: tells apart what an avatar did from what befell it. */
  follow(entity: number, { store, row, zone: { zone } }: Standing, tick: number): void {
    const last = this.#last.get(entity);
    const x = store.x[row] as number;
    const y = store.y[row] as number;
    if (last === undefined) {
      this.#last.set(entity, { x, y, zone, tick, disturbedTick: tick });
      return;
    }
    this.#body.x = last.x;
    this.#body.y = last.y;
    const held = store.held[row];
    // On its way to another zone an avatar is in none, and is moved on by what it holds.
    const most = last.zone === zone ? 1 : ON_THE_WAY_TICKS;
    const passed = Math.min(most, tick - last.tick);
    if (held !== null && held !== undefined)
      for (let i = 0; i < passed; i++) this.#world.predicted?.step.run(this.#body, held, this.#world.map, NORMAL_RATE);
    if (this.#body.x !== x || this.#body.y !== y || last.tick !== tick - passed) last.disturbedTick = tick;
    Object.assign(last, { x, y, zone, tick });
  }

  /** Writes down what the player's avatar is predicted to be at; false when it is not to be held to it. */
  forecast(player: Player, entity: number, { zone, store, row }: Standing, nowMs: number, tick: number): boolean {
    const { avatar } = player.core;
    const last = this.#last.get(entity);
    if (avatar === null || last === undefined || last.tick !== tick) return false;
    if (tick - last.disturbedTick < UNDISTURBED_TICKS || nowMs - player.log.lastSentMs < SETTLED_MS) return false;
    if (!player.log.certain) return false;
    player.core.update(player.localMs);
    if (avatar.tick <= tick) return false;
    avatar.show(0, UNSMOOTHED_MS, this.#motion);
    const forecasts = this.#forecasts.get(avatar.tick) ?? [];
    forecasts.push({ player, entity, zone, held: store.held[row] ?? null, x: this.#motion.x, y: this.#motion.y });
    this.#forecasts.set(avatar.tick, forecasts);
    return true;
  }

  ticked(standings: Standings, tick: number): void {
    const forecasts = this.#forecasts.get(tick);
    if (forecasts === undefined) return;
    this.#forecasts.delete(tick);
    for (const { player, entity, zone, held, x, y } of forecasts) {
      const standing = standings.find(entity);
      const last = this.#last.get(entity);
      if (standing === undefined || last === undefined || tick - last.disturbedTick < UNDISTURBED_TICKS) continue;
      const { store, row } = standing;
      // What travels is copied.
      const holds = store.held[row] ?? null;
      const same = zone === standing.zone ? holds === held : sameInput(holds, held);
      if (!same || !player.playing || player.core.session?.welcome.entity !== entity) continue;
      this.#tally.add('checks: predictions');
      ensure(store.x[row] === x && store.y[row] === y, 'the own avatar as the server has it', () => {
        return `${player.character} predicted (${x}, ${y}) mm for tick ${tick}, the server has (${store.x[row]}, ${store.y[row]})`;
      });
    }
  }
}
