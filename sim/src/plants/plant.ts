import type { CheckName } from '../checks/violation.ts';
import type { Cluster } from '../cluster/cluster.ts';

/** A known bug, put in on purpose to see that the checks find it. */
export interface Plant {
  readonly name: string;
  /** What is wrong with it in. */
  readonly sentence: string;
  /** The checks that may find it; whichever comes first. */
  readonly foundBy: readonly CheckName[];
  /** Among how many zones it shows; left out: one. */
  readonly zones?: number;
  /** Shows in longer runs only, or not at all: not looked for in every test. */
  readonly slow?: boolean;
  /** Puts it in; returns what takes it out again. */
  plant(cluster: Cluster): () => void;
}
