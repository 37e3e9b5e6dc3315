/** What is wanted of a process that is named. */
export interface Wish {
  readonly undo: boolean;
  readonly dryRun: boolean;
  /** Until nothing is left there. */
  readonly waits: boolean;
  /** Ends the waiting, and nothing else. */
  readonly signal: AbortSignal;
  progress(line: string): void;
}

/** What came of it. */
export interface Told {
  readonly sentence: string;
  readonly object: object;
}
