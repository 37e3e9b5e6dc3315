import type { Player } from '../players/player.ts';
import type { Tally } from '../report/tally.ts';
import type { Audiences } from './replica-check.ts';
import type { Standing, Standings } from './standings.ts';
import type { TruthHistories } from './truth-histories.ts';
import type { Snapshot } from './truth-history.ts';
import { ensure } from './violation.ts';

/** Heard in the own cell and its eight neighbours. */
const HEARING_SQUARED = 2;
const SETTLED_TICKS = 20;
const HEARD_WITHIN_TICKS = 40;
const KEPT_TICKS = 400;
/** A wish not to hear somebody takes a while to arrive, and longer where a line or a gateway stands still. */
const MUTING_MS = 1_500;

interface Spoken {
  readonly incarnation: number;
  readonly sequence: number;
}

interface Saying {
  readonly text: string;
  readonly tick: number;
  /** Who must have heard it, in which incarnation. */
  readonly listeners: Map<Player, number>;
}

/** Where those who speak and those who hear are. */
export interface Heard {
  readonly standings: Standings;
  readonly histories: TruthHistories;
}

interface Listener {
  readonly player: Player;
  readonly entity: number;
  readonly audiences: Audiences;
}

/** Whoever stands near hears what is said, once; whoever has muted the speaker, or may not see it, does not. */
export class SpeechCheck {
  readonly #tally: Tally;
  /** Of this tick of a zone, and of this tick of all zones. */
  #said: { readonly text: string; readonly entity: number }[] = [];
  #uttered: { readonly text: string; readonly entity: number }[] = [];
  readonly #sayings: Saying[] = [];
  readonly #heard = new Map<string, Set<string>>();
  readonly #order: { readonly text: string; readonly tick: number }[] = [];
  readonly #mutedMs = new Map<string, number>();
  readonly #players: readonly Player[];
  readonly #spoken = new Map<number, Spoken>();
  /** Up to when an owner that is none any more had them: an avatar that it handed over before goes on from there. */
  readonly #before = new Map<number, Spoken>();

  constructor(players: readonly Player[], tally: Tally) {
    this.#players = players;
    this.#tally = tally;
  }

  /** Another owner does not know what was said to the former one, and is told again what that did not answer. */
  clear(of: (character: string) => boolean): void {
    for (const { index, character } of this.#players) {
      const spoken = this.#spoken.get(index);
      if (spoken === undefined || !of(character)) continue;
      this.#before.set(index, spoken);
      this.#spoken.delete(index);
    }
    this.#uttered = [];
    this.#sayings.length = 0;
  }

  /** A say was carried out; its text is "player incarnation sequence". */
  said(entity: number, text: string): void {
    this.#said.push({ text, entity });
  }

  /** After a tick of a zone, which has said by now what it refused. */
  zoneTicked(tick: number): void {
    for (const said of this.#said.splice(0)) {
      this.#follows(said.text);
      this.#order.push({ text: said.text, tick });
      this.#uttered.push(said);
    }
  }

  /** Nothing is said twice, and nothing left out that was not refused. */
  #follows(text: string): void {
    const [index, incarnation, sequence] = text.split(' ').map(Number);
    const { character, log } = this.#players[index];
    const spoken = this.#spoken.get(index);
    const last = spoken?.incarnation === incarnation ? spoken.sequence : 0;
    const rises = spoken === undefined || incarnation >= spoken.incarnation;
    const due = log.incarnation === incarnation ? log.before(sequence, 'say') : last;
    const follows = rises && sequence > last && due <= last;
    ensure(follows || this.#goesOn(index, incarnation, sequence), 'no input twice, none skipped', () => {
      return `${character}/${incarnation} said input ${sequence} after ${last}, and ${due} was due before it`;
    });
    this.#spoken.set(index, { incarnation, sequence });
  }

  /** Handed over by an owner that was none any more: nobody has heard what was said there since. */
  #goesOn(index: number, incarnation: number, sequence: number): boolean {
    const before = this.#before.get(index);
    return !this.#spoken.has(index) && before?.incarnation === incarnation && sequence > before.sequence;
  }

  muted(player: Player, entity: number, nowMs: number): void {
    this.#mutedMs.set(`${player.index} ${entity}`, nowMs);
  }

  heard(player: Player, from: number, text: string, nowMs: number, calmMs: number): void {
    const { incarnation } = player.log;
    const listeners = this.#heard.get(text) ?? new Set();
    this.#heard.set(text, listeners);
    const who = `${player.index}/${incarnation}`;
    ensure(!listeners.has(who), 'speech is heard once by those near', () => `${who} heard "${text}" twice`);
    listeners.add(who);
    this.#tally.add('speech heard');
    const mutedMs = this.#mutedMs.get(`${player.index} ${from}`);
    const since = Math.max(mutedMs ?? nowMs, player.joinedMs ?? nowMs);
    ensure(
      mutedMs === undefined || Math.min(nowMs - since, calmMs) < MUTING_MS,
      'speech is heard once by those near',
      () => {
        return `${who} heard "${text}" from entity ${from}, which it has muted`;
      },
    );
  }

  /** After a tick of all zones. `calm`: nothing that is said now gets lost on its way. */
  ticked(tick: number, world: Heard, all: Iterable<Listener>, calm: boolean): void {
    for (const { text, entity } of this.#uttered) {
      const speaker = world.standings.find(entity);
      if (calm && speaker !== undefined)
        this.#sayings.push({ text, tick, listeners: listenersOf(world, speaker, all) });
    }
    this.#uttered = [];
    while (this.#sayings.length > 0 && this.#sayings[0].tick <= tick - HEARD_WITHIN_TICKS)
      this.#settle(this.#sayings.shift());
    while (this.#order.length > 0 && this.#order[0].tick < tick - KEPT_TICKS) {
      this.#heard.delete(this.#order.shift()?.text ?? '');
    }
  }

  #settle(saying: Saying | undefined): void {
    if (saying === undefined) return;
    for (const [player, incarnation] of saying.listeners) {
      if (!player.playing || player.log.incarnation !== incarnation) continue;
      this.#tally.add('checks: listeners');
      const heard = this.#heard.get(saying.text)?.has(`${player.index}/${incarnation}`) === true;
      ensure(heard, 'speech is heard once by those near', () => {
        return `${player.character} did not hear "${saying.text}", said at tick ${saying.tick}`;
      });
    }
  }
}

function listenersOf({ standings, histories }: Heard, speaker: Standing, all: Iterable<Listener>): Map<Player, number> {
  const listeners = new Map<Player, number>();
  const said = latest(histories, speaker);
  const { row } = speaker;
  const audience = said.audience[row];
  for (const { player, entity, audiences } of all) {
    const listener = standings.find(entity);
    if (listener === undefined) continue;
    const snapshot = latest(histories, listener);
    const settledTick = snapshot.tick - SETTLED_TICKS;
    if (snapshot.since[listener.row] > settledTick || audiences.sinceTick > settledTick) continue;
    if (audience !== 0 && (audiences.mask & (1 << (audience - 1))) === 0) continue;
    if (player.muted.has(said.id[row])) continue;
    const dx = snapshot.cellX[listener.row] - said.cellX[row];
    const dy = snapshot.cellY[listener.row] - said.cellY[row];
    if (dx * dx + dy * dy <= HEARING_SQUARED) listeners.set(player, player.log.incarnation);
  }
  return listeners;
}

function latest(histories: TruthHistories, { zone }: Standing): Snapshot {
  const history = histories.of(zone);
  return history.at(history.latest) as Snapshot;
}
