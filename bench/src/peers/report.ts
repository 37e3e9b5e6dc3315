/** Counters of a server at one moment; cumulative since it started. */
export interface Snapshot {
  readonly atMs: number;
  /** User and system time of all the server's processes, microseconds. */
  readonly cpuUs: number;
  readonly rssBytes: number;
  readonly ticks: number;
  /** Players served, summed over the ticks; for the floor, writes executed. */
  readonly playerTicks: number;
}

/** Where subjects truly were, tick by tick, recorded apart from what is sent. */
export interface Truth {
  /** Player numbers; a row of positions has one x and one y for each, metres. */
  readonly subjects: Uint32Array;
  /** The moment that each row shows, rising. */
  readonly atMs: Float64Array;
  readonly rows: readonly Float32Array[];
}

/** What a server tells of the measured window. */
export interface WindowReport {
  readonly begin: Snapshot;
  readonly end: Snapshot;
  /** CPU that the process spends per second with everyone connected and nothing sent: not part of the work. */
  readonly idleCpuUsPerS: number;
  /** Step and encode of each tick; where sending is not apart from it, with sending. */
  readonly tickMs: Float64Array;
  /** From a tick's start until its last write was handed to the kernel; null where it is not apart from `tickMs`. */
  readonly fanoutMs: Float64Array | null;
  readonly ticksSkipped: number;
  readonly truth: Truth | null;
  /** Why these figures count for nothing, in a sentence; null when they count. */
  readonly voidReason: string | null;
}

export type HarnessMessage =
  | { readonly type: 'start'; readonly settings: unknown }
  | { readonly type: 'settle' }
  | { readonly type: 'begin' }
  | { readonly type: 'end' }
  | { readonly type: 'stop' };

export type ServerMessage =
  | {
      readonly type: 'ready';
      readonly host: string;
      readonly port: number;
      readonly rssBytes: number;
      readonly details: Readonly<Record<string, number | string>>;
    }
  | { readonly type: 'settled' }
  | { readonly type: 'begun' }
  | { readonly type: 'window'; readonly report: WindowReport };
