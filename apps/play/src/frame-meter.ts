const FRAMES = 240;

/** How long this page's own work of a frame takes, and how many frames there are. */
export class FrameMeter {
  readonly #scriptMs = new Float64Array(FRAMES);
  readonly #atMs = new Float64Array(FRAMES);
  #count = 0;

  frame(startMs: number, endMs: number): void {
    const at = this.#count++ % FRAMES;
    this.#scriptMs[at] = endMs - startMs;
    this.#atMs[at] = startMs;
  }

  get frames(): number {
    return this.#count;
  }

  get fps(): number {
    const kept = Math.min(this.#count, FRAMES, 61);
    if (kept < 2) return 0;
    const newest = this.#atMs[(this.#count - 1) % FRAMES] as number;
    const oldest = this.#atMs[(this.#count - kept) % FRAMES] as number;
    return newest > oldest ? ((kept - 1) * 1_000) / (newest - oldest) : 0;
  }

  /** Script time that a share of the last frames stayed within, ms. */
  scriptMs(share: number): number {
    const kept = Math.min(this.#count, FRAMES);
    if (kept === 0) return 0;
    const sorted = this.#scriptMs.slice(0, kept).sort();
    return sorted[Math.min(kept - 1, Math.floor(kept * share))] as number;
  }

  /** Script times of the last frames, oldest first, ms. */
  lastScriptMs(): number[] {
    const kept = Math.min(this.#count, FRAMES);
    return Array.from({ length: kept }, (_, i) => this.#scriptMs[(this.#count - kept + i) % FRAMES] as number);
  }
}
