import { sequenceUnchecked, stableEarly } from './inputs.ts';
import { deskAskedOnce, loadForgotten, savedEarly } from './keeping.ts';
import {
  attachSaidOnce,
  characterDoubled,
  detachSaidOnce,
  epochUnchecked,
  gapUnnoticed,
  generationKept,
} from './ownership.ts';
import type { Plant } from './plant.ts';
import {
  audienceIgnored,
  eventRepeated,
  headsUnchecked,
  keyFromTruth,
  lostLeave,
  slotVersionUnchecked,
  slowNotKeyed,
} from './streams.ts';

/** Known bugs that the checks must find. Each stands at the doors of processes, or in a codec: production code has no hook for it. */
export const plants: readonly Plant[] = [
  lostLeave,
  keyFromTruth,
  headsUnchecked,
  slotVersionUnchecked,
  slowNotKeyed,
  audienceIgnored,
  eventRepeated,
  stableEarly,
  sequenceUnchecked,
  epochUnchecked,
  generationKept,
  gapUnnoticed,
  characterDoubled,
  attachSaidOnce,
  detachSaidOnce,
  deskAskedOnce,
  loadForgotten,
  savedEarly,
];
