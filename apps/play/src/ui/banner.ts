import { element } from './element.ts';

/** One line at the top about the connection, or about something that did not work. */
export class Banner {
  readonly #banner = element('banner', HTMLElement);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Stays until it is hidden or replaced. `action`: something to press. */
  show(sentence: string, action?: { readonly label: string; run(): void }): void {
    clearTimeout(this.#timer);
    this.#banner.textContent = sentence;
    this.#banner.dataset.waiting = String(action === undefined);
    if (action !== undefined) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = action.label;
      button.addEventListener('click', () => action.run());
      this.#banner.append(button);
    }
    this.#banner.hidden = false;
  }

  /** Goes by itself. */
  flash(sentence: string, ms = 2_600): void {
    this.show(sentence);
    this.#banner.dataset.waiting = 'false';
    this.#timer = setTimeout(() => this.hide(), ms);
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#banner.hidden = true;
  }
}
