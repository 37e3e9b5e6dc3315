import { violationLine } from '../report/report.ts';
import { Tally } from '../report/tally.ts';
import { type Settings, simulate } from '../simulation.ts';

/** Fewer faults than this have shown nothing. */
const FAULTS_MIN = 5;

export interface Search {
  /** Runs that ended as they should. */
  readonly runs: number;
  /** Virtual time of all runs. */
  readonly seconds: number;
  /** Of the run with the fewest. */
  readonly faultsMin: number;
  /** Of all runs. */
  readonly tally: Tally;
  /** What did not hold, and how to see it again; null when everything held. */
  readonly violation: string | null;
}

/** Runs seed after seed until something does not hold that always must. */
export function search(
  settings: Omit<Settings, 'seed'>,
  { from, seeds }: { readonly from: number; readonly seeds: number },
  progress: (runs: number, sofar: Tally) => void = () => {},
): Search {
  const tally = new Tally();
  let faultsMin = Number.POSITIVE_INFINITY;
  let seconds = 0;
  for (let runs = 0; runs < seeds; runs++) {
    const run: Settings = { ...settings, seed: (from + runs) >>> 0 };
    const outcome = simulate(run);
    for (const [kind, count] of outcome.tally.entries()) tally.add(kind, count);
    seconds += outcome.violation?.atS ?? run.seconds;
    faultsMin = Math.min(faultsMin, outcome.faults);
    const few = outcome.violation === null && outcome.faults < FAULTS_MIN;
    const violation = few
      ? { check: 'nothing went wrong' as const, what: `${outcome.faults} faults`, atS: run.seconds }
      : outcome.violation;
    if (violation !== null) {
      const line = violationLine({ ...outcome, violation }, run);
      return { runs, seconds, faultsMin, tally, violation: line };
    }
    progress(runs + 1, tally);
  }
  return { runs: seeds, seconds, faultsMin, tally, violation: null };
}
