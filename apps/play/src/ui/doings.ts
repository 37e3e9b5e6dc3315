import type { Outcome } from '@lifeverse/client';
import { refusals } from '../refusals.ts';
import { element } from './element.ts';

/** How long a result stays to be read. */
const SHOWN_MS = 6_000;

/**
 * What was asked for and is not done yet, and how it ended, in the panel of one's things: nothing is called done before
 * the server says that it is.
 */
export class Doings {
  readonly #line = element('things-status', HTMLElement);
  readonly #told: (sentence: string) => void;
  readonly #open = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `told`: each result as a sentence. */
  constructor(told: (sentence: string) => void) {
    this.#told = told;
  }

  get busy(): boolean {
    return this.#open.size > 0;
  }

  /** `doing`: `Buying an apple`; `done`: `You have bought an apple.` True when it was done. */
  async run(doing: string, done: string, ask: () => Promise<Outcome>): Promise<boolean> {
    if (this.#open.has(doing)) return false;
    this.#open.add(doing);
    this.#show();
    const outcome = await ask().catch((): Outcome | null => null);
    this.#open.delete(doing);
    if (outcome?.ok === true) this.#end(done);
    else this.#end(outcome === null ? 'That cannot be asked for.' : (refusals[outcome.code] ?? outcome.sentence));
    return outcome?.ok === true;
  }

  #end(sentence: string): void {
    this.#told(sentence);
    if (this.#open.size > 0) {
      this.#show();
      return;
    }
    this.#line.textContent = sentence;
    this.#line.dataset.pending = 'false';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#open.size === 0) this.#line.textContent = '';
    }, SHOWN_MS);
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#line.textContent = `${[...this.#open].join('; ')}…`;
    this.#line.dataset.pending = 'true';
  }
}
