/** How it went with a process: `silent` is there and says nothing. */
export type LaneState = 'alive' | 'silent' | 'gone';

export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly state: LaneState;
}

/** One process over time. */
export interface Lane {
  readonly name: string;
  readonly spans: readonly Span[];
}

export interface Fault {
  readonly what: string;
  readonly fromMs: number;
  /** When what was broken was whole again. */
  readonly untilMs: number;
}

export interface Coming {
  readonly atMs: number;
  readonly kind: 'joined' | 'lost' | 'back';
}

/** `unknown`: never answered, or not so that one could tell. */
export interface Settled {
  readonly atMs: number;
  readonly outcome: 'done' | 'refused' | 'unknown';
}

/** A drill over time, from when players come, as its timeline shows it. All times are milliseconds of one clock. */
export interface Course {
  readonly startMs: number;
  readonly endMs: number;
  readonly lanes: readonly Lane[];
  readonly faults: readonly Fault[];
  /** For each player: when something of theirs was acknowledged, in order. */
  readonly acks: readonly (readonly number[])[];
  readonly comings: readonly Coming[];
  /** What `settled` are, as the chart is called. */
  readonly operations: string;
  readonly settled: readonly Settled[];
}
