/** Side of a cell, and how far a player sees: the cells whose offset (x, y) has x*x + y*y <= 5, 21 of them. As ours. */
const CELL_M = 32;
const REACH_SQUARED = 5;

const reach: { readonly x: number; readonly y: number }[] = [];
for (let y = -2; y <= 2; y++) {
  for (let x = -2; x <= 2; x++) {
    if (x * x + y * y <= REACH_SQUARED) reach.push({ x, y });
  }
}

export interface GridMember {
  /** Column and row of the cell; kept by the grid. */
  column: number;
  row: number;
}

/**
 * Who sees whom, kept up to date by what changes: a member that crosses into another cell costs the cells that came
 * into its reach and those that left it. Sight is mutual.
 */
export class InterestGrid<T extends GridMember> {
  readonly #columns: number;
  readonly #cells: Set<T>[];

  constructor(sideM: number) {
    this.#columns = Math.floor(sideM / CELL_M) + 1;
    this.#cells = Array.from({ length: this.#columns * this.#columns }, () => new Set<T>());
  }

  enter(member: T, xM: number, yM: number, meets: (a: T, b: T) => void): void {
    member.column = Math.floor(xM / CELL_M);
    member.row = Math.floor(yM / CELL_M);
    this.#around(member.column, member.row, Number.NaN, Number.NaN, (other) => meets(member, other));
    this.#cellAt(member.column, member.row)?.add(member);
  }

  leave(member: T, parts: (a: T, b: T) => void): void {
    this.#cellAt(member.column, member.row)?.delete(member);
    this.#around(member.column, member.row, Number.NaN, Number.NaN, (other) => parts(member, other));
  }

  move(member: T, xM: number, yM: number, meets: (a: T, b: T) => void, parts: (a: T, b: T) => void): void {
    const column = Math.floor(xM / CELL_M);
    const row = Math.floor(yM / CELL_M);
    if (column === member.column && row === member.row) return;
    const [fromColumn, fromRow] = [member.column, member.row];
    this.#cellAt(fromColumn, fromRow)?.delete(member);
    this.#around(fromColumn, fromRow, column, row, (other) => parts(member, other));
    this.#around(column, row, fromColumn, fromRow, (other) => meets(member, other));
    member.column = column;
    member.row = row;
    this.#cellAt(column, row)?.add(member);
  }

  /** Everyone within reach of one cell and not within reach of the other. */
  #around(column: number, row: number, butColumn: number, butRow: number, each: (other: T) => void): void {
    for (const offset of reach) {
      const [x, y] = [column + offset.x, row + offset.y];
      const [dx, dy] = [x - butColumn, y - butRow];
      if (dx * dx + dy * dy <= REACH_SQUARED) continue;
      const cell = this.#cellAt(x, y);
      if (cell !== undefined) for (const other of cell) each(other);
    }
  }

  #cellAt(column: number, row: number): Set<T> | undefined {
    if (column < 0 || row < 0 || column >= this.#columns || row >= this.#columns) return undefined;
    return this.#cells[row * this.#columns + column];
  }
}
