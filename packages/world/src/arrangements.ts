import { type ZoneArrangement, zoneAt, zonesIn, zonesOf, zonesWithin } from '@lifeverse/contracts';
import type { Grid } from './grid.ts';
import type { Neighbours } from './neighbours.ts';
import { RollCall } from './roll-call.ts';

export interface ArrangementsParts {
  readonly zone: number;
  readonly grid: Grid;
  readonly neighbours: Neighbours;
  /** Cells have other zones from now on. */
  adopted(arrangement: ZoneArrangement): void;
  /** Tells the zone that has all cells of this one who went elsewhere. */
  bequeath(other: number): void;
  /** Nobody stands here in a cell of another zone. */
  isClear(): boolean;
  /** Who comes from other zones is taken (WO59). */
  isReady(nowMs: number): boolean;
}

/**
 * How a zone comes from one arrangement to the next while it is played in (WO60, WO61): who gets cells takes the new one at
 * once and tells nothing of them yet; who gives cells away waits for that, hands everybody over, falls silent about them and says so;
 * then the new zone speaks.
 */
export class Arrangements {
  readonly #parts: ArrangementsParts;
  #current: ZoneArrangement;
  #next: ZoneArrangement | null = null;
  /** By zone: the generation that it has come to. */
  readonly #theirs = new Map<number, number>();
  /** Those who know which one this zone has come to. */
  readonly #told = new Set<number>();
  /** Those who have cells from here. */
  #cedesTo: readonly number[] = [];
  #ceded = true;
  /** Those from whom this zone has cells, and who may still tell of them. */
  #awaited: RollCall;
  #isComplete = false;

  constructor(parts: ArrangementsParts, first: ZoneArrangement) {
    this.#parts = parts;
    this.#current = first;
    this.#awaited = this.#take(first);
  }

  /** The generation that this zone has come to; null while something is left to be done here. */
  get settled(): number | null {
    return this.#next === null && this.#ceded && this.#isComplete ? this.#current.generation : null;
  }

  get current(): ZoneArrangement {
    return this.#current;
  }

  /** The one that is to be taken, or that was. */
  get latest(): ZoneArrangement {
    return this.#next ?? this.#current;
  }

  /** An arrangement of a later generation is taken once it can be; any other is known. */
  told(arrangement: ZoneArrangement): void {
    if (arrangement.generation <= this.latest.generation) return;
    this.#next = arrangement;
    const { zone, neighbours } = this.#parts;
    for (const other of zonesOf(arrangement)) if (other !== zone) neighbours.greet(other);
  }

  /** Before a tick. */
  begin(nowMs: number): void {
    const next = this.#next;
    if (next === null) return;
    const { zone, neighbours } = this.#parts;
    const gaining = zonesWithin(next.zones, this.#current.zones, zone);
    const isExpected = (other: number): boolean =>
      neighbours.hears(other, nowMs) && (this.#theirs.get(other) ?? 0) >= next.generation;
    if (!gaining.every(isExpected)) return;
    this.#next = null;
    this.#current = next;
    this.#awaited = this.#take(next);
    this.#parts.adopted(next);
    this.#told.clear();
  }

  #take(arrangement: ZoneArrangement): RollCall {
    const { zone } = this.#parts;
    const { zones, former } = arrangement;
    this.#cedesTo = former === null ? [] : zonesWithin(zones, former, zone);
    this.#ceded = this.#cedesTo.length === 0;
    const from = former === null ? [] : zonesWithin(former, zones, zone);
    this.#isComplete = from.length === 0;
    this.#silence();
    return new RollCall(from);
  }

  /** What is not told: cells of others, and those of which somebody else may still tell. */
  #silence(): void {
    const { grid, zone } = this.#parts;
    const { zones, former } = this.#current;
    const isOwn = (x: number, y: number): boolean => zoneAt(zones, x, y) === zone;
    const had = this.#isComplete || former === null ? isOwn : (x: number, y: number) => zoneAt(former, x, y) === zone;
    grid.silence((x, y) => !isOwn(x, y) || !had(x, y));
  }

  /** Another zone says which generation it has come to. */
  arranged(other: number, generation: number): void {
    this.#theirs.set(other, Math.max(generation, this.#theirs.get(other) ?? 0));
  }

  /** Another zone has handed over all whom it had in cells of this one. */
  ceded(other: number, generation: number): void {
    if (generation >= this.#current.generation) this.#awaited.answered(other);
  }

  /** A zone has another owner, who has heard nothing of what was said before. */
  met(other: number): void {
    this.#told.delete(other);
    if (this.#ceded && this.#cedesTo.includes(other)) this.#sayCeded(other);
  }

  /** When who comes in this tick has come: the zone speaks of its cells as soon as it alone has them. */
  heard(nowMs: number): void {
    if (this.#isComplete || !this.#awaited.isOver(nowMs)) return;
    this.#isComplete = true;
    this.#silence();
  }

  /** After who leaves in this tick has left. */
  end(nowMs: number): void {
    if (!this.#parts.isReady(nowMs)) return;
    for (const other of zonesOf(this.#current)) this.#sayArranged(other);
    if (this.#ceded || !this.#parts.isClear()) return;
    this.#ceded = true;
    const hasNone = !zonesIn(this.#current.zones).includes(this.#parts.zone);
    for (const other of this.#cedesTo) {
      if (hasNone) this.#parts.bequeath(other);
      this.#sayCeded(other);
    }
  }

  #sayArranged(other: number): void {
    const { neighbours, zone } = this.#parts;
    if (other === zone || this.#told.has(other)) return;
    this.#told.add(other);
    neighbours.say(other, { note: 'arranged', generation: this.#current.generation }, false);
  }

  #sayCeded(other: number): void {
    this.#parts.neighbours.say(other, { note: 'ceded', generation: this.#current.generation }, false);
  }
}
