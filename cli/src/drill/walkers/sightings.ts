import type { Sighting } from './record.ts';

type Sightings = readonly (readonly Sighting[])[];

/** How often somebody was there more than once at the same time. `wrong` is told of each. */
export function doubledIn(sightings: Sightings, wrong: string[]): number {
  let doubled = 0;
  for (const seen of sightings) {
    const entities = new Map<string, Set<number>>();
    for (const { name, entity } of seen) entities.set(name, (entities.get(name) ?? new Set()).add(entity));
    for (const [name, { size }] of entities) {
      if (size < 2) continue;
      doubled += size - 1;
      wrong.push(`${name} was seen ${size} times at once`);
    }
  }
  return doubled;
}

/** How often somebody was seen by nobody, not even by themselves. */
export function unseenIn(sightings: Sightings, names: readonly string[], wrong: string[]): number {
  let unseen = 0;
  for (const seen of sightings) {
    const there = new Set(seen.map(({ name }) => name));
    for (const name of names) {
      if (there.has(name)) continue;
      unseen++;
      wrong.push(`${name} was seen by nobody`);
    }
  }
  return unseen;
}
