import type { Show } from './protocol.ts';

const KEPT = 16;

interface Track {
  readonly atMs: Float64Array;
  readonly xM: Float64Array;
  readonly yM: Float64Array;
  /** Samples ever taken; the newest is at `(count - 1) % KEPT`. */
  count: number;
}

/**
 * What an interpolating client shows: each subject on the straight line between the two received positions around
 * the moment shown; at the newest while none is newer. Nobody is shown at a moment before its first position.
 */
export class InterpolatedTracks {
  readonly #tracks = new Map<number, Track>();

  /** Takes a position; moments of one subject must rise. */
  take(subject: number, atMs: number, xM: number, yM: number): void {
    let track = this.#tracks.get(subject);
    if (track === undefined) {
      track = { atMs: new Float64Array(KEPT), xM: new Float64Array(KEPT), yM: new Float64Array(KEPT), count: 0 };
      this.#tracks.set(subject, track);
    }
    const slot = track.count++ % KEPT;
    track.atMs[slot] = atMs;
    track.xM[slot] = xM;
    track.yM[slot] = yM;
  }

  forget(subject: number): void {
    this.#tracks.delete(subject);
  }

  show(momentMs: number, show: Show): void {
    for (const [subject, track] of this.#tracks) {
      const newest = (track.count - 1) % KEPT;
      let later = newest;
      for (let back = 0; back < Math.min(track.count, KEPT); back++) {
        const at = (newest - back + KEPT) % KEPT;
        const atMs = track.atMs[at] as number;
        if (atMs <= momentMs) {
          const gapMs = (track.atMs[later] as number) - atMs;
          const share = gapMs > 0 ? (momentMs - atMs) / gapMs : 0;
          const [fromX, fromY] = [track.xM[at] as number, track.yM[at] as number];
          const xM = fromX + ((track.xM[later] as number) - fromX) * share;
          const yM = fromY + ((track.yM[later] as number) - fromY) * share;
          show(subject, xM, yM, momentMs);
          break;
        }
        later = at;
      }
    }
  }
}
