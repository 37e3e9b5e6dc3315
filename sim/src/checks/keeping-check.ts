import type { Cluster } from '../cluster/cluster.ts';
import type { Player } from '../players/player.ts';
import type { Tally } from '../report/tally.ts';
import type { ZoneStore } from './truth-history.ts';
import { ensure } from './violation.ts';

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where a character stood, and the last tick in which it did. */
interface Stand extends Place {
  untilTick: number;
}

/** What is kept of everyone is at most so old, once everything has been well for that long. */
const KEPT_MS = 5_000;
/** How far others may have pushed somebody in the tick in which they came. */
const PUSHED_MM = 1_000;

/** Characters last: who comes back stands where they were, and what is kept of who plays is up to date. */
export class KeepingCheck {
  readonly #cluster: Cluster;
  readonly #keptTicks: number;
  readonly #tally: Tally;
  readonly #entities = new Map<string, number>();
  /** Where each stood while the owner of the zone had it, as far back as what is kept may be. */
  readonly #stands = new Map<string, Stand[]>();
  /** Where those who come back in this tick may stand. */
  readonly #back = new Map<string, readonly (Place | undefined)[]>();

  constructor(cluster: Cluster, tickHz: number, tally: Tally) {
    this.#cluster = cluster;
    this.#keptTicks = Math.floor((KEPT_MS * tickHz) / 1_000);
    this.#tally = tally;
  }

  /** Another owner has only what is kept. */
  clear(): void {
    this.#entities.clear();
    this.#stands.clear();
    this.#back.clear();
  }

  /** An avatar is being made; the world's rules may still put it elsewhere, and it is put back. */
  made(entity: number, character: string): void {
    const kept = this.#cluster.characters.checkpoint(character);
    const last = this.#stands.get(character)?.at(-1);
    this.#entities.set(character, entity);
    if (kept === undefined && last === undefined) return;
    this.#back.set(character, [last, kept && { x: kept.xMm, y: kept.yMm }]);
  }

  ticked(store: ZoneStore, tick: number): void {
    for (const [character, entity] of this.#entities) {
      const row = store.rowOf(entity);
      if (row === undefined) this.#entities.delete(character);
      else this.#stood(character, store.x[row] as number, store.y[row] as number, tick);
    }
    this.#back.clear();
  }

  /** It stands where the zone last had it, or where it is kept. */
  #came(character: string, x: number, y: number): void {
    const places = this.#back.get(character);
    if (places === undefined) return;
    this.#tally.add('checks: characters that came back');
    const right = places.some((place) => place !== undefined && Math.hypot(place.x - x, place.y - y) <= PUSHED_MM);
    ensure(right, 'who comes back stands where they were', () => {
      const [last, kept] = places.map(say);
      return `${character} stands at (${x}, ${y}) mm; it was at ${last}, and is kept at ${kept}`;
    });
  }

  #stood(character: string, x: number, y: number, tick: number): void {
    this.#came(character, x, y);
    const stands = this.#stands.get(character) ?? [];
    this.#stands.set(character, stands);
    const last = stands.at(-1);
    if (last?.x === x && last.y === y) last.untilTick = tick;
    else stands.push({ x, y, untilTick: tick });
    while ((stands[0] as Stand).untilTick < tick - this.#keptTicks) stands.shift();
  }

  look({ character }: Player, store: ZoneStore, tick: number, calmMs: number): void {
    const entity = this.#entities.get(character);
    const row = entity === undefined ? undefined : store.rowOf(entity);
    if (row === undefined || calmMs < KEPT_MS) return;
    this.#tally.add('checks: checkpoints');
    const kept = this.#cluster.characters.checkpoint(character);
    const right = this.#stands.get(character)?.some(({ x, y }) => x === kept?.xMm && y === kept?.yMm) === true;
    ensure(right, 'what is kept is up to date', () => {
      const it = kept === undefined ? 'nothing' : `(${kept.xMm}, ${kept.yMm}) mm of ${kept.epoch}/${kept.tick}`;
      return `${character} is at (${store.x[row]}, ${store.y[row]}) mm at ${this.#cluster.zone.epoch}/${tick}; kept is ${it}`;
    });
  }
}

function say(place: Place | undefined): string {
  return place === undefined ? 'nowhere' : `(${place.x}, ${place.y}) mm`;
}
