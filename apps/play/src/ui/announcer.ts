import { element } from './element.ts';

/** Longer queues are cut from their oldest end: what is late is no news. */
const MOST_WAITING = 4;
const EVERY_MS = 1_400;
const KEPT = 12;

/** Tells what happens to who does not see it: one thing at a time, so that a screen reader can follow. */
export class Announcer {
  readonly #log = element('said', HTMLElement);
  readonly #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `first`: before everything that waits. */
  say(sentence: string, first = false): void {
    if (first) this.#waiting.unshift(sentence);
    else this.#waiting.push(sentence);
    if (this.#waiting.length > MOST_WAITING) this.#waiting.splice(first ? MOST_WAITING : 0, 1);
    if (this.#timer === undefined) this.#next();
  }

  #next(): void {
    const sentence = this.#waiting.shift();
    this.#timer = undefined;
    if (sentence === undefined) return;
    const line = document.createElement('p');
    line.textContent = sentence;
    this.#log.append(line);
    while (this.#log.childElementCount > KEPT) this.#log.firstElementChild?.remove();
    this.#timer = setTimeout(() => this.#next(), EVERY_MS);
  }
}
