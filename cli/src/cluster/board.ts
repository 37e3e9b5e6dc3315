import { changeSentences, isChanged, type RowObject, rowObject } from './changes.ts';
import type { Screen } from './screen.ts';
import { type Row, tableLines } from './table.ts';

export interface BoardOptions {
  readonly screen: Screen;
  /** A line of JSON for each process that is not what it was. */
  readonly json: boolean;
}

/** What is going on in the cluster, before somebody's eyes: the table, and lines of what has changed. */
export class Board {
  readonly #options: BoardOptions;
  #rows = new Map<string, Row>();
  readonly #objects = new Map<string, RowObject>();

  constructor(options: BoardOptions) {
    this.#options = options;
  }

  /** `nowMs` by the clock of the rows, `ranMs` since the start. */
  show(rows: readonly Row[], nowMs: number, ranMs: number): void {
    const { screen, json } = this.#options;
    for (const row of rows) {
      for (const sentence of changeSentences(this.#rows.get(row.name), row)) screen.line(sentence);
      if (json) this.#tell(row, ranMs);
    }
    this.#rows = new Map(rows.map((row) => [row.name, row]));
    screen.table((width) => tableLines(rows, nowMs, width));
  }

  #tell(row: Row, ranMs: number): void {
    const now = rowObject(row);
    if (!isChanged(this.#objects.get(row.name), now)) return;
    this.#objects.set(row.name, now);
    this.#options.screen.line(JSON.stringify({ ran_ms: Math.round(ranMs), ...now }));
  }
}
