import type { ErrorCode } from '@lifeverse/protocol';
import type { Cluster, ZoneObserver } from '../cluster/cluster.ts';
import type { ZoneProcess } from '../cluster/zone-process.ts';
import type { Weather } from '../faults/weather.ts';
import type { Player } from '../players/player.ts';
import type { RunHash } from '../report/run-hash.ts';
import type { Tally } from '../report/tally.ts';
import type { Timeline } from '../time/timeline.ts';
import type { Stage } from '../worlds/stage.ts';
import { clockCheck } from './clock-check.ts';
import { InputBook } from './input-book.ts';
import { KeepingCheck } from './keeping-check.ts';
import { PredictionCheck } from './prediction-check.ts';
import { PresenceCheck } from './presence-check.ts';
import { ReplicaCheck } from './replica-check.ts';
import { SpeechCheck } from './speech-check.ts';
import { TruthHistory } from './truth-history.ts';
import { Violation } from './violation.ts';
import { wireCheck } from './wire-check.ts';

export interface CheckedRun {
  readonly stage: Stage;
  readonly cluster: Cluster;
  readonly players: readonly Player[];
  readonly weather: Weather;
  readonly timeline: Timeline;
  readonly tally: Tally;
  readonly hash: RunHash;
}

/** After so long without trouble everything has to have come right. */
const SETTLED_MS = 3_000;
/** Something besides their step may have moved avatars before: they are watched from here on. */
const WATCHED_MS = 1_500;
/** Players looked at closely in a tick; everyone's turn comes every few seconds. */
const PLAYERS_PER_TICK = 4;

/** Codes with which a player may lose its connection through no fault of its own. */
const excusable: ReadonlySet<ErrorCode> = new Set([
  'zone_unreachable',
  'server_stopping',
  'session_unknown',
  'too_slow',
  'idle_timeout',
  'join_timeout',
  'character_unreachable',
  'character_frozen',
]);

const ofPlayer = /^\d+ \d+ \d+$/;

/** Looks at everything after each tick; throws a Violation when something does not hold that always must. */
export class Checker implements ZoneObserver {
  readonly #run: CheckedRun;
  readonly #history = new TruthHistory();
  readonly #book: InputBook;
  readonly #replicas: ReplicaCheck;
  readonly #predictions: PredictionCheck;
  readonly #presence: PresenceCheck;
  readonly #speech: SpeechCheck;
  readonly #keeping: KeepingCheck;
  #cursor = 0;

  constructor(run: CheckedRun) {
    const { stage, tally, players, cluster } = run;
    this.#run = run;
    this.#book = new InputBook(
      players,
      stage.world.layout,
      () => run.weather.calmForMs(run.timeline.nowMs()) > 0,
      tally,
    );
    this.#replicas = new ReplicaCheck(this.#history, stage.world.layout, tally);
    this.#predictions = new PredictionCheck(stage.world, tally);
    this.#presence = new PresenceCheck(cluster, this.#book, tally);
    this.#speech = new SpeechCheck(players, tally);
    this.#keeping = new KeepingCheck(cluster, stage.world.layout.tickHz, tally);
  }

  owned(): void {
    this.#presence.clear(this.#run.timeline.nowMs());
    for (const part of [this.#history, this.#book, this.#predictions, this.#speech, this.#keeping]) part.clear();
  }

  uplink(bytes: Uint8Array): void {
    this.#book.uplink(bytes);
  }

  bundle(gateway: string, bytes: Uint8Array): void {
    this.#book.bundle(gateway, bytes);
  }

  fault(where: string, error: unknown): void {
    if (error instanceof Violation) throw error;
    throw new Violation('nothing crashes', `the rules threw in ${where}: ${String(error)}`);
  }

  made(zone: ZoneProcess, entity: number, character: string): void {
    this.#presence.made(entity, character, zone.core.store);
    this.#keeping.made(entity, character);
  }

  said(entity: number, text: string): void {
    this.#speech.said(entity, text);
  }

  muted(player: Player, entity: number): void {
    this.#speech.muted(player, entity, this.#run.timeline.nowMs());
  }

  heard(player: Player, event: string, from: number, values: Record<string, unknown>): void {
    // A world's own people speak too, and may say the same thing twice.
    if (event !== 'speech' || !ofPlayer.test(String(values.text))) return;
    const nowMs = this.#run.timeline.nowMs();
    this.#speech.heard(player, from, String(values.text), nowMs, this.#run.weather.calmForMs(nowMs));
  }

  closed(player: Player, code: ErrorCode): void {
    if (excusable.has(code)) return;
    throw new Violation('no protocol error', `${player.character} was closed with ${code}`);
  }

  ticked(zone: ZoneProcess, tick: number): void {
    const { timeline, weather, players, cluster, tally } = this.#run;
    const { store } = zone.core;
    const nowMs = timeline.nowMs();
    const calmMs = weather.calmForMs(nowMs);
    tally.add('ticks');
    this.#history.record(store, tick);
    this.#hash(zone, tick);
    this.#book.ticked(store, tick);
    this.#keeping.ticked(store, tick);
    wireCheck(cluster, players);
    if (calmMs > WATCHED_MS) this.#follow(zone, tick);
    else this.#predictions.clear();
    this.#listen(zone, tick, calmMs > SETTLED_MS);
    if (calmMs > SETTLED_MS) {
      for (let i = 0; i < PLAYERS_PER_TICK; i++)
        this.#look(players[this.#cursor++ % players.length], zone, tick, calmMs);
    }
  }

  #hash({ core: { store } }: ZoneProcess, tick: number): void {
    const { hash } = this.#run;
    hash.number(tick);
    for (const column of [store.id, store.x, store.y]) {
      hash.bytes(new Uint8Array(column.buffer, 0, store.end * column.BYTES_PER_ELEMENT));
    }
  }

  #follow({ core: { store } }: ZoneProcess, tick: number): void {
    for (const player of this.#run.players) {
      const entity = this.#presence.entityOf(player);
      if (entity !== undefined) this.#predictions.follow(entity, store, tick);
    }
    this.#predictions.ticked(store, tick);
  }

  #listen({ core: { store } }: ZoneProcess, tick: number, calm: boolean): void {
    const snapshot = this.#history.at(tick);
    if (snapshot === undefined) return;
    this.#speech.ticked(snapshot, (id) => store.rowOf(id), this.#listeners(), calm);
  }

  *#listeners(): Generator<{ player: Player; entity: number; audiences: { mask: number; sinceTick: number } }> {
    const nowMs = this.#run.timeline.nowMs();
    for (const player of this.#run.players) {
      const page = this.#book.page(player);
      const entity = this.#presence.entityOf(player);
      if (page === undefined || entity === undefined || nowMs - (player.joinedMs ?? nowMs) < WATCHED_MS) continue;
      yield { player, entity, audiences: page.audiences };
    }
  }

  /** Everything about one player. */
  #look(player: Player, zone: ZoneProcess, tick: number, calmMs: number): void {
    const { timeline, tally } = this.#run;
    const { store } = zone.core;
    const nowMs = timeline.nowMs();
    this.#presence.look(player, store, nowMs - calmMs, nowMs);
    this.#keeping.look(player, store, tick, calmMs);
    const page = this.#book.page(player);
    const entity = this.#presence.entityOf(player);
    if (!player.playing || page === undefined || entity === undefined) return;
    if (nowMs - (player.joinedMs ?? nowMs) < WATCHED_MS) return;
    this.#replicas.compare(player, store, page.audiences);
    this.#predictions.forecast(player, entity, store, nowMs, tick);
    clockCheck(player, calmMs, nowMs, tally);
  }
}
