import type { Clock } from '@lifeverse/base';
import { type Bus, subjects } from './bus.ts';
import type { LiveToggles, RefusedToggle } from './live-toggles.ts';
import { decodeToggleSet } from './toggle-set.ts';
import type { ToggleDeclarations } from './toggles.ts';

export interface ToggleFollowing<D extends ToggleDeclarations> {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly live: LiveToggles<D>;
  /** Told once for each version that this process cannot take. */
  refused?(toggle: RefusedToggle): void;
}

/** Two backends agree within seconds; a lower revision that lasts longer is a database that was set back. */
const SET_BACK_MS = 10_000;

/** For processes without a database: toggles as the backends say them on the bus. Returns what ends it. */
export function followToggles<D extends ToggleDeclarations>(following: ToggleFollowing<D>): () => void {
  const { bus, clock, live } = following;
  let revision = 0;
  let heardAtMs = Number.NEGATIVE_INFINITY;
  return bus.subscribe(subjects.toggles, (bytes) => {
    const set = decodeToggleSet(bytes);
    const nowMs = clock.nowMs();
    if (set === undefined || (set.revision < revision && nowMs - heardAtMs < SET_BACK_MS)) return;
    revision = set.revision;
    heardAtMs = nowMs;
    for (const toggle of live.replace(set)) following.refused?.(toggle);
  });
}
