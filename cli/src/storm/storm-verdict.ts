/** What a storm has measured, by the names of `--json`. */
export interface StormFigures {
  readonly players: number;
  /** Who had come before. */
  readonly arrived: number;
  /** From the kill until the server listened again. */
  readonly down_s: number;
  /** From the kill until everyone stood in the world again; null: they never did. */
  readonly all_back_s: number | null;
  readonly half_back_s: number | null;
  readonly back: number;
  /** Answers that said to wait in line, after the kill. */
  readonly told_to_wait: number;
  /** Client connections to the database, at the worst moment that was looked at. */
  readonly database_connections_most: number;
  /** How many it takes at most. */
  readonly database_connections_limit: number;
  readonly database_looks: number;
  readonly protocol_errors: number;
  /** Of this process: by so much it was late at most. */
  readonly generator_late_ms: number;
}

export const BACK_WITHIN_S = 60;

/** What is wrong, each in a sentence; empty when the storm was weathered. */
export function stormObjections(figures: StormFigures): string[] {
  const { players, arrived, back, all_back_s, protocol_errors } = figures;
  const found: string[] = [];
  if (arrived < players) found.push(`only ${arrived} of ${players} had come before`);
  if (all_back_s === null) found.push(`only ${back} of ${players} came back`);
  else if (all_back_s > BACK_WITHIN_S) found.push(`it took ${all_back_s} s, more than ${BACK_WITHIN_S}`);
  if (figures.database_looks === 0) found.push('the database was never looked at');
  if (figures.database_connections_most > figures.database_connections_limit)
    found.push(`${figures.database_connections_most} connections, above ${figures.database_connections_limit}`);
  if (protocol_errors > 0) found.push(`${protocol_errors} protocol errors`);
  return found;
}
