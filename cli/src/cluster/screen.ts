/** What a screen needs of a terminal. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const UP_AND_ERASE = (lines: number): string => (lines === 0 ? '' : `\u001b[${lines}A\u001b[J`);

/** Lines that scroll by, and on a terminal a table that stays beneath them. */
export class Screen {
  readonly #output: Output;
  #table: readonly string[] = [];

  constructor(output: Output) {
    this.#output = output;
  }

  line(text: string): void {
    this.#output.write(`${this.#erase()}${text}\n${this.#drawn()}`);
  }

  /** `draw`: the lines, for as many columns as there are. Nothing where no terminal is. */
  table(draw: (columns: number) => readonly string[]): void {
    if (this.#output.isTTY !== true) return;
    const erased = this.#erase();
    this.#table = draw(this.#columns);
    this.#output.write(erased + this.#drawn());
  }

  get #columns(): number {
    return this.#output.columns ?? Number.POSITIVE_INFINITY;
  }

  #erase(): string {
    return UP_AND_ERASE(this.#table.length);
  }

  /** A line that wrapped would be two to erase. */
  #drawn(): string {
    return this.#table.map((line) => `${line.slice(0, this.#columns)}\n`).join('');
  }
}
