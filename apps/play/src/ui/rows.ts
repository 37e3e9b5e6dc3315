/** A line of a panel: words, and what can be done about them. */
export interface Row {
  readonly words: string;
  readonly actions: readonly Action[];
}

export interface Action {
  readonly label: string;
  /** For who hears the button alone. */
  readonly name: string;
  run(): void;
}

/** Fills a list with rows, when they have changed; whoever was on a button stays on the one of the same name. */
export class Rows {
  readonly #list: HTMLElement;
  readonly #empty: string;
  #shown = '';
  #rows: readonly Row[] = [];

  /** `empty`: what stands there when there is nothing. */
  constructor(list: HTMLElement, empty: string) {
    this.#list = list;
    this.#empty = empty;
  }

  show(rows: readonly Row[]): void {
    this.#rows = rows;
    const now = JSON.stringify(rows.map(({ words, actions }) => [words, actions.map(({ name }) => name)]));
    if (now === this.#shown) return;
    this.#shown = now;
    const focused = this.#list.contains(document.activeElement)
      ? document.activeElement?.getAttribute('aria-label')
      : null;
    this.#list.replaceChildren(
      ...(rows.length === 0 ? [line(this.#empty)] : rows.map((row, at) => this.#item(row, at))),
    );
    if (focused !== null && focused !== undefined) this.focus(focused);
  }

  /** The keyboard goes to the button of that name; when it is gone, to the first one or the panel. */
  focus(name: string): void {
    const buttons = [...this.#list.querySelectorAll('button')];
    const same = buttons.find((button) => button.getAttribute('aria-label') === name);
    (same ?? buttons[0] ?? this.#list.closest<HTMLElement>('[tabindex]'))?.focus({ preventScroll: true });
  }

  #item({ words, actions }: Row, at: number): HTMLElement {
    const item = line(words);
    const buttons = document.createElement('div');
    if (actions.length > 0) item.append(buttons);
    actions.forEach(({ label, name }, index) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = label;
      button.setAttribute('aria-label', name);
      button.addEventListener('click', () => this.#rows[at]?.actions[index]?.run());
      buttons.append(button);
    });
    return item;
  }
}

function line(words: string): HTMLElement {
  const item = document.createElement('li');
  const text = document.createElement('span');
  text.textContent = words;
  item.append(text);
  return item;
}
