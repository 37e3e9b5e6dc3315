import { element } from './element.ts';
import type { LogInForm } from './log-in-form.ts';

const NAME_KEY = 'lifeverse.name';

/** What the player wants: to come in by that name, or as whoever they logged in as. */
export type Entry = { readonly kind: 'named'; readonly name: string } | { readonly kind: 'loggedIn' };

/** Asks for a name, offers one, and waits for Enter or a click; or for who has been here before, to log in. */
export class JoinScreen {
  readonly #screen = element('join', HTMLElement);
  readonly #form = element('join-form', HTMLFormElement);
  readonly #name = element('join-name', HTMLInputElement);
  readonly #go = element('join-go', HTMLButtonElement);
  readonly #problem = element('join-problem', HTMLElement);
  readonly #line = element('join-line', HTMLElement);
  readonly #before = element('join-before', HTMLButtonElement);
  readonly #offer: () => Promise<string>;
  readonly #logIn: LogInForm;
  #invitation = '';

  constructor(offer: () => Promise<string>, logIn: LogInForm) {
    this.#offer = offer;
    this.#logIn = logIn;
    element('join-other', HTMLButtonElement).addEventListener('click', () => void this.#fill());
    this.#before.addEventListener('click', () => this.#toLogIn());
    logIn.onBack = () => {
      this.#showForm();
      this.#before.focus({ preventScroll: true });
    };
  }

  /** What the page says of the world, and on the button that leads there. */
  invite(line: string, invitation: string): void {
    this.#line.textContent = line;
    this.#invitation = invitation;
    this.busy = false;
  }

  /** Resolves when the player wants in. `problem`: why they are asked again; `logIn`: begins with that form. */
  ask(problem = '', logIn = false): Promise<Entry> {
    this.#screen.hidden = false;
    this.#problem.textContent = problem;
    this.busy = false;
    this.#showForm();
    const remembered = storedName();
    if (this.#name.value === '') {
      if (remembered === '') void this.#fill();
      else this.#name.value = remembered;
    }
    this.#name.focus({ preventScroll: true });
    this.#name.select();
    if (logIn) this.#toLogIn();
    const { promise, resolve } = Promise.withResolvers<Entry>();
    this.#form.onsubmit = (event) => {
      event.preventDefault();
      const name = this.#name.value.trim();
      if (name === '' || this.#go.disabled) return;
      this.busy = true;
      this.#problem.textContent = '';
      resolve({ kind: 'named', name });
    };
    this.#logIn.onEntered = (name) => {
      // Should they be asked again, then not by the name of who was here before.
      this.#name.value = name;
      resolve({ kind: 'loggedIn' });
    };
    return promise;
  }

  set busy(busy: boolean) {
    this.#go.disabled = busy;
    this.#go.textContent = busy ? 'Opening the gate…' : this.#invitation;
  }

  hide(): void {
    this.#screen.hidden = true;
    this.#showForm();
  }

  /** The name of who was here before is not for who comes next. */
  forget(): void {
    this.#name.value = '';
    forgetName();
  }

  #toLogIn(): void {
    this.#form.hidden = true;
    this.#logIn.show();
  }

  #showForm(): void {
    this.#logIn.hide();
    this.#form.hidden = false;
  }

  async #fill(): Promise<void> {
    const before = this.#name.value;
    const name = await this.#offer();
    if (name === '' || this.#name.value !== before) return;
    this.#name.value = name;
    if (document.activeElement === this.#name) this.#name.select();
  }
}

export function rememberName(name: string): void {
  try {
    localStorage.setItem(NAME_KEY, name);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

function forgetName(): void {
  try {
    localStorage.removeItem(NAME_KEY);
  } catch {
    // There is none to forget.
  }
}

function storedName(): string {
  try {
    return localStorage.getItem(NAME_KEY) ?? '';
  } catch {
    return '';
  }
}
