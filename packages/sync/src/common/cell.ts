/**
 * Cells: squares of the world, unit of interest and of encoding. A cell's key is one safe integer; coordinates are
 * cell numbers from the world's origin, -32768..32767. There is one level today: a key leaves room for more.
 */
export type CellKey = number;

const OFFSET = 32_768;
const SPAN = 65_536;

export function cellKey(x: number, y: number): CellKey {
  return (y + OFFSET) * SPAN + (x + OFFSET);
}

export function cellX(key: CellKey): number {
  return (key % SPAN) - OFFSET;
}

export function cellY(key: CellKey): number {
  return Math.floor(key / SPAN) - OFFSET;
}

/** How far beyond its cell's edge an entity goes before it changes cell: pacing along an edge costs nothing. */
export const CELL_HYSTERESIS_MM = 1_000;

/** The cell number along one axis for a position, given the one it was in (SY1). */
export function cellAlong(positionMm: number, cellMm: number, current: number): number {
  const low = current * cellMm - CELL_HYSTERESIS_MM;
  if (positionMm >= low && positionMm < low + cellMm + 2 * CELL_HYSTERESIS_MM) return current;
  return Math.floor(positionMm / cellMm);
}
