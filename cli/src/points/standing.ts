import { inWords } from '../drill/report/in-words.ts';
import type { DrillRun } from './drill-runs.ts';
import { type Part, parts } from './parts.ts';
import type { Topology } from './topology.ts';

/** Where a part stands: how many there are, and what its loss was measured to be. */
export interface Standing {
  readonly part: string;
  readonly loss: string;
  readonly drill: string | null;
  /** Null: nothing runs that was looked at, or it is not seen from inside. */
  readonly here: string | null;
  /** Nobody takes over from it; null: not known. */
  readonly isSingle: boolean | null;
  /** Null: no drill of it is on record. */
  readonly measured: Measured | null;
}

export interface Measured {
  readonly recovery: string;
  readonly players: number;
  readonly faults: number;
  readonly passed: boolean;
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  readonly command: string;
}

/** `topology` null: of no world in particular. */
export function standingOf(topology: Topology | null, runs: ReadonlyMap<string, DrillRun>): Standing[] {
  return parts.map((part) => {
    const here = topology === null ? null : (part.here?.(topology) ?? null);
    return {
      part: part.name,
      loss: part.loss,
      drill: part.drill,
      here: here?.words ?? null,
      isSingle: here?.isSingle ?? null,
      measured: measuredOf(part, part.drill === null ? undefined : runs.get(part.drill)),
    };
  });
}

function measuredOf({ recovery }: Part, run: DrillRun | undefined): Measured | null {
  if (run === undefined) return null;
  const { result, command, date, commit, machine } = run;
  const value = result[recovery.figure];
  const ms = typeof value === 'number' ? value * (recovery.unit === 's' ? 1_000 : 1) : null;
  return {
    ...{ command, date, commit, machine, players: result.players, faults: result.faults_injected },
    ...{ passed: result.passed, recovery: `${inWords(ms)} (${recovery.words})` },
  };
}
