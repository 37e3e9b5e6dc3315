/** Which servers run, and which of these are to have no zones. */
export interface Servers {
  /** Those that have a lease. */
  readonly alive: ReadonlySet<string>;
  /** Left out: none. */
  readonly draining?: ReadonlySet<string>;
}

/** Those that anything may be given to. */
export function placeable({ alive, draining }: Servers): ReadonlySet<string> {
  return new Set([...alive].filter((server) => draining?.has(server) !== true));
}
