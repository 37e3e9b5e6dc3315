import {
  type CheckpointRecord,
  checkpointOverheadBytes,
  decodeVerdicts,
  deskBodyLimits,
  deskLimits,
  encodeCheckpoints,
  type Standing,
} from '@lifeverse/contracts';
import type { Decided, DeskLine } from './desk-line.ts';
import type { Avatar } from './sessions.ts';

/** Every avatar's turn comes so often; what is left of 5 s is for the way to the disk. */
export const CHECKPOINT_EVERY_MS = 3_000;

/** Where the answers of the desk go. */
export interface CheckpointParts {
  readonly line: DeskLine;
  readonly tickHz: number;
  readonly counters: { checkpoints: number; checkpoints_refused: number; checkpoints_unknown: number };
  standing(avatar: Avatar): Standing;
  /** It was refused, or nobody knows what became of it: the character is not to be played on. */
  failed(character: string): void;
  /** Another owner has taken the zone: nothing that this one says is kept any more. */
  replaced(): void;
}

/**
 * Writes behind where avatars stand and what they keep (WO20): each within 5 s, spread over the ticks, and at once when
 * it leaves. One request is on its way at a time; what comes due meanwhile waits, newer replacing older, so that a desk
 * that does not answer costs memory for each character once and no tick anything.
 */
export class Checkpoints {
  readonly #parts: CheckpointParts;
  readonly #turns: Set<Avatar>[];
  readonly #turnOf = new Map<Avatar, number>();
  /** What was last taken of an avatar: it is not written again while it is the same. */
  readonly #taken = new Map<Avatar, CheckpointRecord>();
  readonly #due = new Map<string, CheckpointRecord>();
  /** Those who left and are not kept yet: nobody has them but the zone. */
  readonly #left = new Map<string, CheckpointRecord>();
  #flying: readonly CheckpointRecord[] | null = null;
  #nextTurn = 0;
  #turn = 0;

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
    const turns = Math.max(1, Math.floor((CHECKPOINT_EVERY_MS * parts.tickHz) / 1_000));
    this.#turns = Array.from({ length: turns }, () => new Set());
  }

  /** Checkpoints that are not kept yet. */
  get waiting(): number {
    return this.#due.size + (this.#flying?.length ?? 0);
  }

  /** It stands in the world: kept from now on, and at once. */
  follow(avatar: Avatar, tick: number): void {
    this.#left.delete(avatar.character);
    const turn = this.#nextTurn++ % this.#turns.length;
    this.#turns[turn]?.add(avatar);
    this.#turnOf.set(avatar, turn);
    this.#take(avatar, tick);
  }

  /** It leaves the world, and is kept as it stands now. */
  leave(avatar: Avatar, tick: number): void {
    this.#take(avatar, tick, true);
    const record = this.#due.get(avatar.character) ?? this.#flown(avatar.character);
    if (record !== undefined) this.#left.set(avatar.character, record);
    this.forget(avatar);
  }

  /** It leaves the world, and nothing more is kept of it. */
  forget(avatar: Avatar): void {
    const turn = this.#turnOf.get(avatar);
    if (turn !== undefined) this.#turns[turn]?.delete(avatar);
    this.#turnOf.delete(avatar);
    this.#taken.delete(avatar);
  }

  /** One who left so lately that the desk may not have it yet. */
  lately(character: string): CheckpointRecord | undefined {
    return this.#left.get(character);
  }

  /** Those whose turn it is, and those of ticks that were left out. */
  tick(tick: number, nowMs: number): void {
    const turns = this.#turns.length;
    const passed = this.#turn === 0 ? 1 : Math.min(turns, tick - this.#turn);
    this.#turn = tick;
    for (let i = 0; i < passed; i++)
      for (const avatar of this.#turns[(tick - i) % turns] ?? []) this.#take(avatar, tick);
    this.#send(nowMs);
  }

  #flown(character: string): CheckpointRecord | undefined {
    return this.#flying?.find((record) => record.character === character);
  }

  #record(avatar: Avatar, tick: number, leaves: boolean): CheckpointRecord {
    const { character, incarnation, handovers } = avatar;
    return { character, incarnation, handovers, tick, leaves, ...this.#parts.standing(avatar) };
  }

  #take(avatar: Avatar, tick: number, leaves = false): void {
    const record = this.#record(avatar, tick, leaves);
    const before = this.#taken.get(avatar);
    if (before !== undefined && same(before, record)) return;
    this.#taken.set(avatar, record);
    this.#due.delete(avatar.character);
    this.#due.set(avatar.character, record);
  }

  #send(nowMs: number): void {
    if (this.#flying !== null || this.#due.size === 0) return;
    const batch: CheckpointRecord[] = [];
    let bytes = 16;
    for (const [character, record] of this.#due) {
      bytes += checkpointOverheadBytes + record.kept.length;
      if (batch.length === deskBodyLimits.records || bytes > deskLimits.bodyBytes) break;
      this.#due.delete(character);
      batch.push(record);
    }
    this.#flying = batch;
    this.#parts.line.ask('checkpoint', encodeCheckpoints(batch), nowMs, (outcome, thenMs) => {
      this.#flying = null;
      this.#decided(batch, outcome);
      this.#send(thenMs);
    });
  }

  #decided(batch: readonly CheckpointRecord[], outcome: Decided): void {
    const verdicts = outcome.kind === 'done' ? decodeVerdicts(outcome.body) : undefined;
    if (outcome.kind === 'refused' && outcome.code === 'zone_replaced') {
      for (const { character } of batch) this.#left.delete(character);
      this.#parts.replaced();
      return;
    }
    // An answer that says nothing about a checkpoint says that it is not kept.
    for (const [i, record] of batch.entries()) this.#settle(record, verdicts?.[i] ?? 'refused');
  }

  #settle(record: CheckpointRecord, verdict: 'saved' | 'superseded' | 'refused' | 'unknown'): void {
    const { counters } = this.#parts;
    const { character } = record;
    const left = this.#left.get(character);
    if (verdict === 'saved' || verdict === 'superseded') {
      counters.checkpoints++;
      if (left !== undefined && left.tick <= record.tick) this.#left.delete(character);
      return;
    }
    counters[verdict === 'refused' ? 'checkpoints_refused' : 'checkpoints_unknown']++;
    this.#due.delete(character);
    this.#left.delete(character);
    this.#parts.failed(character);
  }
}

function same(a: CheckpointRecord, b: CheckpointRecord): boolean {
  if (a.xMm !== b.xMm || a.yMm !== b.yMm || a.incarnation !== b.incarnation) return false;
  if (a.handovers !== b.handovers || a.leaves !== b.leaves) return false;
  return a.kept.length === b.kept.length && a.kept.every((byte, i) => byte === b.kept[i]);
}
