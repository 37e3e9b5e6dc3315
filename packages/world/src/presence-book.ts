import { deskBodyLimits, encodePresence, type PresenceChange } from '@lifeverse/contracts';
import type { DeskLine } from './desk-line.ts';

/** Something is said at least so often: an owner who is silent for three times as long has nobody online. */
export const PRESENCE_EVERY_MS = 5_000;

/**
 * Tells who is in the world (WO23): changes only, each until it is heard, and every few seconds that the owner is still
 * there. What it told is over with it, so that nothing has to be told after a crash.
 */
export class PresenceBook {
  readonly #line: DeskLine;
  readonly #changes = new Map<string, PresenceChange>();
  #flying = false;
  #revision = 0;
  #saidMs = Number.NEGATIVE_INFINITY;

  constructor(line: DeskLine) {
    this.#line = line;
  }

  /** Changes that were not told yet. */
  get waiting(): number {
    return this.#changes.size;
  }

  change(change: Omit<PresenceChange, 'revision'>): void {
    this.#changes.delete(change.character);
    this.#changes.set(change.character, { ...change, revision: ++this.#revision });
  }

  tick(nowMs: number): void {
    if (this.#flying || (this.#changes.size === 0 && nowMs - this.#saidMs < PRESENCE_EVERY_MS)) return;
    const batch: PresenceChange[] = [];
    for (const [character, change] of this.#changes) {
      if (batch.length === deskBodyLimits.records) break;
      this.#changes.delete(character);
      batch.push(change);
    }
    this.#saidMs = nowMs;
    this.#flying = true;
    // A refusal ends nothing: who is not told about is offline in time.
    this.#line.ask('presence', encodePresence(batch), nowMs, () => {
      this.#flying = false;
    });
  }
}
