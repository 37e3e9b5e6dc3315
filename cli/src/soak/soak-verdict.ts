/** What a soak has measured, by the names of `--json`. */
export interface SoakFigures {
  readonly minutes: number;
  readonly players_mean: number;
  /** Joins in all: everyone comes many times. */
  readonly joins: number;
  readonly rss_mib_end: number;
  readonly rss_mib_per_min: number | null;
  readonly heap_mib_end: number | null;
  readonly heap_mib_per_min: number | null;
  readonly ticks: number;
  readonly ticks_skipped: number;
  readonly disconnects: number;
  readonly protocol_errors: number;
  readonly staleness_ms_p99: number | null;
  /** What was there when everyone had gone, beside what was there before anyone came. */
  readonly players_left: number;
  readonly connections_left: number;
  readonly avatars_left: number;
  readonly entities_more: number;
  /** Of the server, asked to stop. */
  readonly exit_code: number | null;
}

/**
 * Resident memory breathes with the collector and with how full the kernel's buffers are: what leaks faster than this
 * shows, the rest is the heap's to show.
 */
export const RSS_MIB_PER_MIN_MOST = 2;
/** Of what is alive once all garbage is gone: at some four joins a second this is about a kilobyte a join. */
export const HEAP_MIB_PER_MIN_MOST = 0.25;
/** A tick in a thousand: a machine that others use too stalls now and then. */
export const SKIPPED_SHARE_MOST = 0.001;

/** What is wrong, each in a sentence; empty when the server stood it. */
export function soakObjections(figures: SoakFigures): string[] {
  const found: string[] = [];
  const grows = (what: string, perMin: number | null, most: number): void => {
    if (perMin === null) found.push(`${what} was not measured`);
    else if (perMin > most) found.push(`${what} grows by ${perMin} MiB a minute, more than ${most}`);
  };
  grows('resident memory', figures.rss_mib_per_min, RSS_MIB_PER_MIN_MOST);
  grows('the heap', figures.heap_mib_per_min, HEAP_MIB_PER_MIN_MOST);
  if (figures.ticks === 0) found.push('no tick was run');
  else if (figures.ticks_skipped > figures.ticks * SKIPPED_SHARE_MOST)
    found.push(`${figures.ticks_skipped} of ${figures.ticks} ticks were skipped`);
  if (figures.joins === 0) found.push('nobody joined');
  if (figures.disconnects > 0) found.push(`${figures.disconnects} connections were lost`);
  if (figures.protocol_errors > 0) found.push(`${figures.protocol_errors} protocol errors`);
  if (figures.players_left !== 0) found.push(`${figures.players_left} players are left at the gateway`);
  if (figures.connections_left !== 0) found.push(`${figures.connections_left} connections are left`);
  if (figures.avatars_left !== 0) found.push(`${figures.avatars_left} avatars are left in the zone`);
  if (figures.entities_more !== 0) found.push(`there are ${figures.entities_more} more entities than at the start`);
  if (figures.exit_code !== 0) found.push(`the server ended with ${figures.exit_code}`);
  return found;
}
