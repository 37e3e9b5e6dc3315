import type { Player } from '../players/player.ts';
import type { Tally } from '../report/tally.ts';
import type { Audiences } from './replica-check.ts';
import type { Snapshot } from './truth-history.ts';
import { ensure } from './violation.ts';

/** Heard in the own cell and its eight neighbours. */
const HEARING_SQUARED = 2;
const SETTLED_TICKS = 20;
const HEARD_WITHIN_TICKS = 40;
const KEPT_TICKS = 400;
/** A wish not to hear somebody takes a while to arrive, and longer where a line or a gateway stands still. */
const MUTING_MS = 1_500;

interface Saying {
  readonly text: string;
  readonly tick: number;
  /** Who must have heard it, in which incarnation. */
  readonly listeners: Map<Player, number>;
}

interface Listener {
  readonly player: Player;
  readonly entity: number;
  readonly audiences: Audiences;
}

/** Whoever stands near hears what is said, once; whoever has muted the speaker, or may not see it, does not. */
export class SpeechCheck {
  readonly #tally: Tally;
  #uttered: { readonly text: string; readonly entity: number }[] = [];
  readonly #sayings: Saying[] = [];
  readonly #heard = new Map<string, Set<string>>();
  readonly #order: { readonly text: string; readonly tick: number }[] = [];
  readonly #mutedMs = new Map<string, number>();
  readonly #players: readonly Player[];
  readonly #spoken = new Map<number, { readonly incarnation: number; readonly sequence: number }>();

  constructor(players: readonly Player[], tally: Tally) {
    this.#players = players;
    this.#tally = tally;
  }

  /** Another zone does not know what was said in the former one, and is told again what that did not answer. */
  clear(): void {
    this.#spoken.clear();
    this.#uttered = [];
    this.#sayings.length = 0;
  }

  /** A say was carried out; its text is "player incarnation sequence". */
  said(entity: number, text: string): void {
    this.#uttered.push({ text, entity });
  }

  /** Nothing is said twice, and nothing left out that was not refused. */
  #follows(text: string): void {
    const [index, incarnation, sequence] = text.split(' ').map(Number);
    const { character, log } = this.#players[index];
    const spoken = this.#spoken.get(index);
    const last = spoken?.incarnation === incarnation ? spoken.sequence : 0;
    const rises = spoken === undefined || incarnation >= spoken.incarnation;
    const due = log.incarnation === incarnation ? log.before(sequence, 'say') : last;
    ensure(rises && sequence > last && due <= last, 'no input twice, none skipped', () => {
      return `${character}/${incarnation} said input ${sequence} after ${last}, and ${due} was due before it`;
    });
    this.#spoken.set(index, { incarnation, sequence });
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

  /** `calm`: nothing that is said now gets lost on its way. */
  ticked(snapshot: Snapshot, rowOf: (id: number) => number | undefined, all: Iterable<Listener>, calm: boolean): void {
    const { tick } = snapshot;
    for (const { text, entity } of this.#uttered) {
      this.#follows(text);
      this.#order.push({ text, tick });
      const row = rowOf(entity);
      if (calm && row !== undefined)
        this.#sayings.push({ text, tick, listeners: listenersOf(snapshot, row, rowOf, all) });
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

function listenersOf(
  snapshot: Snapshot,
  speaker: number,
  rowOf: (id: number) => number | undefined,
  all: Iterable<Listener>,
): Map<Player, number> {
  const listeners = new Map<Player, number>();
  const settledTick = snapshot.tick - SETTLED_TICKS;
  const audience = snapshot.audience[speaker];
  for (const { player, entity, audiences } of all) {
    const row = rowOf(entity);
    if (row === undefined || snapshot.since[row] > settledTick || audiences.sinceTick > settledTick) continue;
    if (audience !== 0 && (audiences.mask & (1 << (audience - 1))) === 0) continue;
    if (player.muted.has(snapshot.id[speaker])) continue;
    const dx = snapshot.cellX[row] - snapshot.cellX[speaker];
    const dy = snapshot.cellY[row] - snapshot.cellY[speaker];
    if (dx * dx + dy * dy <= HEARING_SQUARED) listeners.set(player, player.log.incarnation);
  }
  return listeners;
}
