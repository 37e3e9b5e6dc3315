import type { Course } from './report/course.ts';
import type { DrillReport } from './report/drill-report.ts';

/** What is left of a drill that was played. */
export interface PlayedDrill extends DrillReport {
  readonly json: boolean;
  /** Where to leave the files; null: nowhere. */
  readonly folder: string | null;
  /** What was done, in a sentence. */
  readonly did: string;
  /** What the players saw, in a few. */
  readonly saw: string;
  readonly course: Course;
  /** What the result rests on: text by the name of its file. */
  readonly files: Readonly<Record<string, string>>;
}

export interface DrillCommand {
  /** Half a sentence for the list of drills. */
  readonly summary: string;
  readonly help: string;
  /**
   * Rejects with a ConfigurationError when it was asked for wrongly, and with whatever `signal` is aborted for, once
   * nothing of it is left.
   */
  play(argv: readonly string[], attending: Attending): Promise<PlayedDrill>;
}

/** Who looks on. */
export interface Attending {
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}
