import type { Loss } from '../parts/drilled-part.ts';

/** One of the drills that take something away from a cluster and give it back. */
export interface OutageKind {
  readonly drill: 'nats-loss' | 'database-restart' | 'database-loss' | 'slow-disk' | 'backend-loss';
  readonly part: 'NATS' | 'the database' | 'the backend';
  /** How it is taken away, one way and then the next. */
  readonly ways: readonly Loss[];
  /** False: it is given back at once. */
  readonly lasts: boolean;
  /** Whether players walk on meanwhile. */
  readonly playGoesOn: boolean;
  /** Whether what is to last is put off meanwhile, and not only done late. */
  readonly putsOff: boolean;
}

export const natsLoss: OutageKind = {
  ...{ drill: 'nats-loss', part: 'NATS' },
  ...{ ways: ['killed', 'silent'], lasts: true, playGoesOn: false, putsOff: false },
};

export const databaseRestart: OutageKind = {
  ...{ drill: 'database-restart', part: 'the database' },
  ...{ ways: ['stopped', 'killed'], lasts: false, playGoesOn: true, putsOff: false },
};

export const databaseLoss: OutageKind = {
  ...{ drill: 'database-loss', part: 'the database' },
  ...{ ways: ['killed', 'silent'], lasts: true, playGoesOn: true, putsOff: true },
};

export const slowDisk: OutageKind = {
  ...{ drill: 'slow-disk', part: 'the database' },
  ...{ ways: ['slow'], lasts: true, playGoesOn: true, putsOff: false },
};

export const backendLoss: OutageKind = {
  ...{ drill: 'backend-loss', part: 'the backend' },
  ...{ ways: ['killed'], lasts: true, playGoesOn: true, putsOff: false },
};
