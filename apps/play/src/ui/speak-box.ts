import { element } from './element.ts';

/** The line in which one writes what to say. */
export class SpeakBox {
  readonly #form = element('speak', HTMLFormElement);
  readonly #text = element('speak-text', HTMLInputElement);
  readonly #back: () => void;

  /** `said`: false when it cannot be said now, and stays in the box. `back`: the world has the keyboard again. */
  constructor(said: (text: string) => boolean, back: () => void) {
    this.#back = back;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = this.#text.value.trim();
      if (text !== '' && !said(text)) return;
      this.#text.value = '';
      this.close();
    });
  }

  get isOpen(): boolean {
    return !this.#form.hidden;
  }

  open(): void {
    this.#form.hidden = false;
    this.#text.focus({ preventScroll: true });
  }

  close(): void {
    if (this.#form.hidden) return;
    this.#form.hidden = true;
    this.#back();
  }
}

const encoder = new TextEncoder();

/** The text, cut to so many bytes of UTF-8 without cutting a character; lone surrogates are left out. */
export function fitting(text: string, maxBytes: number): string {
  let bytes = 0;
  let kept = '';
  for (const character of text.toWellFormed().replaceAll('\uFFFD', '')) {
    bytes += encoder.encode(character).length;
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept;
}
