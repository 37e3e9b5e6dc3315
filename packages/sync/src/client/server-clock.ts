interface Sample {
  readonly offsetMs: number;
  readonly roundTripMs: number;
}

const SAMPLES = 12;
/** The clock is slewed by at most this share of passing time; farther away than a jump, it is set. */
const SLEW = 0.05;
const JUMP_MS = 250;

/**
 * The server's time as a client knows it (SY20): offset by the quickest of the last round trips (Cristian's method),
 * approached by slewing so that time neither jumps nor goes back in ordinary play.
 */
export class ServerClock {
  #samples: Sample[] = [];
  #best: Sample | null = null;
  #offsetMs = 0;
  #lastMs = 0;
  #measured = false;

  /** Smoothed round trip, and its mean deviation. */
  roundTripMs = 0;
  jitterMs = 0;

  /** A first idea, from a message that says the server's time. */
  start(serverMs: number, nowMs: number): void {
    this.#samples = [];
    this.#best = null;
    this.#measured = false;
    this.#offsetMs = serverMs - nowMs;
    this.#lastMs = nowMs;
  }

  /** Echoes come from another server from now on: its time is the same, the way there is not. */
  otherServer(): void {
    this.#samples = [];
    this.#best = null;
  }

  /** One echo: sent and received by the own clock, held by the server, answered at that server time. */
  sample(sentMs: number, heldMs: number, serverMs: number, receivedMs: number): void {
    const roundTripMs = Math.max(0, receivedMs - sentMs - heldMs);
    const deviation = Math.abs(roundTripMs - this.roundTripMs);
    const first = !this.#measured;
    this.#measured = true;
    this.roundTripMs = first ? roundTripMs : this.roundTripMs + (roundTripMs - this.roundTripMs) / 8;
    this.jitterMs = first ? roundTripMs / 2 : this.jitterMs + (deviation - this.jitterMs) / 8;
    this.#samples.push({ offsetMs: serverMs + roundTripMs / 2 - receivedMs, roundTripMs });
    if (this.#samples.length > SAMPLES) this.#samples.shift();
    this.#best = this.#samples.reduce((a, b) => (b.roundTripMs < a.roundTripMs ? b : a));
  }

  /** Advances the slew; to be called with the own clock before asking for times. */
  update(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    const best = this.#best;
    if (best === null) return;
    const wanted = best.offsetMs - this.#offsetMs;
    const most = elapsedMs * SLEW;
    if (Math.abs(wanted) > JUMP_MS) this.#offsetMs = best.offsetMs;
    else this.#offsetMs += Math.max(-most, Math.min(most, wanted));
  }

  /** How far it may be off: half the quickest round trip, and what it has still to approach. */
  get errorMs(): number {
    const best = this.#best;
    return best === null ? 0 : best.roundTripMs / 2 + Math.abs(best.offsetMs - this.#offsetMs);
  }

  serverMs(nowMs: number): number {
    return nowMs + this.#offsetMs;
  }
}
