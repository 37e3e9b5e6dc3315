/** What is left of a drill that was played. */
export interface PlayedDrill {
  readonly json: boolean;
  /** Where to leave the files; null: nowhere. */
  readonly folder: string | null;
  /** The object on the last line. */
  readonly result: { readonly passed: boolean };
  /** Why it is no pass. */
  readonly objections: readonly string[];
  /** For who reads along, ahead of the verdict. */
  readonly said: readonly string[];
  /** What the result rests on: text by the name of its file. */
  readonly files: Readonly<Record<string, string>>;
}

export interface DrillCommand {
  /** Half a sentence for the list of drills. */
  readonly summary: string;
  readonly help: string;
  /** Rejects with a ConfigurationError when it was asked for wrongly. */
  play(argv: readonly string[], progress: (line: string) => void): Promise<PlayedDrill>;
}
