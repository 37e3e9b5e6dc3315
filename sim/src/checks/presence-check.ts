import { deadlines } from '@lifeverse/gateway/core';
import { LINGER_MS } from '@lifeverse/world';
import type { Cluster } from '../cluster/cluster.ts';
import type { Player } from '../players/player.ts';
import type { Tally } from '../report/tally.ts';
import type { InputBook } from './input-book.ts';
import type { ZoneStore } from './truth-history.ts';
import { ensure, Violation } from './violation.ts';

/** How long coming back, leaving and everything that an input sets off may take while nothing goes wrong. */
const SETTLED_MS = 2_500;
const APPLIED_MS = 1_000;
/** How long an avatar may stand without its player: a gateway that was not told finds out late, and the zone looks seldom. */
const STANDS_MS = LINGER_MS + deadlines.idleMs + 5_000;

/** Who is in the world: one entity for a character, everyone who plays, nobody who has left. */
export class PresenceCheck {
  readonly #cluster: Cluster;
  readonly #book: InputBook;
  readonly #tally: Tally;
  readonly #entities = new Map<string, number>();
  #ownedMs = 0;

  constructor(cluster: Cluster, book: InputBook, tally: Tally) {
    this.#cluster = cluster;
    this.#book = book;
    this.#tally = tally;
  }

  /** Another zone begins with nobody; a gateway may bring it players that are away already. */
  clear(nowMs: number): void {
    this.#ownedMs = nowMs;
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
    const incarnation = this.#cluster.desk.incarnationOf(character);
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
    // A line or a gateway that died took the word of it along: then the avatar stands as if the line had been lost.
    const { leftOn } = player;
    const told = leftOn?.closedWith === 'session_left' && this.#cluster.gateway(leftOn.gateway.name) === leftOn.gateway;
    ensure(leftMs === null || !told || !settled(leftMs), 'nobody stays behind', () => {
      return `${character} has left, and its entity ${store.id[row]} stands there still`;
    });
    if (!settled(absentMs)) return;
    // The rules may push it; of its own it does not move.
    ensure((store.held[row] ?? null) === null, 'who is away stands still', () => {
      return `${character} is away, and its entity ${store.id[row]} goes on with ${JSON.stringify(store.held[row])}`;
    });
    // Who is on the way back has an avatar again before it knows.
    if (seekingMs !== null) return;
    const forMs = nowMs - Math.max(absentMs ?? nowMs, this.#ownedMs);
    ensure(forMs < STANDS_MS, 'nobody stays behind', () => {
      return `${character} has been away for ${Math.round(forMs / 1_000)} s, and its entity ${store.id[row]} stands there still`;
    });
  }
}
