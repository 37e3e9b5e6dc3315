import { machineNowMs } from '../machine-clock.ts';
import type { Snapshot, Truth, WindowReport } from './report.ts';

/** What a server keeps of its ticks while it is measured. Outside the window it keeps counters only. */
export class WindowLog {
  readonly #subjects: Uint32Array;
  #ticks = 0;
  #playerTicks = 0;
  #begin: Snapshot | null = null;
  #tickMs: number[] = [];
  #atMs: number[] = [];
  #rows: Float32Array[] = [];

  /** `subjects`: the players whose truth is recorded; none for a server that moves nobody. */
  constructor(subjects: Uint32Array = new Uint32Array(0)) {
    this.#subjects = subjects;
  }

  /** Counts work done; `durationMs` of a whole tick, or null when only work is counted. */
  worked(playerTicks: number, durationMs: number | null): void {
    this.#playerTicks += playerTicks;
    if (durationMs === null) return;
    this.#ticks++;
    if (this.#begin !== null) this.#tickMs.push(durationMs);
  }

  /** Records where the subjects are at a moment; `fill` writes x and y of each, in order of `subjects`. */
  truth(atMs: number, fill: (row: Float32Array, subjects: Uint32Array) => void): void {
    if (this.#begin === null || this.#subjects.length === 0) return;
    const row = new Float32Array(this.#subjects.length * 2);
    fill(row, this.#subjects);
    this.#atMs.push(atMs);
    this.#rows.push(row);
  }

  snapshot(): Snapshot {
    const cpu = process.cpuUsage();
    return {
      atMs: machineNowMs(),
      cpuUs: cpu.user + cpu.system,
      rssBytes: process.memoryUsage.rss(),
      ticks: this.#ticks,
      playerTicks: this.#playerTicks,
    };
  }

  begin(): void {
    this.#tickMs = [];
    this.#atMs = [];
    this.#rows = [];
    this.#begin = this.snapshot();
  }

  end(more: Partial<WindowReport> = {}): WindowReport {
    const begin = this.#begin;
    if (begin === null) throw new Error('the window was never begun');
    const end = this.snapshot();
    this.#begin = null;
    const truth: Truth | null =
      this.#rows.length === 0
        ? null
        : { subjects: this.#subjects, atMs: Float64Array.from(this.#atMs), rows: this.#rows };
    return {
      begin,
      end,
      idleCpuUsPerS: 0,
      tickMs: Float64Array.from(this.#tickMs),
      fanoutMs: null,
      ticksSkipped: 0,
      truth,
      voidReason: null,
      ...more,
    };
  }
}

/** The players whose truth a scenario records. */
export function truthSubjects(scenario: { readonly players: number; readonly truthStride: number }): Uint32Array {
  const count = Math.ceil(scenario.players / scenario.truthStride);
  return Uint32Array.from({ length: count }, (_, index) => index * scenario.truthStride);
}
