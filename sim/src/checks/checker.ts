import type { ZoneTree } from '@lifeverse/contracts';
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
import { CrossingCheck } from './crossing-check.ts';
import { InputBook } from './input-book.ts';
import { KeepingCheck } from './keeping-check.ts';
import { PredictionCheck } from './prediction-check.ts';
import { PresenceCheck } from './presence-check.ts';
import { ReplicaCheck } from './replica-check.ts';
import { SpeechCheck } from './speech-check.ts';
import { Standings } from './standings.ts';
import { TruthHistories } from './truth-histories.ts';
import { Violation } from './violation.ts';
import { wireCheck } from './wire-check.ts';

export interface CheckedRun {
  readonly stage: Stage;
  readonly zones: ZoneTree;
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
  readonly #histories: TruthHistories;
  readonly #standings: Standings;
  readonly #book: InputBook;
  readonly #replicas: ReplicaCheck;
  readonly #predictions: PredictionCheck;
  readonly #presence: PresenceCheck;
  readonly #crossings: CrossingCheck;
  readonly #speech: SpeechCheck;
  readonly #keeping: KeepingCheck;
  #cursor = 0;
  /** The last tick that all zones had ended. */
  #ended = 0;

  constructor(run: CheckedRun) {
    const { stage, tally, players, cluster, zones } = run;
    const { layout } = stage.world;
    this.#run = run;
    this.#histories = new TruthHistories(cluster);
    this.#standings = new Standings(cluster);
    this.#book = new InputBook(players, layout, () => run.weather.calmForMs(run.timeline.nowMs()) > 0, tally);
    const histories = this.#histories;
    const standings = this.#standings;
    this.#replicas = new ReplicaCheck({ cluster, zones, histories, standings, tally });
    this.#predictions = new PredictionCheck(stage.world, tally);
    this.#presence = new PresenceCheck(cluster, this.#book, this.#standings, tally);
    this.#crossings = new CrossingCheck(stage.world, tally);
    this.#speech = new SpeechCheck(players, tally);
    this.#keeping = new KeepingCheck(cluster, stage.world, tally);
  }

  owned(zone: ZoneProcess): void {
    this.#presence.owned(zone.zone, this.#run.timeline.nowMs());
    this.#histories.of(zone).clear();
    this.#predictions.clear();
    const begun = this.#standings.owned(zone);
    for (const part of [this.#book, this.#speech, this.#keeping]) part.clear(begun);
  }

  uplink(_zone: ZoneProcess, bytes: Uint8Array): void {
    this.#book.uplink(bytes);
  }

  bundle(_zone: ZoneProcess, gateway: string, bytes: Uint8Array): void {
    this.#book.bundle(gateway, bytes);
  }

  neighbour(zone: ZoneProcess, to: number, bytes: Uint8Array): void {
    this.#standings.said(zone, to, bytes, this.#run.timeline.nowMs());
  }

  fault(where: string, error: unknown): void {
    if (error instanceof Violation) throw error;
    throw new Violation('nothing crashes', `the rules threw in ${where}: ${String(error)}`);
  }

  made(_zone: ZoneProcess, entity: number, character: string): void {
    const lost = this.#standings.made(entity, character);
    // Its inputs went with it: this one has those of another connection.
    if (lost !== null) for (const part of [this.#book, this.#speech]) part.clear((name) => name === character);
    this.#keeping.made(entity, character, lost === 'lost' ? null : lost);
  }

  said(_zone: ZoneProcess, entity: number, text: string): void {
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

  /** After a tick of one zone; what concerns all zones waits for the last of them. */
  ticked(zone: ZoneProcess, tick: number): void {
    const { tally } = this.#run;
    const { store } = zone.core;
    tally.add('ticks');
    this.#histories.of(zone).record(store, tick);
    this.#hash(zone, tick);
    this.#crossings.watch(zone);
    const came = this.#standings.ticked(zone);
    for (const one of came) {
      const { avatar } = one.traveller;
      if (avatar !== null) this.#keeping.came(one, avatar.character, zone.zone);
    }
    this.#crossings.ticked(zone, tick, came);
    this.#book.ticked(store, tick);
    this.#keeping.ticked(zone, tick);
    this.#speech.zoneTicked(tick);
    const { ended } = this.#histories;
    if (ended <= this.#ended) return;
    this.#ended = ended;
    this.#allTicked(ended);
  }

  #allTicked(tick: number): void {
    const { timeline, weather, players, cluster } = this.#run;
    const nowMs = timeline.nowMs();
    const calmMs = weather.calmForMs(nowMs);
    wireCheck(cluster, players);
    if (calmMs > WATCHED_MS) this.#follow(tick);
    else this.#predictions.clear();
    const settled = calmMs > SETTLED_MS;
    this.#speech.ticked(tick, { standings: this.#standings, histories: this.#histories }, this.#listeners(), settled);
    if (!settled) return;
    this.#presence.everybodyArrives(nowMs - calmMs, nowMs);
    for (let i = 0; i < PLAYERS_PER_TICK; i++) this.#look(players[this.#cursor++ % players.length], tick, calmMs);
  }

  #hash({ core: { store } }: ZoneProcess, tick: number): void {
    const { hash } = this.#run;
    hash.number(tick);
    for (const column of [store.id, store.x, store.y]) {
      hash.bytes(new Uint8Array(column.buffer, 0, store.end * column.BYTES_PER_ELEMENT));
    }
  }

  #follow(tick: number): void {
    for (const player of this.#run.players) {
      const entity = this.#standings.entityOf(player);
      const standing = this.#standings.find(entity);
      if (entity !== undefined && standing !== undefined) this.#predictions.follow(entity, standing, tick);
    }
    this.#predictions.ticked(this.#standings, tick);
  }

  *#listeners(): Generator<{ player: Player; entity: number; audiences: { mask: number; sinceTick: number } }> {
    const nowMs = this.#run.timeline.nowMs();
    for (const player of this.#run.players) {
      const page = this.#book.page(player);
      const entity = this.#standings.entityOf(player);
      if (page === undefined || entity === undefined || nowMs - (player.joinedMs ?? nowMs) < WATCHED_MS) continue;
      yield { player, entity, audiences: page.audiences };
    }
  }

  /** Everything about one player. */
  #look(player: Player, tick: number, calmMs: number): void {
    const { timeline, tally } = this.#run;
    const nowMs = timeline.nowMs();
    const standing = this.#standings.of(player);
    this.#presence.look(player, standing, nowMs - calmMs, nowMs);
    this.#keeping.look(player, standing, tick, calmMs, nowMs);
    const page = this.#book.page(player);
    const entity = this.#standings.entityOf(player);
    if (!player.playing || page === undefined || entity === undefined || standing === undefined) return;
    if (nowMs - (player.joinedMs ?? nowMs) < WATCHED_MS) return;
    this.#replicas.compare(player, standing, page.audiences);
    this.#predictions.forecast(player, entity, standing, nowMs, tick);
    clockCheck(player, calmMs, nowMs, tally);
  }
}
