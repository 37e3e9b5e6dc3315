/**
 * Who sees what (SY2): a pure function of the anchor cell. The view's cells are numbered nearest first; a section on
 * the wire names its cell by that number, plus the view's size times the number of its audience.
 */
export interface View {
  readonly dx: readonly number[];
  readonly dy: readonly number[];
  readonly size: number;
  /** How many of the farthest cells lie beyond that radius: the link class of who sees no farther. */
  beyond(radiusCells: number): number;
  /** The number of the cell at that offset, -1 when it is not in view. */
  indexAt(dx: number, dy: number): number;
}

export function compileView(viewCellsSquared: number): View {
  const reach = Math.floor(Math.sqrt(viewCellsSquared));
  const offsets: { dx: number; dy: number }[] = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) if (dx * dx + dy * dy <= viewCellsSquared) offsets.push({ dx, dy });
  }
  offsets.sort((a, b) => a.dx * a.dx + a.dy * a.dy - (b.dx * b.dx + b.dy * b.dy) || a.dy - b.dy || a.dx - b.dx);
  const side = 2 * reach + 1;
  const indices = new Int16Array(side * side).fill(-1);
  offsets.forEach(({ dx, dy }, index) => {
    indices[(dy + reach) * side + dx + reach] = index;
  });
  return {
    dx: offsets.map((offset) => offset.dx),
    dy: offsets.map((offset) => offset.dy),
    size: offsets.length,
    beyond: (radiusCells) => offsets.filter(({ dx, dy }) => dx * dx + dy * dy > radiusCells * radiusCells).length,
    indexAt(dx, dy) {
      if (dx < -reach || dx > reach || dy < -reach || dy > reach) return -1;
      return indices[(dy + reach) * side + dx + reach] as number;
    },
  };
}
