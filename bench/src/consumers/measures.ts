import type { Applied } from './protocol.ts';

/** What the consumers counted in the measured window. */
export interface ConsumerReport {
  readonly durationMs: number;
  /** Received from the server, WebSocket frame headers included. */
  readonly bytes: number;
  readonly frames: number;
  /** Size of the median data frame, header included; 0 when there was none. */
  readonly medianFrameBytes: number;
  /** From the server's time of a change to its application, for each frame that a decoder applied. */
  readonly stalenessMs: Float64Array;
  /** Rows of `shownColumns`: what decoders showed, to be held against the truth. */
  readonly shown: Float64Array;
  readonly inputs: number;
  /** Connections lost since they joined, and sentences about them and other breaches; not only in the window. */
  readonly disconnects: number;
  readonly errors: readonly string[];
  /** User and system time of the consumer process in the window. */
  readonly cpuUs: number;
}

/** View delay asked for, subject, x and y in metres, moment of the world shown, time at which it was shown. */
export const shownColumns = 6;

const FRAME_BYTES_MAX = 65_536;
const ERRORS_KEPT = 20;

/** Counters of one consumer process. Bytes and frames always count; samples only while the window is open. */
export class Measures implements Applied {
  bytes = 0;
  inputs = 0;
  disconnects = 0;
  readonly #errors: string[] = [];
  readonly #frameSizes = new Uint32Array(FRAME_BYTES_MAX);
  #stalenessMs: number[] = [];
  #shown: number[] = [];
  #open = false;
  #beganAtMs = 0;
  #beganCpuUs = 0;

  get windowOpen(): boolean {
    return this.#open;
  }

  frame(bytes: number): void {
    const size = Math.min(bytes, FRAME_BYTES_MAX - 1);
    this.#frameSizes[size] = (this.#frameSizes[size] as number) + 1;
  }

  change(changedAtMs: number, nowMs: number): void {
    if (this.#open) this.#stalenessMs.push(nowMs - changedAtMs);
  }

  shown(delayMs: number, subject: number, xM: number, yM: number, momentMs: number, nowMs: number): void {
    this.#shown.push(delayMs, subject, xM, yM, momentMs, nowMs);
  }

  error(sentence: string): void {
    if (this.#errors.length < ERRORS_KEPT) this.#errors.push(sentence);
  }

  begin(nowMs: number): void {
    this.bytes = 0;
    this.inputs = 0;
    this.#frameSizes.fill(0);
    this.#stalenessMs = [];
    this.#shown = [];
    this.#beganAtMs = nowMs;
    this.#beganCpuUs = cpuUs();
    this.#open = true;
  }

  end(nowMs: number): ConsumerReport {
    this.#open = false;
    const frames = this.#frameSizes.reduce((sum, count) => sum + count, 0);
    return {
      durationMs: nowMs - this.#beganAtMs,
      bytes: this.bytes,
      frames,
      medianFrameBytes: medianOf(this.#frameSizes, frames),
      stalenessMs: Float64Array.from(this.#stalenessMs),
      shown: Float64Array.from(this.#shown),
      inputs: this.inputs,
      disconnects: this.disconnects,
      errors: this.#errors,
      cpuUs: cpuUs() - this.#beganCpuUs,
    };
  }
}

function medianOf(countBySize: Uint32Array, total: number): number {
  let seen = 0;
  for (let size = 0; size < countBySize.length; size++) {
    seen += countBySize[size] as number;
    if (seen * 2 >= total && total > 0) return size;
  }
  return 0;
}

function cpuUs(): number {
  const cpu = process.cpuUsage();
  return cpu.user + cpu.system;
}
