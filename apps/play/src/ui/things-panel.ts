import type { Vec2 } from '@lifeverse/definition';
import { type Belonging, coins, type Dealing, one } from '../dealing.ts';
import type { Doings } from './doings.ts';
import { element } from './element.ts';
import { type Row, Rows } from './rows.ts';

/** Somebody, or something on the ground, within reach. */
export interface Near {
  readonly id: number;
  readonly name: string;
}

export interface ThingsView {
  readonly dealing: Dealing;
  readonly at: Vec2;
  readonly people: readonly Near[];
  readonly lying: readonly Near[];
}

export interface ThingsActions {
  trade(other: Near): void;
  goTo(point: Vec2): void;
  /** The world has the keyboard again. */
  back(): void;
}

/** One's things, and what can be done with them here: the stall, the ground, the people within reach. */
export class ThingsPanel {
  readonly #panel = element('things', HTMLElement);
  readonly #purse = element('things-purse', HTMLElement);
  readonly #stallTitle = element('things-stall-title', HTMLElement);
  readonly #walk = element('things-walk', HTMLButtonElement);
  readonly #mine = new Rows(element('things-mine', HTMLElement), 'You carry nothing.');
  readonly #stall = new Rows(element('things-stall', HTMLElement), 'No stall is within reach.');
  readonly #lying = new Rows(element('things-lying', HTMLElement), 'Nothing lies here.');
  readonly #people = new Rows(element('things-people', HTMLElement), 'Nobody is within reach.');
  readonly #doings: Doings;
  readonly #actions: ThingsActions;
  #view: ThingsView | null = null;

  constructor(doings: Doings, actions: ThingsActions) {
    this.#doings = doings;
    this.#actions = actions;
    element('things-close', HTMLButtonElement).addEventListener('click', () => this.close());
    this.#walk.addEventListener('click', () => {
      const way = this.#view?.dealing.wayToMarket(this.#view.at) ?? null;
      if (way !== null) actions.goTo(way);
    });
  }

  get isOpen(): boolean {
    return !this.#panel.hidden;
  }

  toggle(): void {
    if (this.isOpen) this.close();
    else {
      this.#panel.hidden = false;
      this.#panel.focus({ preventScroll: true });
    }
  }

  close(): void {
    if (!this.isOpen) return;
    this.#panel.hidden = true;
    this.#actions.back();
  }

  update(view: ThingsView): void {
    this.#view = view;
    if (!this.isOpen) return;
    const { dealing, at } = view;
    const stall = dealing.stallNear(at);
    const purse = `You have ${coins(dealing.purse)}.`;
    if (this.#purse.textContent !== purse) this.#purse.textContent = purse;
    const title = stall === null ? 'Market' : 'The stall before you';
    if (this.#stallTitle.textContent !== title) this.#stallTitle.textContent = title;
    this.#walk.hidden = stall !== null || dealing.wayToMarket(at) === null;
    this.#mine.show(this.#mineRows(view));
    this.#stall.show(stall === null ? [] : this.#stallRows(dealing, stall));
    this.#lying.show(view.lying.map((thing) => this.#lyingRow(dealing, thing)));
    this.#people.show(
      view.people.map((person) => ({
        words: person.name,
        actions: [{ label: 'Trade', name: `Trade with ${person.name}`, run: () => this.#actions.trade(person) }],
      })),
    );
  }

  #mineRows({ dealing, at }: ThingsView): Row[] {
    const stall = dealing.stallNear(at);
    const kinds = new Map<string, Belonging[]>();
    for (const item of dealing.items) kinds.set(item.kind, [...(kinds.get(item.kind) ?? []), item]);
    return [...kinds].map(([kind, items]) => {
      const { id } = items[0] as Belonging;
      const pays = stall?.wares.find((ware) => ware.kind === kind)?.pays;
      const drop = {
        label: 'Put down',
        name: `Put down ${one(kind)}`,
        run: () =>
          void this.#doings.run(`Putting down ${one(kind)}`, `You have put down ${one(kind)}.`, () => dealing.drop(id)),
      };
      const sell = {
        label: `Sell for ${pays}`,
        name: `Sell for ${coins(pays ?? 0)}: ${one(kind)}`,
        run: () =>
          void this.#doings.run(`Selling ${one(kind)}`, `You have sold ${one(kind)} for ${coins(pays ?? 0)}.`, () =>
            dealing.sell(stall?.name ?? '', id, pays ?? 0),
          ),
      };
      return {
        words: items.length === 1 ? kind : `${kind} × ${items.length}`,
        actions: pays === undefined ? [drop] : [sell, drop],
      };
    });
  }

  #stallRows(dealing: Dealing, stall: NonNullable<ReturnType<Dealing['stallNear']>>): Row[] {
    return stall.wares.map(({ kind, asks }) => ({
      words: `${kind}: ${coins(asks)}`,
      actions: [
        {
          label: 'Buy',
          name: `Buy ${one(kind)} for ${coins(asks)}`,
          run: () =>
            void this.#doings.run(`Buying ${one(kind)}`, `You have bought ${one(kind)} for ${coins(asks)}.`, () =>
              dealing.buy(stall.name, kind, asks),
            ),
        },
      ],
    }));
  }

  #lyingRow(dealing: Dealing, { id, name }: Near): Row {
    const run = (): void =>
      void this.#doings.run(`Picking up ${one(name)}`, `You have picked up ${one(name)}.`, () => dealing.pickUp(id));
    return { words: name, actions: [{ label: 'Pick up', name: `Pick up ${one(name)}`, run }] };
  }
}
