/**
 * How something is gone: `stopped` when it was asked to end, `killed` when nobody says a farewell, both refusing whoever
 * comes; `silent` when nothing breaks, nothing is refused, and nothing answers; `slow` when it is there, and every answer late.
 */
export type Loss = 'stopped' | 'killed' | 'silent' | 'slow';

/** What a drill takes away from a cluster, and gives back at the same place. */
export interface DrilledPart {
  /** Of its lane. */
  readonly name: string;
  /** Resolves when it is gone. */
  take(how: Loss): Promise<void>;
  /** Resolves when it serves again; at once where it does. */
  giveBack(): Promise<void>;
}

/** One that it has started itself, beside the cluster. */
export interface StartedPart extends DrilledPart {
  readonly url: string;
  stop(): Promise<void>;
}
