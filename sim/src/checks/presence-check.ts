import { deadlines } from '@lifeverse/gateway/core';
import { LINGER_MS } from '@lifeverse/world';
import type { Cluster } from '../cluster/cluster.ts';
import type { Player } from '../players/player.ts';
import type { Tally } from '../report/tally.ts';
import type { InputBook } from './input-book.ts';
import type { Standing, Standings } from './standings.ts';
import { ensure, Violation } from './violation.ts';

/** How long coming back, leaving and everything that an input sets off may take while nothing goes wrong. */
const SETTLED_MS = 2_500;
const APPLIED_MS = 1_000;
/** How long an avatar may stand without its player: a gateway that was not told finds out late, and the zone looks seldom. */
const STANDS_MS = LINGER_MS + deadlines.idleMs + 5_000;

/** On the way from zone to zone nobody is longer than this, while nothing goes wrong. */
const ON_THE_WAY_MS = 250;

/** Who is in the world: everyone who plays, nobody who has left, and whoever goes from zone to zone gets there. */
export class PresenceCheck {
  readonly #cluster: Cluster;
  readonly #book: InputBook;
  readonly #tally: Tally;
  readonly #standings: Standings;
  readonly #ownedMs = new Map<number, number>();

  constructor(cluster: Cluster, book: InputBook, standings: Standings, tally: Tally) {
    this.#cluster = cluster;
    this.#book = book;
    this.#standings = standings;
    this.#tally = tally;
  }

  /** Another zone begins with nobody; a gateway may bring it players that are away already. */
  owned(zone: number, nowMs: number): void {
    this.#ownedMs.set(zone, nowMs);
  }

  /** While nothing has gone wrong for a while. */
  look(player: Player, standing: Standing | undefined, calmSinceMs: number, nowMs: number): void {
    this.#tally.add('checks: players looked at');
    if (player.playing) this.#playing(player, standing, nowMs);
    else this.#absent(player, standing, calmSinceMs, nowMs);
  }

  /** Nobody who goes from zone to zone is lost on the way. */
  everybodyArrives(calmSinceMs: number, nowMs: number): void {
    for (const { traveller, from, to, saidMs } of this.#standings.allOnTheWay()) {
      const { id, kind, avatar } = traveller;
      // An avatar may have been called back meanwhile, or taken out by its player: that is looked at with the player.
      if (avatar !== null || nowMs - Math.max(saidMs, calmSinceMs) < SETTLED_MS) continue;
      throw new Violation(
        'no entity lost between zones',
        `${kind} ${id} left zone ${from.zone} for zone ${to} ${Math.round(nowMs - saidMs)} ms ago, and is in none`,
      );
    }
  }

  #playing(player: Player, standing: Standing | undefined, nowMs: number): void {
    if (nowMs - (player.joinedMs ?? nowMs) < APPLIED_MS) return;
    const { character, log, core } = player;
    const entity = this.#standings.entityOf(player);
    const onTheWay = this.#standings.onTheWay(entity);
    const inWorld = standing !== undefined || (onTheWay !== undefined && nowMs - onTheWay.saidMs < ON_THE_WAY_MS);
    const incarnation = this.#cluster.desk.incarnationOf(character);
    const believed = core.session?.welcome;
    const right = inWorld && believed?.entity === entity && believed?.incarnation === incarnation;
    ensure(right, 'who plays is in the world', () => {
      const is = !inWorld ? 'is not in the world' : `is entity ${entity} in incarnation ${incarnation}`;
      return `${character} ${is} and takes itself for entity ${believed?.entity} in ${believed?.incarnation}`;
    });
    const due = log.lastBefore(nowMs - APPLIED_MS);
    const applied = this.#book.page(player)?.applied ?? 0;
    ensure(applied >= due, 'no input twice, none skipped', () => {
      return `${character}/${incarnation}: input ${due} is not applied after ${APPLIED_MS} ms, the last one that is is ${applied}`;
    });
  }

  #absent(player: Player, standing: Standing | undefined, calmSinceMs: number, nowMs: number): void {
    const settled = (sinceMs: number | null): boolean =>
      sinceMs !== null && nowMs - Math.max(sinceMs, calmSinceMs) > SETTLED_MS;
    const { character, seekingMs, leftMs, absentMs } = player;
    if (settled(seekingMs)) {
      throw new Violation(
        'who plays is in the world',
        `${character} has been trying to join for ${Math.round(nowMs - (seekingMs ?? 0))} ms`,
      );
    }
    if (standing === undefined) return;
    const { store, row, zone } = standing;
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
    const forMs = nowMs - Math.max(absentMs ?? nowMs, this.#ownedMs.get(zone.zone) ?? 0);
    ensure(forMs < STANDS_MS, 'nobody stays behind', () => {
      return `${character} has been away for ${Math.round(forMs / 1_000)} s, and its entity ${store.id[row]} stands there still`;
    });
  }
}
