import { LINGER_MS } from '@lifeverse/world';
import type { Desk } from '../cluster/desk.ts';
import type { Player } from '../players/player.ts';
import type { Tally } from '../report/tally.ts';
import type { InputBook } from './input-book.ts';
import type { ZoneStore } from './truth-history.ts';
import { ensure, Violation } from './violation.ts';

/** How long coming back, leaving and everything that an input sets off may take while nothing goes wrong. */
const SETTLED_MS = 2_500;
const APPLIED_MS = 1_000;
/** A reader's lease and the next look. */
const SPARE_MS = 5_000;

/** Who is in the world: one entity for a character, everyone who plays, nobody who has left. */
export class PresenceCheck {
  readonly #desk: Desk;
  readonly #book: InputBook;
  readonly #tally: Tally;
  readonly #entities = new Map<string, number>();

  constructor(desk: Desk, book: InputBook, tally: Tally) {
    this.#desk = desk;
    this.#book = book;
    this.#tally = tally;
  }

  clear(): void {
    this.#entities.clear();
  }

  entityOf(player: Player): number | undefined {
    return this.#entities.get(player.character);
  }

  /** An avatar was made for this character. */
  made(entity: number, character: string, store: ZoneStore): void {
    const known = this.#entities.get(character);
    ensure(known === undefined || store.rowOf(known) === undefined, 'one entity for a character', () => {
      return `${character} is entity ${known} and, at the same time, entity ${entity}`;
    });
    this.#entities.set(character, entity);
  }

  /** While nothing has gone wrong for a while. */
  look(player: Player, store: ZoneStore, calmSinceMs: number, nowMs: number): void {
    this.#tally.add('checks: players looked at');
    const entity = this.#entities.get(player.character);
    const row = entity === undefined ? undefined : store.rowOf(entity);
    if (player.playing) this.#playing(player, row, nowMs);
    else this.#absent(player, store, row, calmSinceMs, nowMs);
  }

  #playing(player: Player, row: number | undefined, nowMs: number): void {
    if (nowMs - (player.joinedMs ?? nowMs) < APPLIED_MS) return;
    const { character, log, core } = player;
    const entity = this.#entities.get(character);
    const incarnation = this.#desk.incarnationOf(character);
    const believed = core.session?.welcome;
    const right = row !== undefined && believed?.entity === entity && believed?.incarnation === incarnation;
    ensure(right, 'who plays is in the world', () => {
      const is = row === undefined ? 'is not in the world' : `is entity ${entity} in incarnation ${incarnation}`;
      return `${character} ${is} and takes itself for entity ${believed?.entity} in ${believed?.incarnation}`;
    });
    const due = log.lastBefore(nowMs - APPLIED_MS);
    const applied = this.#book.page(player)?.applied ?? 0;
    ensure(applied >= due, 'no input twice, none skipped', () => {
      return `${character}/${incarnation}: input ${due} is not applied after ${APPLIED_MS} ms, the last one that is is ${applied}`;
    });
  }

  #absent(player: Player, store: ZoneStore, row: number | undefined, calmSinceMs: number, nowMs: number): void {
    const settled = (sinceMs: number | null): boolean =>
      sinceMs !== null && nowMs - Math.max(sinceMs, calmSinceMs) > SETTLED_MS;
    const { character, seekingMs, leftMs, absentMs } = player;
    if (settled(seekingMs)) {
      throw new Violation(
        'who plays is in the world',
        `${character} has been trying to join for ${Math.round(nowMs - (seekingMs ?? 0))} ms`,
      );
    }
    if (row === undefined) return;
    ensure(leftMs === null || !settled(leftMs), 'nobody stays behind', () => {
      return `${character} has left, and its entity ${store.id[row]} stands there still`;
    });
    if (!settled(absentMs)) return;
    ensure(store.vx[row] === 0 && store.vy[row] === 0, 'who is away stands still', () => {
      return `${character} is away, and its entity ${store.id[row]} moves by (${store.vx[row]}, ${store.vy[row]}) mm a tick`;
    });
    const forMs = nowMs - (absentMs ?? nowMs);
    ensure(forMs < LINGER_MS + SPARE_MS, 'nobody stays behind', () => {
      return `${character} has been away for ${Math.round(forMs / 1_000)} s, and its entity ${store.id[row]} stands there still`;
    });
  }
}
