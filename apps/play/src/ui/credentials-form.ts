import { AccountRefused } from '../account.ts';

export interface CredentialsField {
  readonly name: string;
  readonly label: string;
  readonly type: 'email' | 'password';
  readonly autocomplete: 'username' | 'current-password' | 'new-password';
  /** Said when there is nothing in it. */
  readonly missing: string;
}

export const emailField: CredentialsField = {
  name: 'email',
  label: 'E-mail address',
  type: 'email',
  autocomplete: 'username',
  missing: 'Write your e-mail address.',
};

export const passwordField: CredentialsField = {
  name: 'password',
  label: 'Password',
  type: 'password',
  autocomplete: 'current-password',
  missing: 'Write your password.',
};

export interface CredentialsParts {
  /** What ids of the fields begin with. */
  readonly id: string;
  readonly fields: readonly CredentialsField[];
  /** On the button; and while it is done. */
  readonly action: string;
  readonly doing: string;
  /** Of the last field, from the beginning. */
  readonly hint?: string;
  /** Gets what is in each field. */
  submit(...values: string[]): Promise<void>;
}

const input = (id: string, { name, type, autocomplete }: CredentialsField, isLast: boolean): string =>
  `<input id="${id}-${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" autocapitalize="none" spellcheck="false" maxlength="${type === 'email' ? 254 : 256}" enterkeyhint="${isLast ? 'go' : 'next'}" required />`;

const markup = ({ id, fields, hint = '' }: CredentialsParts): string => `
  ${fields
    .map((field, at) => {
      const typed = input(id, field, at === fields.length - 1);
      const shown = `<div class="row">${typed}<button type="button" class="quiet show" aria-pressed="false" aria-label="Show the password">Show</button></div>`;
      return `<label for="${id}-${field.name}">${field.label}</label>${field.type === 'email' ? typed : shown}`;
    })
    .join('')}
  <p id="${id}-hint" class="hint">${hint}</p>
  <p id="${id}-problem" class="problem" role="alert"></p>
  <button type="submit" class="main"></button>`;

/** What proves who one is. Whatever is wrong is said once, tied to its field, and the field has the keyboard. */
export class CredentialsForm {
  readonly #parts: CredentialsParts;
  readonly #inputs: readonly HTMLInputElement[];
  readonly #shows: readonly HTMLButtonElement[];
  readonly #submit: HTMLButtonElement;
  readonly #problem: HTMLElement;

  /** `form`: with an element of the class `fields` to be filled. */
  constructor(form: HTMLFormElement, parts: CredentialsParts) {
    this.#parts = parts;
    const fields = form.querySelector('.fields') as HTMLElement;
    fields.innerHTML = markup(parts);
    this.#inputs = [...fields.querySelectorAll('input')];
    this.#shows = [...fields.querySelectorAll<HTMLButtonElement>('.show')];
    this.#submit = fields.querySelector('.main') as HTMLButtonElement;
    this.#problem = fields.querySelector('.problem') as HTMLElement;
    this.#hide();
    this.#mark();
    this.#busy(false);
    for (const show of this.#shows)
      show.addEventListener('click', () => showPassword(show, show.getAttribute('aria-pressed') !== 'true'));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#try();
    });
  }

  focus(): void {
    const next = this.#inputs.find(({ value }) => value === '') ?? this.#inputs.at(-1);
    next?.focus({ preventScroll: true });
  }

  /** Nothing of what was typed stays. */
  clear(): void {
    for (const field of this.#inputs) field.value = '';
    this.#hide();
    this.#mark();
  }

  async #try(): Promise<void> {
    if (this.#submit.disabled) return;
    const values = this.#inputs.map(({ type, value }) => (type === 'email' ? value.trim() : value));
    const empty = values.indexOf('');
    if (empty >= 0) {
      this.#refuse(this.#parts.fields[empty]?.missing ?? '', this.#inputs[empty] as HTMLInputElement);
      return;
    }
    this.#mark();
    this.#busy(true);
    try {
      await this.#parts.submit(...values);
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
    const [first, ...others] = this.#inputs.filter((_, at) => isAbout(code, this.#parts.fields[at])).reverse();
    if (first !== undefined) this.#refuse(message, first, ...others);
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
    for (const field of this.#inputs) {
      const isWrong = wrong.includes(field);
      const hints = field === this.#inputs.at(-1) && hint !== undefined ? [`${id}-hint`] : [];
      const described = isWrong ? [...hints, `${id}-problem`] : hints;
      if (described.length > 0) field.setAttribute('aria-describedby', described.join(' '));
      else field.removeAttribute('aria-describedby');
      field.setAttribute('aria-invalid', String(isWrong));
    }
  }

  #hide(): void {
    for (const show of this.#shows) showPassword(show, false);
  }

  #busy(busy: boolean): void {
    this.#submit.disabled = busy;
    this.#submit.textContent = busy ? this.#parts.doing : this.#parts.action;
  }
}

/** Whether a refusal of this code is about what was typed into this field. */
function isAbout(code: string, field: CredentialsField | undefined): boolean {
  switch (code) {
    case 'email_invalid':
      return field?.type === 'email';
    case 'password_unfit':
      return field?.autocomplete === 'new-password';
    case 'login_wrong':
      return field?.autocomplete !== 'new-password';
    default:
      return false;
  }
}

function showPassword(show: HTMLButtonElement, shown: boolean): void {
  (show.previousElementSibling as HTMLInputElement).type = shown ? 'text' : 'password';
  show.setAttribute('aria-pressed', String(shown));
}
