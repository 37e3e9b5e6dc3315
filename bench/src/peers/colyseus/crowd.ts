import { StateView } from '@colyseus/schema';
import { machineNowMs } from '../../machine-clock.ts';
import { Course, headingX, headingY, stormHeading, walked } from '../../movement.ts';
import type { Scenario } from '../../scenario.ts';
import type { WindowLog } from '../window-log.ts';
import { type GridMember, InterestGrid } from './interest-grid.ts';
import { type PlainState, TIME_STEPS_PER_MS, Walker } from './state.ts';

export interface Player extends GridMember {
  readonly number: number;
  readonly walker: Walker;
  readonly view: StateView;
  /** Step of 1/256 turn; null while the player stands. */
  heading: number | null;
}

export interface CrowdSettings {
  readonly scenario: Scenario;
  readonly log: WindowLog;
  /** `machineNowMs` at which the state's time is zero. */
  readonly originMs: number;
}

function see(a: Player, b: Player): void {
  a.view.add(b.walker);
  b.view.add(a.walker);
}

function lose(a: Player, b: Player): void {
  a.view.remove(b.walker);
  b.view.remove(a.walker);
}

/** The players of the plain: integrates them, and keeps their views as the grid says, on change only. */
export class Crowd {
  readonly #settings: CrowdSettings;
  readonly #state: PlainState;
  readonly #grid: InterestGrid<Player>;
  readonly #players: Set<Player> = new Set();
  readonly #byNumber: (Player | undefined)[];
  #steppedAtMs = machineNowMs();
  #tick = 0;

  constructor(settings: CrowdSettings, state: PlainState) {
    this.#settings = settings;
    this.#state = state;
    this.#grid = new InterestGrid(settings.scenario.sideM);
    this.#byNumber = new Array(settings.scenario.players).fill(undefined);
  }

  enter(number: number): Player {
    const spawn = new Course(this.#settings.scenario, number);
    const walker = new Walker({ x: spawn.xM, y: spawn.yM });
    this.#state.walkers.set(String(number), walker);
    const player: Player = { number, walker, view: new StateView(), heading: null, column: 0, row: 0 };
    player.view.add(walker);
    this.#grid.enter(player, walker.x, walker.y, see);
    this.#players.add(player);
    this.#byNumber[number] = player;
    return player;
  }

  leave(player: Player): void {
    this.#players.delete(player);
    this.#byNumber[player.number] = undefined;
    this.#grid.leave(player, lose);
    this.#state.walkers.delete(String(player.number));
    player.view.dispose();
  }

  step(): void {
    const { scenario, log, originMs } = this.#settings;
    const nowMs = machineNowMs();
    const elapsedS = (nowMs - this.#steppedAtMs) / 1000;
    this.#steppedAtMs = nowMs;
    this.#tick++;
    this.#state.time = Math.round((nowMs - originMs) * TIME_STEPS_PER_MS) >>> 0;
    const storm = scenario.kind === 'storm';
    for (const player of this.#players) {
      if (player.heading === null) continue;
      const heading = storm ? stormHeading(player.heading, player.number, this.#tick) : player.heading;
      const walker = player.walker;
      walker.x = walked(walker.x, headingX[heading] as number, elapsedS, scenario.sideM);
      walker.y = walked(walker.y, headingY[heading] as number, elapsedS, scenario.sideM);
      this.#grid.move(player, walker.x, walker.y, see, lose);
    }
    log.truth(nowMs, (row, subjects) => this.#writeTruth(row, subjects));
  }

  #writeTruth(row: Float32Array, subjects: Uint32Array): void {
    for (let i = 0; i < subjects.length; i++) {
      const walker = this.#byNumber[subjects[i] as number]?.walker;
      row[2 * i] = walker?.x ?? Number.NaN;
      row[2 * i + 1] = walker?.y ?? Number.NaN;
    }
  }
}
