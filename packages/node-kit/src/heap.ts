import { setFlagsFromString } from 'node:v8';

/**
 * Of what outlived the last full collection: so much more, and the next one begins. Left alone, it is up to three times as much,
 * which looks like memory that an attack has taken; at 40 the collections themselves were to be felt in a tick.
 */
const OLD_GROWTH_PERCENT = 100;

/**
 * Keeps the heap close to what is alive in it. The space for young objects stays as small as it is: left alone, it
 * quadruples while many players join, is never given back, and looks like memory per player; what a tick leaves behind
 * fits many times over. What is dead among the old ones, as who comes and goes leaves it, is cleared away before it is
 * much more than what lives. To be called at the start.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString(`--heap-growing-percent=${OLD_GROWTH_PERCENT}`);
}
