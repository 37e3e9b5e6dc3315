import { type Client, Room } from '@colyseus/core';
import { machineNowMs } from '../../machine-clock.ts';
import { HEADINGS } from '../../movement.ts';
import { TICK_MS } from '../../scenario.ts';
import { Crowd, type CrowdSettings, type Player } from './crowd.ts';
import { HEADING_MESSAGE, PlainState } from './state.ts';

/** The scenario as a Colyseus developer would write it: one room, a `StateView` per client, fed from a grid. */
export class PlainRoom extends Room<{ state: PlainState }> {
  override autoDispose = false;
  override state = new PlainState();
  readonly #players = new Map<string, Player>();
  #crowd: Crowd | null = null;
  #settings: CrowdSettings | null = null;
  #stepMs = 0;

  override onCreate(settings: CrowdSettings): void {
    const crowd = new Crowd(settings, this.state);
    this.#settings = settings;
    this.#crowd = crowd;
    this.onMessage(HEADING_MESSAGE, (client: Client, heading: unknown) => {
      const player = this.#players.get(client.sessionId);
      if (player !== undefined && isHeading(heading)) player.heading = heading;
    });
    this.setTimestep(() => {
      const startMs = machineNowMs();
      crowd.step();
      this.#stepMs = machineNowMs() - startMs;
    }, TICK_MS);
    // Set after the step's interval, so that each patch goes out right behind its step, not 50 ms later.
    this.patchRate = TICK_MS;
  }

  override onJoin(client: Client, options: { player: number }): void {
    const player = this.#crowd?.enter(options.player);
    if (player === undefined) throw new Error('joined before the room was created');
    client.view = player.view;
    this.#players.set(client.sessionId, player);
  }

  override onLeave(client: Client): void {
    const player = this.#players.get(client.sessionId);
    if (player === undefined) return;
    this.#players.delete(client.sessionId);
    this.#crowd?.leave(player);
  }

  override broadcastPatch(): boolean {
    const startMs = machineNowMs();
    const changed = super.broadcastPatch();
    this.#settings?.log.worked(this.#players.size, this.#stepMs + machineNowMs() - startMs);
    return changed;
  }
}

function isHeading(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < HEADINGS;
}
