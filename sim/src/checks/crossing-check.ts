import type { World } from '@lifeverse/definition';
import type { ZoneProcess } from '../cluster/zone-process.ts';
import type { Tally } from '../report/tally.ts';
import { sameInput } from './input-book.ts';
import type { OnTheWay } from './standings.ts';
import { ensure } from './violation.ts';
import { placeOnTheWay, wayTicks } from './way.ts';

/**
 * Who comes from another zone is where it would be without a border: the ticks of its way are played, as many as a late
 * input may reach back. It wears what it wore, and its generation rises.
 */
export class CrossingCheck {
  readonly #world: World;
  readonly #tally: Tally;
  readonly #mostTicks: number;
  /** Who was moved in this tick by something other than its own step. */
  readonly #moved = new Set<number>();
  readonly #watched = new WeakSet<ZoneProcess>();

  constructor(world: World, tally: Tally) {
    this.#world = world;
    this.#tally = tally;
    this.#mostTicks = wayTicks(world);
  }

  /** Notes from now on whom this owner's rules move. */
  watch(zone: ZoneProcess): void {
    if (this.#watched.has(zone)) return;
    this.#watched.add(zone);
    const { hands, store } = zone.core;
    for (const deed of ['push', 'teleport'] as const) {
      const does = hands[deed].bind(hands);
      hands[deed] = (row, x, y) => {
        this.#moved.add(store.id[row] as number);
        does(row, x, y);
      };
    }
  }

  /** Those who came in that tick of the zone, and have been through it. */
  ticked(zone: ZoneProcess, tick: number, came: readonly OnTheWay[]): void {
    for (const one of came) this.#came(zone, tick, one);
    this.#moved.clear();
  }

  #came(zone: ZoneProcess, tick: number, { traveller, from }: OnTheWay): void {
    const { id, kind, generation, held } = traveller;
    const { store, rate } = zone.core;
    const row = store.rowOf(id) as number;
    this.#tally.add('handovers');
    if (kind === 'player') this.#tally.add(held === null ? 'handovers of who stands' : 'handovers of who walks');
    const name = `${kind} ${id}, from zone ${from.zone} to ${zone.zone} at tick ${traveller.tick}`;
    const check = 'who crosses goes on as if there were no border';
    ensure((store.generation[row] as number) >= generation, check, () => {
      return `${name}, has generation ${store.generation[row]} instead of ${generation}`;
    });
    const away = traveller.avatar?.presence.state === 'away';
    if (away || this.#moved.has(id) || !sameInput(store.held[row] ?? null, held)) return;
    const onTheWay = Math.min(tick - 1 - traveller.tick, this.#mostTicks);
    const body = placeOnTheWay(this.#world, traveller, onTheWay + 1, rate);
    this.#tally.add('checks: crossings');
    ensure(body.x === store.x[row] && body.y === store.y[row], check, () => {
      return `${name}, is at (${store.x[row]}, ${store.y[row]}) mm at tick ${tick}, and would be at (${body.x}, ${body.y})`;
    });
  }
}
