import type { TradeTable } from '@lifeverse/client';
import { type Belonging, type Dealing, stakeInWords } from '../dealing.ts';
import type { Doings } from './doings.ts';
import { element } from './element.ts';

/** The table between two: what each lays there, and who has accepted it as it lies there now. */
export class TradePanel {
  readonly #panel = element('trade', HTMLElement);
  readonly #title = element('trade-title', HTMLElement);
  readonly #theirs = element('trade-theirs', HTMLElement);
  readonly #state = element('trade-state', HTMLElement);
  readonly #money = element('trade-money', HTMLInputElement);
  readonly #items = element('trade-items', HTMLElement);
  readonly #accept = element('trade-accept', HTMLButtonElement);
  readonly #doings: Doings;
  readonly #told: (sentence: string) => void;
  readonly #back: () => void;
  #dealing: Dealing | null = null;
  #table: TradeTable | null = null;
  #shownItems = '';
  #shownWords = '';

  /** `told`: what happens at the table, in a sentence. `back`: the world has the keyboard again. */
  constructor(doings: Doings, told: (sentence: string) => void, back: () => void) {
    this.#doings = doings;
    this.#told = told;
    this.#back = back;
    element('trade-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      this.#offer();
    });
    this.#accept.addEventListener('click', () => this.#acceptIt());
    element('trade-cancel', HTMLButtonElement).addEventListener('click', () => {
      const dealing = this.#dealing;
      if (dealing !== null)
        void this.#doings.run('Leaving the table', 'You have left the table.', () => dealing.cancel());
    });
  }

  get isOpen(): boolean {
    return !this.#panel.hidden;
  }

  focus(): void {
    this.#panel.focus({ preventScroll: true });
  }

  /** Once a frame; `nameOf`: of whom one trades with. */
  update(dealing: Dealing | null, nameOf: (id: number) => string): void {
    this.#dealing = dealing;
    const table = dealing?.table ?? null;
    const before = this.#table;
    this.#table = table;
    if (table === null) {
      if (before !== null) this.#close();
      return;
    }
    const who = nameOf(table.with);
    if (before === null) this.#open(who);
    this.#ownItems(dealing?.items ?? [], table);
    this.#words(table, who);
  }

  #open(who: string): void {
    this.#panel.hidden = false;
    this.#title.textContent = `Trade with ${who}`;
    this.#money.value = '0';
    this.#shownItems = this.#shownWords = '';
    this.#told(`You and ${who} are trading. Press T to go to the table.`);
  }

  #close(): void {
    const inside = this.#panel.contains(document.activeElement);
    this.#panel.hidden = true;
    this.#told('The trade is over.');
    if (inside) this.#back();
  }

  /** One box for each thing one has; what is ticked stays ticked. */
  #ownItems(items: readonly Belonging[], table: TradeTable): void {
    const now = JSON.stringify(items);
    if (now === this.#shownItems) return;
    this.#shownItems = now;
    const ticked = new Set([...this.#ticked().map(({ id }) => id), ...table.mine.items.map(({ id }) => id)]);
    const boxes = items.map(({ id, kind }) => {
      const label = document.createElement('label');
      const box = document.createElement('input');
      box.type = 'checkbox';
      box.value = String(id);
      box.dataset.kind = kind;
      box.checked = ticked.has(id);
      label.append(box, ` ${kind}`);
      return label;
    });
    this.#items.replaceChildren(...boxes);
  }

  #ticked(): Belonging[] {
    const boxes = [...this.#items.querySelectorAll<HTMLInputElement>('input:checked')];
    return boxes.map((box) => ({ id: Number(box.value), kind: box.dataset.kind ?? '' }));
  }

  #words(table: TradeTable, who: string): void {
    const theirs = `${who} gives ${stakeInWords(table.theirs.items, table.theirs.money)}.`;
    const mine = `You give ${stakeInWords(table.mine.items, table.mine.money)}.`;
    const accepted = table.iAccept
      ? `You have accepted. Waiting for ${who}…`
      : table.theyAccept
        ? `${who} has accepted this.`
        : 'Nobody has accepted yet.';
    const words = `${theirs} ${mine} ${accepted}`;
    this.#accept.disabled = table.iAccept;
    if (words === this.#shownWords) return;
    this.#shownWords = words;
    this.#theirs.textContent = `${theirs} ${mine}`;
    this.#state.textContent = accepted;
    this.#state.dataset.pending = String(table.iAccept);
  }

  #offer(): void {
    const [dealing, table] = [this.#dealing, this.#table];
    if (dealing === null || table === null) return;
    const money = Math.max(0, Math.floor(Number(this.#money.value) || 0));
    const items = this.#ticked();
    const words = stakeInWords(items, money);
    void this.#doings.run(`Laying ${words} on the table`, `You offer ${words}.`, () =>
      dealing.offer(table.version, money, items),
    );
  }

  #acceptIt(): void {
    const [dealing, table] = [this.#dealing, this.#table];
    if (dealing === null || table === null) return;
    const words = `You gave ${stakeInWords(table.mine.items, table.mine.money)} and got ${stakeInWords(table.theirs.items, table.theirs.money)}.`;
    void this.#doings.run('Waiting until both have accepted', `Done. ${words}`, () => dealing.accept(table.version));
  }
}
