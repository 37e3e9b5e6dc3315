import { AccountRefused } from '../account.ts';

export interface CredentialsParts {
  /** What ids of the fields begin with. */
  readonly id: string;
  /** A password to be thought of, or one that exists. */
  readonly password: 'new' | 'current';
  /** On the button; and while it is done. */
  readonly action: string;
  readonly doing: string;
  /** Under the password, from the beginning. */
  readonly hint?: string;
  submit(email: string, password: string): Promise<void>;
}

const markup = ({ id, password, hint = '' }: CredentialsParts): string => `
  <label for="${id}-email">E-mail address</label>
  <input id="${id}-email" name="email" type="email" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="254" enterkeyhint="next" required />
  <label for="${id}-password">Password</label>
  <div class="row">
    <input id="${id}-password" name="password" type="password" autocomplete="${password}-password" autocapitalize="none" spellcheck="false" maxlength="256" enterkeyhint="go" required />
    <button type="button" class="quiet show" aria-pressed="false" aria-label="Show the password">Show</button>
  </div>
  <p id="${id}-hint" class="hint">${hint}</p>
  <p id="${id}-problem" class="problem" role="alert"></p>
  <button type="submit" class="main"></button>`;

/** E-mail address and password. Whatever is wrong is said once, tied to its field, and the field has the keyboard. */
export class CredentialsForm {
  readonly #parts: CredentialsParts;
  readonly #email: HTMLInputElement;
  readonly #password: HTMLInputElement;
  readonly #show: HTMLButtonElement;
  readonly #submit: HTMLButtonElement;
  readonly #problem: HTMLElement;

  /** `form`: with an element of the class `fields` to be filled. */
  constructor(form: HTMLFormElement, parts: CredentialsParts) {
    this.#parts = parts;
    const fields = form.querySelector('.fields') as HTMLElement;
    fields.innerHTML = markup(parts);
    this.#email = fields.querySelector('[name="email"]') as HTMLInputElement;
    this.#password = fields.querySelector('[name="password"]') as HTMLInputElement;
    this.#show = fields.querySelector('.show') as HTMLButtonElement;
    this.#submit = fields.querySelector('.main') as HTMLButtonElement;
    this.#problem = fields.querySelector('.problem') as HTMLElement;
    this.#shows(false);
    this.#mark();
    this.#busy(false);
    this.#show.addEventListener('click', () => this.#shows(this.#password.type === 'password'));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#try();
    });
  }

  focus(): void {
    (this.#email.value === '' ? this.#email : this.#password).focus({ preventScroll: true });
  }

  /** Nothing of what was typed stays. */
  clear(): void {
    this.#email.value = this.#password.value = '';
    this.#shows(false);
    this.#mark();
  }

  async #try(): Promise<void> {
    if (this.#submit.disabled) return;
    const [email, password] = [this.#email.value.trim(), this.#password.value];
    if (email === '') return this.#refuse('Write your e-mail address.', this.#email);
    if (password === '') return this.#refuse('Write your password.', this.#password);
    this.#mark();
    this.#busy(true);
    try {
      await this.#parts.submit(email, password);
      this.clear();
    } catch (error) {
      if (!(error instanceof AccountRefused)) throw error;
      this.#busy(false);
      this.#refused(error);
    } finally {
      this.#busy(false);
    }
  }

  #refused({ code, message }: AccountRefused): void {
    if (code === 'email_invalid') this.#refuse(message, this.#email);
    else if (code === 'password_unfit') this.#refuse(message, this.#password);
    else if (code === 'login_wrong') this.#refuse(message, this.#password, this.#email);
    else {
      this.#mark(message);
      this.#submit.focus({ preventScroll: true });
    }
  }

  #refuse(sentence: string, field: HTMLInputElement, ...others: HTMLInputElement[]): void {
    this.#mark(sentence, field, ...others);
    field.focus();
    field.select();
  }

  #mark(sentence = '', ...wrong: HTMLInputElement[]): void {
    const { id, hint } = this.#parts;
    this.#problem.textContent = sentence;
    for (const field of [this.#email, this.#password]) {
      const isWrong = wrong.includes(field);
      const hints = field === this.#password && hint !== undefined ? [`${id}-hint`] : [];
      const described = isWrong ? [...hints, `${id}-problem`] : hints;
      if (described.length > 0) field.setAttribute('aria-describedby', described.join(' '));
      else field.removeAttribute('aria-describedby');
      field.setAttribute('aria-invalid', String(isWrong));
    }
  }

  #shows(shown: boolean): void {
    this.#password.type = shown ? 'text' : 'password';
    this.#show.setAttribute('aria-pressed', String(shown));
  }

  #busy(busy: boolean): void {
    this.#submit.disabled = busy;
    this.#submit.textContent = busy ? this.#parts.doing : this.#parts.action;
  }
}
