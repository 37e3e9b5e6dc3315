import { type Account, AccountRefused } from '../account.ts';
import { CredentialsForm, emailField, passwordField } from './credentials-form.ts';
import { element } from './element.ts';
import { showProviders } from './provider-buttons.ts';

/** For who has been here before: e-mail address and password, or a provider. */
export class LogInForm {
  readonly #form = element('login-form', HTMLFormElement);
  readonly #fields: CredentialsForm;
  readonly #providers = element('login-providers', HTMLElement);
  readonly #problem = element('login-providers-problem', HTMLElement);
  readonly #account: Account;
  readonly #leaveFor: (url: string) => void;
  /** The page holds a session of whoever logged in. */
  onEntered: (name: string) => void = () => {};
  onBack: () => void = () => {};

  constructor(account: Account, leaveFor: (url: string) => void) {
    this.#account = account;
    this.#leaveFor = leaveFor;
    this.#fields = new CredentialsForm(this.#form, {
      id: 'login',
      fields: [emailField, passwordField],
      action: 'Log in',
      doing: 'Opening the gate…',
      submit: async (email = '', password = '') => {
        this.onEntered(await account.logIn(email, password));
      },
    });
    element('login-back', HTMLButtonElement).addEventListener('click', () => this.onBack());
    this.#form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.onBack();
    });
  }

  show(): void {
    this.#form.hidden = false;
    this.#problem.textContent = '';
    this.#fields.focus();
    void this.#account.providers().then((all) => showProviders(this.#providers, all, (one) => void this.#goTo(one)));
  }

  hide(): void {
    this.#form.hidden = true;
    this.#fields.clear();
  }

  async #goTo(provider: string): Promise<void> {
    try {
      this.#leaveFor(await this.#account.beginAt(provider, { link: false }));
    } catch (error) {
      if (!(error instanceof AccountRefused)) throw error;
      this.#problem.textContent = error.message;
    }
  }
}
