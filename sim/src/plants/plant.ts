import type { CheckName } from '../checks/violation.ts';
import type { Cluster } from '../cluster/cluster.ts';

/** A known bug, put in on purpose to see that the checks find it. */
export interface Plant {
  readonly name: string;
  /** What is wrong with it in. */
  readonly sentence: string;
  /** The checks that may find it; whichever comes first. */
  readonly foundBy: readonly CheckName[];
  /** Puts it in; returns what takes it out again. */
  plant(cluster: Cluster): () => void;
}
