import type { ClientState } from '@lifeverse/client';
import type { Coming } from '../report/course.ts';

/** What the application of one player was told of its connection. */
export class ConnectionLog {
  readonly comings: Coming[] = [];
  /** How long each absence took, milliseconds. */
  readonly awayMs: number[] = [];
  /** How often it was told of a loss that was not its own doing. */
  disconnects = 0;
  /** When it came to stand in the world, the last time. */
  joinedMs = 0;
  #lostMs: number | null = null;
  #breaking = false;

  state(state: ClientState, nowMs: number): void {
    if (state === 'playing') {
      if (this.#lostMs !== null) this.awayMs.push(nowMs - this.#lostMs);
      this.#lostMs = null;
      this.joinedMs = nowMs;
      this.comings.push({ atMs: nowMs, kind: this.comings.length === 0 ? 'joined' : 'back' });
      return;
    }
    if (state === 'reconnecting' && this.#lostMs === null) {
      this.comings.push({ atMs: nowMs, kind: 'lost' });
      if (!this.#breaking) this.disconnects++;
    }
    this.#lostMs ??= nowMs;
  }

  /** What is lost in here is. */
  byOneself(breakIt: () => void): void {
    this.#breaking = true;
    breakIt();
    this.#breaking = false;
  }
}
