import { type Client, Room } from '@colyseus/core';
import { StateView } from '@colyseus/schema';
import { machineNowMs } from '../../machine-clock.ts';
import { Course, HEADINGS, headingX, headingY, stormHeading, walked } from '../../movement.ts';
import { type Scenario, TICK_MS } from '../../scenario.ts';
import type { WindowLog } from '../window-log.ts';
import { type GridMember, InterestGrid } from './interest-grid.ts';
import { HEADING_MESSAGE, PlainState, TIME_STEPS_PER_MS, Walker } from './state.ts';

interface Player extends GridMember {
  readonly number: number;
  readonly walker: Walker;
  readonly view: StateView;
  /** Step of 1/256 turn; null while the player stands. */
  heading: number | null;
}

export interface RoomSettings {
  readonly scenario: Scenario;
  readonly log: WindowLog;
  /** `machineNowMs` at which the state's time is zero. */
  readonly originMs: number;
}

/** The scenario as a Colyseus developer would write it: one room, a `StateView` per client, fed from a grid. */
export function plainRoom({ scenario, log, originMs }: RoomSettings): new () => Room {
  const see = (a: Player, b: Player): void => {
    a.view.add(b.walker);
    b.view.add(a.walker);
  };
  const lose = (a: Player, b: Player): void => {
    a.view.remove(b.walker);
    b.view.remove(a.walker);
  };

  return class PlainRoom extends Room<{ state: PlainState }> {
    override autoDispose = false;
    override state = new PlainState();
    readonly #grid = new InterestGrid<Player>(scenario.sideM);
    readonly #players = new Map<string, Player>();
    readonly #byNumber: (Player | undefined)[] = new Array(scenario.players).fill(undefined);
    #steppedAtMs = machineNowMs();
    #stepMs = 0;
    #tick = 0;

    override onCreate(): void {
      this.onMessage(HEADING_MESSAGE, (client: Client, heading: unknown) => {
        const player = this.#players.get(client.sessionId);
        if (player === undefined || !isHeading(heading)) return;
        player.heading = heading;
      });
      this.setTimestep(() => this.#step(), TICK_MS);
      // Set after the step's interval, so that each patch goes out right behind its step, not 50 ms later.
      this.patchRate = TICK_MS;
    }

    override onJoin(client: Client, options: { player: number }): void {
      const spawn = new Course(scenario, options.player);
      const walker = new Walker({ x: spawn.xM, y: spawn.yM });
      this.state.walkers.set(String(options.player), walker);
      const view = new StateView();
      const player: Player = { number: options.player, walker, view, heading: null, column: 0, row: 0 };
      client.view = view;
      view.add(walker);
      this.#grid.enter(player, walker.x, walker.y, see);
      this.#players.set(client.sessionId, player);
      this.#byNumber[player.number] = player;
    }

    override onLeave(client: Client): void {
      const player = this.#players.get(client.sessionId);
      if (player === undefined) return;
      this.#players.delete(client.sessionId);
      this.#byNumber[player.number] = undefined;
      this.#grid.leave(player, lose);
      this.state.walkers.delete(String(player.number));
      player.view.dispose();
    }

    #step(): void {
      const nowMs = machineNowMs();
      const elapsedS = (nowMs - this.#steppedAtMs) / 1000;
      this.#steppedAtMs = nowMs;
      this.#tick++;
      this.state.time = Math.round((nowMs - originMs) * TIME_STEPS_PER_MS) >>> 0;
      const storm = scenario.kind === 'storm';
      for (const player of this.#players.values()) {
        if (player.heading === null) continue;
        const heading = storm ? stormHeading(player.heading, player.number, this.#tick) : player.heading;
        const walker = player.walker;
        walker.x = walked(walker.x, headingX[heading] as number, elapsedS, scenario.sideM);
        walker.y = walked(walker.y, headingY[heading] as number, elapsedS, scenario.sideM);
        this.#grid.move(player, walker.x, walker.y, see, lose);
      }
      log.truth(nowMs, (row, subjects) => {
        for (let i = 0; i < subjects.length; i++) {
          const walker = this.#byNumber[subjects[i] as number]?.walker;
          row[2 * i] = walker?.x ?? Number.NaN;
          row[2 * i + 1] = walker?.y ?? Number.NaN;
        }
      });
      this.#stepMs = machineNowMs() - nowMs;
    }

    override broadcastPatch(): boolean {
      const startMs = machineNowMs();
      const changed = super.broadcastPatch();
      log.worked(this.#players.size, this.#stepMs + machineNowMs() - startMs);
      return changed;
    }
  };
}

function isHeading(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < HEADINGS;
}
