import { element } from './element.ts';

const NAME_KEY = 'lifeverse.name';

/** Asks for a name, offers one, and waits for Enter or a click. */
export class JoinScreen {
  readonly #screen = element('join', HTMLElement);
  readonly #form = element('join-form', HTMLFormElement);
  readonly #name = element('join-name', HTMLInputElement);
  readonly #go = element('join-go', HTMLButtonElement);
  readonly #problem = element('join-problem', HTMLElement);
  readonly #line = element('join-line', HTMLElement);
  readonly #offer: () => Promise<string>;
  #invitation = '';

  constructor(offer: () => Promise<string>) {
    this.#offer = offer;
    element('join-other', HTMLButtonElement).addEventListener('click', () => void this.#fill());
  }

  /** What the page says of the world, and on the button that leads there. */
  invite(line: string, invitation: string): void {
    this.#line.textContent = line;
    this.#invitation = invitation;
    this.busy = false;
  }

  /** Resolves with the name when the player wants in. `problem`: why they are asked again. */
  ask(problem = ''): Promise<string> {
    this.#screen.hidden = false;
    this.#problem.textContent = problem;
    this.busy = false;
    const remembered = storedName();
    if (this.#name.value === '') {
      if (remembered === '') void this.#fill();
      else this.#name.value = remembered;
    }
    this.#name.focus({ preventScroll: true });
    this.#name.select();
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#form.onsubmit = (event) => {
      event.preventDefault();
      const name = this.#name.value.trim();
      if (name === '' || this.#go.disabled) return;
      this.busy = true;
      this.#problem.textContent = '';
      resolve(name);
    };
    return promise;
  }

  set busy(busy: boolean) {
    this.#go.disabled = busy;
    this.#go.textContent = busy ? 'Opening the gate…' : this.#invitation;
  }

  hide(): void {
    this.#screen.hidden = true;
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

export function storedName(): string {
  try {
    return localStorage.getItem(NAME_KEY) ?? '';
  } catch {
    return '';
  }
}
