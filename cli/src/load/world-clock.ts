/** How long the quickest round trip counts: so long that it was a quick one, so short that clocks do not part. */
const SPAN_MS = 10_000;

interface Reading {
  readonly offsetMs: number;
  readonly roundTripMs: number;
}

/**
 * The server's time, by the quickest of all players' round trips (Cristian's method): one clock for all of them, and
 * nearer to the truth than any player's own idea of it, which is among what is measured.
 */
export class WorldClock {
  #best: Reading | null = null;
  #next: Reading | null = null;
  #turnMs = Number.NEGATIVE_INFINITY;

  /** From a welcome: the server's time was at least this when it came. */
  atLeast(serverMs: number, nowMs: number): void {
    if (this.#best !== null && this.#best.roundTripMs !== Number.POSITIVE_INFINITY) return;
    const offsetMs = Math.max(serverMs - nowMs, this.#best?.offsetMs ?? Number.NEGATIVE_INFINITY);
    this.#best = { offsetMs, roundTripMs: Number.POSITIVE_INFINITY };
  }

  /** One echo: sent and received by the own clock, held by the server, answered at that server time. */
  sample(sentMs: number, heldMs: number, serverMs: number, receivedMs: number): void {
    const roundTripMs = Math.max(0, receivedMs - sentMs - heldMs);
    const reading = { offsetMs: serverMs + roundTripMs / 2 - receivedMs, roundTripMs };
    if (receivedMs - this.#turnMs > SPAN_MS) {
      this.#best = quicker(this.#next, reading);
      this.#next = null;
      this.#turnMs = receivedMs;
    }
    this.#best = quicker(this.#best, reading);
    this.#next = quicker(this.#next, reading);
  }

  get known(): boolean {
    return this.#best !== null;
  }

  /** Of the quickest way there and back; 0 while none is known. */
  get roundTripMs(): number {
    const roundTripMs = this.#best?.roundTripMs ?? 0;
    return Number.isFinite(roundTripMs) ? roundTripMs : 0;
  }

  serverMs(nowMs: number): number {
    return nowMs + (this.#best?.offsetMs ?? 0);
  }
}

function quicker(a: Reading | null, b: Reading): Reading {
  return a !== null && a.roundTripMs <= b.roundTripMs ? a : b;
}
