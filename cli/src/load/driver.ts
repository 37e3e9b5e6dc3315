import type { Place, Walk } from './avatar.ts';

/** Decides when one player is in the world, and where it goes. Times are milliseconds of the run, never going back. */
export interface Driver {
  /** When it wants to be asked again. */
  readonly dueMs: number;
  present(runMs: number): boolean;
  /** What to do now, being there; null: go on as before. */
  steer(runMs: number, at: Readonly<Place>): Walk | null;
}
