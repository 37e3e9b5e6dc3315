import { Samples } from './samples.ts';

const RECENT = 1_000;

/** What the players of a run have met with. Counters run from the start; the window can be begun anew. */
export class Measures {
  readonly joinMs = new Samples();
  readonly stalenessMs = new Samples();
  readonly viewDelayMs = new Samples();
  readonly positionErrorM = new Samples();
  /** Players that have stood in the world. */
  joined = 0;
  /** Connections lost that nobody had ended on purpose. */
  disconnects = 0;
  /** What a player could not read, or the server refused as wrong, not merely as unwanted. */
  protocolErrors = 0;
  /** Messages that told of changes. */
  updates = 0;
  /** As received, with the headers of WebSocket frames. */
  bytes = 0;
  /** Times that a player asked for keyframes. */
  rekeys = 0;
  /** Players in the world, summed over time. */
  playerMs = 0;
  readonly #recentStalenessMs = new Samples(RECENT);
  #progress = { atMs: 0, updates: 0, bytes: 0, playerMs: 0 };
  readonly #said = new Map<string, number>();
  #window = { sinceMs: 0, updates: 0, bytes: 0, playerMs: 0 };

  /** From here on is measured: what was before was the arriving. */
  beginWindow(nowMs: number): void {
    this.stalenessMs.clear();
    this.viewDelayMs.clear();
    this.positionErrorM.clear();
    this.#window = { sinceMs: nowMs, updates: this.updates, bytes: this.bytes, playerMs: this.playerMs };
  }

  stale(ms: number): void {
    this.stalenessMs.add(ms);
    this.#recentStalenessMs.add(ms);
  }

  /** How it went since the last call. */
  takeProgress(nowMs: number): { updatesPerS: number; bytesPerPlayerS: number; stalenessMsP99: number | null } {
    const { atMs, updates, bytes, playerMs } = this.#progress;
    const stalenessMsP99 = this.#recentStalenessMs.quantile(0.99);
    this.#recentStalenessMs.clear();
    this.#progress = { atMs: nowMs, updates: this.updates, bytes: this.bytes, playerMs: this.playerMs };
    return {
      updatesPerS: ((this.updates - updates) * 1_000) / (nowMs - atMs),
      bytesPerPlayerS: ((this.bytes - bytes) * 1_000) / Math.max(1, this.playerMs - playerMs),
      stalenessMsP99,
    };
  }

  window(nowMs: number): {
    readonly seconds: number;
    readonly updates: number;
    readonly bytes: number;
    readonly playerS: number;
  } {
    const { sinceMs, updates, bytes, playerMs } = this.#window;
    return {
      seconds: (nowMs - sinceMs) / 1_000,
      updates: this.updates - updates,
      bytes: this.bytes - bytes,
      playerS: (this.playerMs - playerMs) / 1_000,
    };
  }

  /** Something went otherwise than it should, in words that are equal for equal things. */
  say(sentence: string): void {
    this.#said.set(sentence, (this.#said.get(sentence) ?? 0) + 1);
  }

  /** What was said and how often, the most frequent first. */
  said(): readonly (readonly [sentence: string, times: number])[] {
    return [...this.#said].sort((a, b) => b[1] - a[1]);
  }
}
