import { type ZoneTree, zoneAt } from '@lifeverse/contracts';
import type { Motion, ReplicaEntity } from '@lifeverse/sync/client';
import { compileView, predictedX, predictedY, type View } from '@lifeverse/sync/common';
import type { Cluster } from '../cluster/cluster.ts';
import type { ZoneProcess } from '../cluster/zone-process.ts';
import type { Player } from '../players/player.ts';
import type { Tally } from '../report/tally.ts';
import type { Standing, Standings } from './standings.ts';
import type { TruthHistories } from './truth-histories.ts';
import type { Snapshot, TruthHistory, ZoneStore } from './truth-history.ts';
import { ensure, Violation } from './violation.ts';

/** A player whose view moved lately may still wait for keyframes. */
const VIEW_SETTLED_TICKS = 20;
/**
 * How long a replica keeps who has left its view: it may await them in another cell for 250 ms, and finds out that they
 * did not come when its device looks next, 250 ms later at most; and the tidings took a while to get there.
 */
const AWAIT_TICKS = 16;
const SPARE_MM = 1;

/** The moment that a client shows, in one zone: so far between two ticks. */
interface Moment {
  readonly tick: number;
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/** One zone's truth as it is held against what a player has: at the last tick that has reached it, and now. */
interface ZoneTruth {
  readonly zone: ZoneProcess;
  readonly store: ZoneStore;
  readonly snapshot: Snapshot;
  readonly latest: Snapshot;
  readonly moment: Moment | null;
}

/** Where a player looks from. */
interface Sight {
  readonly cellX: number;
  readonly cellY: number;
  readonly mask: number;
}

export interface ReplicaParts {
  readonly cluster: Cluster;
  readonly zones: ZoneTree;
  readonly histories: TruthHistories;
  readonly standings: Standings;
  readonly tally: Tally;
}

export interface Audiences {
  readonly mask: number;
  readonly sinceTick: number;
}

/**
 * Compares what a client holds with the truth, at the last tick of which everything has reached it: who is in the
 * cells it sees, where they are, what they wear, and where they are shown.
 */
export class ReplicaCheck {
  readonly #histories: TruthHistories;
  readonly #standings: Standings;
  readonly #cluster: Cluster;
  readonly #zones: ZoneTree;
  readonly #view: View;
  readonly #tally: Tally;
  readonly #mostMm: number;
  readonly #motion: Motion = { x: 0, y: 0, vx: 0, vy: 0 };

  constructor(parts: ReplicaParts) {
    const { layout } = parts.cluster;
    this.#histories = parts.histories;
    this.#standings = parts.standings;
    this.#cluster = parts.cluster;
    this.#zones = parts.zones;
    this.#view = compileView(layout.viewCellsSquared);
    this.#tally = parts.tally;
    this.#mostMm = layout.position.toleranceMm + SPARE_MM;
  }

  /** False when nothing can be said of this player at the moment. */
  compare(player: Player, own: Standing, audiences: Audiences): boolean {
    const { session } = player.core;
    const truth = this.#truthOf(player, own.zone);
    if (session === null || truth === null) return false;
    const { snapshot, store, latest } = truth;
    const { row } = own;
    if (snapshot.id[row] !== session.welcome.entity) return false;
    const settledTick = snapshot.tick - VIEW_SETTLED_TICKS;
    if (snapshot.since[row] > settledTick || audiences.sinceTick > settledTick) return false;
    if (changedSince(store, snapshot, latest, row)) return false;
    const sight: Sight = { cellX: snapshot.cellX[row], cellY: snapshot.cellY[row], mask: audiences.mask };
    for (const zone of this.#cluster.zones) {
      const there = zone === own.zone ? truth : this.#truthOf(player, zone);
      if (there !== null) this.#compareZone(player, sight, there);
      else if (this.#looksInto(sight, zone.zone)) this.#unheard(player, zone.zone);
    }
    for (const entity of player.core.entities.values()) this.#known(player, entity, snapshot.tick, sight);
    this.#tally.add('checks: replicas compared');
    return true;
  }

  /** Null when nothing can be said of that zone and this player. */
  #truthOf(player: Player, zone: ZoneProcess): ZoneTruth | null {
    const history = this.#histories.of(zone);
    const snapshot = history.at(player.socket?.arrivedTick(zone.zone) ?? -1);
    const latest = history.at(history.latest);
    if (snapshot === undefined || latest === undefined) return null;
    return { zone, store: zone.core.store, snapshot, latest, moment: momentShown(player, history, snapshot) };
  }

  #looksInto({ cellX, cellY }: Sight, zone: number): boolean {
    const { size, dx, dy } = this.#view;
    for (let i = 0; i < size; i++) if (zoneAt(this.#zones, cellX + dx[i], cellY + dy[i]) === zone) return true;
    return false;
  }

  #unheard({ character }: Player, zone: number): never {
    throw new Violation(
      'a replica agrees with the truth',
      `${character} looks into zone ${zone}, and has been told nothing of it for seconds`,
    );
  }

  #compareZone(player: Player, sight: Sight, { store, snapshot, latest, moment }: ZoneTruth): void {
    for (let row = 0; row < snapshot.end; row++) {
      if (snapshot.id[row] === 0 || changedSince(store, snapshot, latest, row)) continue;
      if (this.#sees(snapshot, sight, row)) this.#present(player, store, snapshot, latest, row, moment);
    }
  }

  #sees(snapshot: Snapshot, { cellX, cellY, mask }: Sight, row: number): boolean {
    const audience = snapshot.audience[row];
    if (audience !== 0 && (mask & (1 << (audience - 1))) === 0) return false;
    return this.#view.indexAt(snapshot.cellX[row] - cellX, snapshot.cellY[row] - cellY) >= 0;
  }

  #present(
    player: Player,
    store: ZoneStore,
    snapshot: Snapshot,
    latest: Snapshot,
    row: number,
    moment: Moment | null,
  ): void {
    const id = snapshot.id[row];
    const entity = player.core.entities.get(id);
    if (entity === undefined || entity.awaitedSinceMs !== null) {
      throw new Violation(
        'a replica agrees with the truth',
        `${player.character} does not have entity ${id} (in view since tick ${snapshot.since[row]}) at tick ${snapshot.tick}`,
      );
    }
    this.#tally.add('checks: entities compared');
    this.#near(player, entity, snapshot.tick, snapshot.x[row], snapshot.y[row], 'holds');
    this.#agrees(player, entity, snapshot, row);
    if (moment !== null) this.#shown(player, entity, moment, snapshot.since[row], row);
    if (snapshot.tick - snapshot.dressed[row] < 2 || store.changed[row] !== 0) return;
    const same = store.shared.every((column, i) => column[row] === entity.shadow.components[i]);
    ensure(same || latest.dressed[row] !== snapshot.dressed[row], 'a replica agrees with the truth', () => {
      const truth = JSON.stringify(store.shared.map((column) => column[row]));
      return `${player.character} holds ${JSON.stringify(entity.shadow.components)} of entity ${id}, which is ${truth}`;
    });
  }

  /** Sender and receiver believe the same, to the millimetre: neither is nearer to the truth than the other. */
  #agrees(player: Player, { id, shadow }: ReplicaEntity, snapshot: Snapshot, row: number): void {
    const { tick, shadowTick, shadowX, shadowY, shadowVx, shadowVy } = snapshot;
    if (shadow.tick > tick || shadowTick[row] < 0) return;
    const ago = tick - shadowTick[row];
    const x = shadowX[row] + shadowVx[row] * ago;
    const y = shadowY[row] + shadowVy[row] * ago;
    ensure(predictedX(shadow, tick) === x && predictedY(shadow, tick) === y, 'a replica agrees with the truth', () => {
      const held = `(${predictedX(shadow, tick)}, ${predictedY(shadow, tick)})`;
      return `${player.character} believes entity ${id} at ${held} mm at tick ${tick}, its stream believes (${x}, ${y})`;
    });
  }

  #near(player: Player, entity: ReplicaEntity, tick: number, x: number, y: number, verb: string): void {
    const shown = this.#motion;
    entity.track.at(tick, shown);
    const offMm = Math.sqrt((shown.x - x) * (shown.x - x) + (shown.y - y) * (shown.y - y));
    ensure(offMm <= this.#mostMm, 'a replica agrees with the truth', () => {
      const at = `(${Math.round(shown.x)}, ${Math.round(shown.y)}) mm, ${Math.round(offMm)} mm from (${x}, ${y})`;
      return `${player.character} ${verb} entity ${entity.id} at ${at} at tick ${tick.toFixed(2)}`;
    });
  }

  #shown(player: Player, entity: ReplicaEntity, { tick, before, after }: Moment, since: number, row: number): void {
    if (before.id[row] !== entity.id || before.tick < since) return;
    const part = tick - before.tick;
    const x = before.x[row] + (after.x[row] - before.x[row]) * part;
    const y = before.y[row] + (after.y[row] - before.y[row]) * part;
    this.#near(player, entity, tick, x, y, 'shows');
    this.#tally.add('checks: shown positions');
  }

  /** Whoever a client holds is in its view, or was a moment ago. */
  #known(player: Player, entity: ReplicaEntity, tick: number, sight: Sight): void {
    const latelyTick = tick - AWAIT_TICKS;
    const standing = this.#standings.find(entity.id);
    if (standing === undefined) {
      const goneTick = this.#histories.goneAt(entity.id);
      ensure(goneTick !== undefined && goneTick >= latelyTick, 'a replica agrees with the truth', () => {
        return `${player.character} still has entity ${entity.id}, gone since tick ${goneTick}, at tick ${tick}`;
      });
      return;
    }
    const { zone, row } = standing;
    const history = this.#histories.of(zone);
    const latest = history.at(history.latest) as Snapshot;
    // Where it has been for so long it was at the tick that the client has, too.
    if (latest.since[row] >= latelyTick || this.#sees(latest, sight, row)) return;
    const hidden = latest.audience[row] !== 0;
    throw new Violation(
      hidden ? 'who hides is not seen' : 'a replica agrees with the truth',
      `${player.character} has entity ${entity.id}, ${hidden ? 'hidden' : 'out of view'} since tick ${latest.since[row]}, at tick ${tick}`,
    );
  }
}

/** The moment of the world that the client shows; null when it is not one it knows all about. */
function momentShown(player: Player, history: TruthHistory, snapshot: Snapshot): Moment | null {
  const tick = player.core.shownTick(player.localMs);
  const before = history.at(Math.floor(tick));
  const after = history.at(Math.floor(tick) + 1);
  return before === undefined || after === undefined || after.tick > snapshot.tick ? null : { tick, before, after };
}

/** The client may be ahead of the snapshot: who has changed cell or audience since, or is gone, is left out. */
function changedSince(store: ZoneStore, snapshot: Snapshot, latest: Snapshot, row: number): boolean {
  return store.id[row] !== snapshot.id[row] || latest.since[row] !== snapshot.since[row];
}
