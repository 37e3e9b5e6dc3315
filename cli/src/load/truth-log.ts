import type { TruthRecord } from '@lifeverse/contracts';
import type { Place } from './avatar.ts';

/** Ticks remembered: some seconds, more than anyone shows the world late. */
const KEPT_TICKS = 200;

/** Where some entities truly were, by tick. */
export class TruthLog {
  readonly #ticks = new Map<number, Map<number, Readonly<Place>>>();

  add({ tick, entities }: TruthRecord): void {
    this.#ticks.set(tick, new Map(entities.map(({ id, xMm, yMm }) => [id, { x: xMm, y: yMm }])));
    this.#ticks.delete(tick - KEPT_TICKS);
  }

  /** Where it was at a moment between two ticks, millimetres; false when one of the two is not known. */
  at(id: number, tick: number, out: Place): boolean {
    const before = this.#ticks.get(Math.floor(tick))?.get(id);
    const after = this.#ticks.get(Math.ceil(tick))?.get(id);
    if (before === undefined || after === undefined) return false;
    const share = tick - Math.floor(tick);
    out.x = before.x + (after.x - before.x) * share;
    out.y = before.y + (after.y - before.y) * share;
    return true;
  }
}
