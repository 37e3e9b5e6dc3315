interface Sample {
  readonly tick: number;
  readonly x: number;
  readonly y: number;
  readonly vx: number;
  readonly vy: number;
}

/**
 * Where an entity was in the last ticks, as far as it was told: between two tidings it went on as predicted (SY22).
 * Positions in millimetres, ticks fractional when asked for.
 */
export class Track {
  readonly #samples: Sample[] = [];
  readonly #keptTicks: number;

  /** `keptTicks`: how far behind the newest tidings it may be asked for. */
  constructor(keptTicks: number) {
    this.#keptTicks = keptTicks;
  }

  /** True from `tick` on; what was said of that tick and later ones is void. */
  add(tick: number, x: number, y: number, vx: number, vy: number): void {
    const samples = this.#samples;
    while (samples.length > 0 && (samples[samples.length - 1] as Sample).tick >= tick) samples.pop();
    samples.push({ tick, x, y, vx, vy });
    const oldest = tick - this.#keptTicks;
    while (samples.length > 1 && (samples[1] as Sample).tick <= oldest) samples.shift();
  }

  /** Writes the position at that moment. A change at tick T is what happened between T-1 and T. */
  at(tick: number, out: { x: number; y: number; vx: number; vy: number }): void {
    const samples = this.#samples;
    for (let i = samples.length - 1; i >= 0; i--) {
      const sample = samples[i] as Sample;
      const since = tick - sample.tick;
      out.vx = sample.vx;
      out.vy = sample.vy;
      if (since >= 0) {
        out.x = sample.x + sample.vx * since;
        out.y = sample.y + sample.vy * since;
        return;
      }
      const before = samples[i - 1];
      if (before === undefined || since > -1) {
        this.#between(before, sample, since, out);
        return;
      }
    }
  }

  /** `since` is negative: so long before the sample. */
  #between(before: Sample | undefined, sample: Sample, since: number, out: { x: number; y: number }): void {
    if (before === undefined) {
      const back = Math.max(-1, since);
      out.x = sample.x + sample.vx * back;
      out.y = sample.y + sample.vy * back;
      return;
    }
    const ago = sample.tick - 1 - before.tick;
    const fromX = before.x + before.vx * ago;
    const fromY = before.y + before.vy * ago;
    out.x = sample.x + (sample.x - fromX) * since;
    out.y = sample.y + (sample.y - fromY) * since;
  }
}
