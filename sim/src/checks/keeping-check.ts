import type { World } from '@lifeverse/definition';
import { NORMAL_RATE } from '@lifeverse/world';
import type { Traveller } from '@lifeverse/world/between-zones';
import type { Cluster } from '../cluster/cluster.ts';
import type { ZoneProcess } from '../cluster/zone-process.ts';
import type { Player } from '../players/player.ts';
import type { Tally } from '../report/tally.ts';
import type { OnTheWay, Standing } from './standings.ts';
import { ensure } from './violation.ts';
import { placeOnTheWay, wayTicks } from './way.ts';

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where a character stood, in which zone, and the last tick in which it did. */
interface Stand extends Place {
  readonly zone: number;
  untilTick: number;
}

/** What is kept of everyone is at most so old, once everything has been well for that long. */
const KEPT_MS = 5_000;
/** What the backend is told of who is here is known to it by then. */
const TOLD_MS = 4_500;
/** How far others may have pushed somebody in the tick in which they came. */
const PUSHED_MM = 1_000;

/** Characters last: who comes back stands where they were, and what is kept of who plays is up to date. */
export class KeepingCheck {
  readonly #cluster: Pick<Cluster, 'characters'>;
  readonly #world: World;
  readonly #keptTicks: number;
  readonly #tally: Tally;
  readonly #entities = new Map<string, number>();
  /** Where each stood while the owner of a zone had it, as far back as what is kept may be. */
  readonly #stands = new Map<string, Stand[]>();
  /** Where those who come back in this tick may stand. */
  readonly #back = new Map<string, readonly (Place | undefined)[]>();

  constructor(cluster: Pick<Cluster, 'characters'>, world: World, tally: Tally) {
    this.#cluster = cluster;
    this.#world = world;
    this.#keptTicks = Math.floor((KEPT_MS * world.layout.tickHz) / 1_000);
    this.#tally = tally;
  }

  /** Another owner has only what is kept; `of`: of whom. */
  clear(of: (character: string) => boolean): void {
    for (const all of [this.#entities, this.#stands, this.#back])
      for (const character of all.keys()) if (of(character)) all.delete(character);
  }

  /**
   * An avatar is being made; the world's rules may still put it elsewhere, and it is put back. `onTheWay`: the one before was
   * last seen on its way to another zone. It may have come there, and left in the same tick.
   */
  made(entity: number, character: string, onTheWay: Traveller | null): void {
    const kept = this.#cluster.characters.checkpoint(character);
    const last = this.#stands.get(character)?.at(-1);
    this.#entities.set(character, entity);
    this.#back.delete(character);
    if (kept === undefined && last === undefined) return;
    this.#back.set(character, [last, kept && { x: kept.xMm, y: kept.yMm }, ...this.#ways(onTheWay)]);
  }

  #ways(traveller: Traveller | null): Place[] {
    if (traveller === null) return [];
    const ticks = Array.from({ length: wayTicks(this.#world) + 1 }, (_, i) => i);
    return ticks.map((each) => placeOnTheWay(this.#world, traveller, each, NORMAL_RATE));
  }

  /** A character has come from another zone, which keeps it as it comes. */
  came({ traveller: { id, at, tick } }: OnTheWay, character: string, zone: number): void {
    this.#entities.set(character, id);
    this.#stood(character, { x: at.x, y: at.y, zone, untilTick: tick });
  }

  ticked({ zone, core: { store } }: ZoneProcess, tick: number): void {
    for (const [character, entity] of this.#entities) {
      const row = store.rowOf(entity);
      if (row !== undefined) this.#stood(character, { x: store.x[row], y: store.y[row], zone, untilTick: tick });
    }
  }

  /** It stands where the zone last had it, or where it is kept. */
  #came(character: string, x: number, y: number): void {
    const places = this.#back.get(character);
    if (places === undefined) return;
    this.#back.delete(character);
    this.#tally.add('checks: characters that came back');
    const right = places.some((place) => place !== undefined && Math.hypot(place.x - x, place.y - y) <= PUSHED_MM);
    ensure(right, 'who comes back stands where they were', () => {
      const [last, kept] = places.map(say);
      return `${character} stands at (${x}, ${y}) mm; it was at ${last}, and is kept at ${kept}`;
    });
  }

  #stood(character: string, stand: Stand): void {
    const { x, y, zone, untilTick } = stand;
    this.#came(character, x, y);
    const stands = this.#stands.get(character) ?? [];
    this.#stands.set(character, stands);
    const last = stands.at(-1);
    if (last?.x === x && last.y === y && last.zone === zone) last.untilTick = untilTick;
    else stands.push(stand);
    while ((stands[0] as Stand).untilTick < untilTick - this.#keptTicks) stands.shift();
  }

  look(player: Player, standing: Standing | undefined, tick: number, calmMs: number, nowMs: number): void {
    const { characters } = this.#cluster;
    const { character } = player;
    this.#present(player, standing, calmMs, nowMs);
    if (standing === undefined || calmMs < KEPT_MS || this.#entities.get(character) === undefined) return;
    this.#tally.add('checks: checkpoints');
    const { store, row, zone } = standing;
    const kept = characters.checkpoint(character);
    const right = this.#stands
      .get(character)
      ?.some((stand) => stand.x === kept?.xMm && stand.y === kept?.yMm && stand.zone === kept.zone);
    ensure(right === true, 'what is kept is up to date', () => {
      const it =
        kept === undefined ? 'nothing' : `(${kept.xMm}, ${kept.yMm}) mm of ${kept.zone}/${kept.epoch}/${kept.tick}`;
      return `${character} is at (${store.x[row]}, ${store.y[row]}) mm at ${zone.zone}/${zone.epoch}/${tick}; kept is ${it}`;
    });
  }

  /** The backend has those online who play, and nobody who is nowhere. */
  #present(player: Player, standing: Standing | undefined, calmMs: number, nowMs: number): void {
    const { character, playing, seekingMs } = player;
    const forMs = Math.min(calmMs, nowMs - (player.joinedMs ?? player.absentMs ?? nowMs));
    if (forMs < TOLD_MS || seekingMs !== null || playing !== (standing !== undefined)) return;
    this.#tally.add('checks: presence');
    const presence = this.#cluster.characters.presence(character);
    ensure((presence === 'online') === playing, 'the backend knows who is online', () => {
      return `${character} is ${playing ? 'playing' : 'nowhere'}, and the backend has it ${presence}`;
    });
  }
}

function say(place: Place | undefined): string {
  return place === undefined ? 'nowhere' : `(${place.x}, ${place.y}) mm`;
}
