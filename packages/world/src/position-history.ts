import type { Body } from '@lifeverse/definition';

/**
 * Where everyone was at the end of the last ticks: what a late input needs to be applied at the moment it names (WO5).
 * Columns of positions by row, one pair a tick, copied as they are.
 */
export class PositionHistory {
  readonly #x: Int32Array[];
  readonly #y: Int32Array[];
  readonly #span: number;
  /** Before this tick's end nothing is known of anyone. */
  #floor = 0;
  #last = -1;

  constructor(replayTicks: number) {
    this.#span = replayTicks + 2;
    this.#x = Array.from({ length: this.#span }, () => new Int32Array(0));
    this.#y = Array.from({ length: this.#span }, () => new Int32Array(0));
  }

  /** Before the first tick: of the ticks up to this one nothing is known of anyone but what `adopt` says. */
  begin(tick: number): void {
    if (this.#last >= 0) return;
    this.#last = tick;
    this.#floor = Math.max(0, tick - this.#span + 1);
  }

  /** The first `rows` of both columns, as they are at the end of that tick. */
  record(tick: number, x: Int32Array, y: Int32Array, rows: number): void {
    const at = tick % this.#span;
    if ((this.#x[at] as Int32Array).length < rows) {
      this.#x[at] = new Int32Array(x.length);
      this.#y[at] = new Int32Array(y.length);
    }
    (this.#x[at] as Int32Array).set(x.subarray(0, rows));
    (this.#y[at] as Int32Array).set(y.subarray(0, rows));
    if (this.#last !== tick - 1) this.#floor = tick;
    this.#last = tick;
  }

  /** Where the entity of that row was at the ends of the ticks before the last one, from `sinceTick` on: the newest last. */
  before(row: number, sinceTick: number): { readonly x: number; readonly y: number }[] {
    const places: { x: number; y: number }[] = [];
    for (let tick = Math.max(sinceTick, this.#floor, this.#last - this.#span + 1); tick < this.#last; tick++) {
      const at = tick % this.#span;
      places.push({ x: this.#x[at]?.[row] as number, y: this.#y[at]?.[row] as number });
    }
    return places;
  }

  /**
   * Takes over where an entity was at the ends of the ticks up to the last recorded one, the newest last. Returns the first
   * tick whose end is known of it now; the next one when none is.
   */
  adopt(row: number, places: readonly { readonly x: number; readonly y: number }[]): number {
    let known = this.#last + 1;
    for (let i = places.length - 1; i >= 0; i--) {
      const tick = known - 1;
      if (tick < this.#floor || tick <= this.#last - this.#span) break;
      const at = tick % this.#span;
      this.#x[at] = withRoom(this.#x[at] as Int32Array, row);
      this.#y[at] = withRoom(this.#y[at] as Int32Array, row);
      this.#x[at][row] = places[i]?.x as number;
      this.#y[at][row] = places[i]?.y as number;
      known = tick;
    }
    return known;
  }

  /** The earliest tick that can be played again of an entity whose past is settled up to the end of `sealedTick`. */
  earliest(sealedTick: number): number {
    return Math.max(this.#floor + 1, sealedTick + 1, this.#last - this.#span + 2);
  }

  /**
   * Plays `fromTick` up to the last recorded tick again, and writes the outcome to `body`. False, changing nothing, when
   * there is nothing to be played again. `fromTick` is not before `earliest`.
   */
  replay(row: number, fromTick: number, body: Body, step: (body: Body) => void): boolean {
    if (fromTick > this.#last) return false;
    const before = (fromTick - 1) % this.#span;
    body.x = this.#x[before]?.[row] as number;
    body.y = this.#y[before]?.[row] as number;
    for (let tick = fromTick; tick <= this.#last; tick++) {
      step(body);
      const at = tick % this.#span;
      (this.#x[at] as Int32Array)[row] = body.x;
      (this.#y[at] as Int32Array)[row] = body.y;
    }
    return true;
  }
}

function withRoom(column: Int32Array, row: number): Int32Array {
  if (row < column.length) return column;
  const larger = new Int32Array((row + 1) * 2);
  larger.set(column);
  return larger;
}
