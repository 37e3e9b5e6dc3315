import type { Account, WayIn } from '../account.ts';
import { CredentialsForm, passwordField } from './credentials-form.ts';
import { element } from './element.ts';
import { providerWords } from './provider-buttons.ts';
import { type Action, Rows } from './rows.ts';

export interface WaysInActions {
  /** The player wants to come back by e-mail address and password as well. */
  add(): void;
  /** Something about the account is another now; `words`: what was done. */
  changed(words: string): Promise<void>;
  /** Does it, and says why not where it is refused. */
  attempt(work: () => Promise<void>): Promise<void>;
}

/** What a way in is called. */
export function wayInWords({ kind, label }: WayIn): string {
  return kind === 'oidc' ? providerWords(label) : label;
}

/** How the player can come back: each way can be given up except for the last, and the password changed. */
export class WaysIn {
  readonly #rows = new Rows(element('account-ways', HTMLElement), 'None.');
  readonly #change = element('change-form', HTMLFormElement);
  readonly #form: CredentialsForm;
  readonly #ask = element('account-ask', HTMLElement);
  readonly #question = element('account-question', HTMLElement);
  readonly #no = element('account-no', HTMLButtonElement);
  readonly #account: Account;
  readonly #actions: WaysInActions;
  #givenUp: WayIn | null = null;

  constructor(account: Account, actions: WaysInActions) {
    this.#account = account;
    this.#actions = actions;
    this.#form = new CredentialsForm(this.#change, {
      id: 'change',
      fields: [
        { ...passwordField, label: 'Your password now', missing: 'Write the password that you have now.' },
        {
          name: 'newPassword',
          label: 'A new password',
          type: 'password',
          autocomplete: 'new-password',
          missing: 'Write a new password.',
        },
      ],
      action: 'Change the password',
      doing: 'Changing it…',
      hint: 'Ten characters or more. All your other devices are logged out.',
      submit: async (password = '', newPassword = '') => {
        await account.changePassword(password, newPassword);
        await actions.changed('The password is changed. All your other devices are logged out.');
      },
    });
    element('account-yes', HTMLButtonElement).addEventListener('click', () => void this.#giveUp());
    this.#no.addEventListener('click', () => this.#refrain());
  }

  show(ways: readonly WayIn[]): void {
    this.clear();
    const isLast = ways.length === 1;
    const rows = ways.map((way) => ({ words: rowWords(way), actions: this.#actionsOf(way, isLast) }));
    const add: Action = { label: 'Add', name: 'Add an e-mail address', run: () => this.#actions.add() };
    const hasEmail = ways.some(({ kind }) => kind === 'email');
    this.#rows.show(hasEmail ? rows : [...rows, { words: 'E-mail and password\nNot yet', actions: [add] }]);
  }

  /** Nothing is asked any more, and what was typed is forgotten. */
  clear(): void {
    this.#form.clear();
    this.#givenUp = null;
    this.#change.hidden = this.#ask.hidden = true;
  }

  #actionsOf(way: WayIn, isLast: boolean): Action[] {
    const change = { label: 'Change', name: 'Change the password', run: () => this.#openChange() };
    const giveUp = { label: 'Give up', name: `Give up ${wayInWords(way)}`, run: () => this.#askWhether(way) };
    return [...(way.kind === 'email' ? [change] : []), ...(isLast ? [] : [giveUp])];
  }

  #openChange(): void {
    this.clear();
    this.#change.hidden = false;
    this.#form.focus();
  }

  #askWhether(way: WayIn): void {
    this.clear();
    this.#givenUp = way;
    this.#question.textContent = `Come back with ${wayInWords(way)} no more? All your other devices are logged out.`;
    this.#ask.hidden = false;
    this.#no.focus();
  }

  #refrain(): void {
    const name = this.#givenUp === null ? '' : `Give up ${wayInWords(this.#givenUp)}`;
    this.clear();
    this.#rows.focus(name);
  }

  async #giveUp(): Promise<void> {
    const way = this.#givenUp;
    if (way === null) return;
    this.clear();
    await this.#actions.attempt(async () => {
      await this.#account.giveUp(way.id);
      await this.#actions.changed(`You come back with ${wayInWords(way)} no more.`);
    });
  }
}

function rowWords(way: WayIn): string {
  return way.kind === 'email'
    ? `${way.label}\nE-mail and password`
    : `${providerWords(way.label)}\nThey confirm it is you`;
}
