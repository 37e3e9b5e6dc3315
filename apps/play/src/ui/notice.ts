import { element } from './element.ts';

/** What is on in the world, for as long as it is: a line that is read out when it changes. */
export class Notice {
  readonly #line = element('notice', HTMLElement);

  show(sentence: string): void {
    if (this.#line.textContent === sentence) return;
    this.#line.textContent = sentence;
    this.#line.hidden = sentence === '';
  }
}
