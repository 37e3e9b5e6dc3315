import type { Attack } from './attack.ts';
import { announced } from './attacks/announced.ts';
import { cheating } from './attacks/cheating.ts';
import { fragments } from './attacks/fragments.ts';
import { halfOpen } from './attacks/half-open.ts';
import { randomFrames } from './attacks/random-frames.ts';
import { stalledReader } from './attacks/stalled-reader.ts';

export const attacks: readonly Attack[] = [halfOpen, randomFrames, fragments, announced, cheating, stalledReader];
