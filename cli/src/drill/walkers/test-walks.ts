import type { Count, Input, Life, PlayerRecord, Told, Walk, WalkEvidence } from './record.ts';

const TICK_MS = 50;
const METRES_PER_TICK = 0.15;

export const strikeMs = 2_000;
export const backMs = 3_000;

/** Inputs that were all acknowledged, one in each tick; the first walks east. */
function inputs(fromMs: number, numbers: readonly number[]): Input[] {
  const does: (Count | Walk)[] = [{ towards: 0 }, ...numbers.map((count) => ({ count }))];
  return does.map((one, index) => ({
    ...{ sequence: index + 1, tick: index + 1, sentMs: fromMs + index * TICK_MS, does: one },
    ...{ ackedMs: fromMs + (index + 1) * TICK_MS, refused: false },
  }));
}

/** The server's words of a life that begins there, with so many counted before: one for each tick. */
function told(fromMs: number, x: number, counted: number, numbers: readonly number[]): Told[] {
  return [0, 0, ...numbers].map((_, index) => ({
    ...{ atMs: fromMs + index * TICK_MS, tick: index, applied: index, x: x + index * METRES_PER_TICK, y: 0 },
    ...{ counted: counted + Math.max(0, index - 1), last: counted + Math.max(0, index - 1) },
  }));
}

function life(entity: number, fromMs: number, x: number, counted: number, numbers: readonly number[]): Life {
  return { gateway: 0, entity, inputs: inputs(fromMs, numbers), told: told(fromMs, x, counted, numbers) };
}

/** Five inputs are counted in one life, then the gateway dies, and five in the next, a metre further on. */
function player(name: string, entity: number): PlayerRecord {
  const lives = [life(entity, strikeMs - 300, 100, 0, [1, 2, 3, 4, 5]), life(entity, backMs, 102, 5, [6, 7, 8, 9, 10])];
  return { name, lives, lostMs: [strikeMs], screens: [], rates: [], ended: null };
}

/** Two players for whom all is well. */
export function fineWalks(): WalkEvidence {
  return {
    records: [player('Ann', 1), player('Bob', 2)],
    sightings: [
      [
        { name: 'Ann', entity: 1 },
        { name: 'Bob', entity: 2 },
        { name: 'Bob', entity: 2 },
      ],
    ],
    endMs: backMs + 400,
  };
}
