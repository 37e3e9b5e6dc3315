import type { Waiting } from '@lifeverse/client';
import { estimateWords, positionWords, reasonOf } from './wait-words.ts';

/** Figures in the picture of the line; who stands further back sees its head and themselves. */
const FIGURES = 9;
/** A screen reader is told of changes so often at most. */
const SAY_EVERY_MS = 15_000;
const TITLE = 'LifeVerse';

const markup = `
  <div class="card" role="group" aria-labelledby="waiting-title">
    <h1 id="waiting-title" tabindex="-1">In line at the gate</h1>
    <p class="why"></p>
    <div class="line" aria-hidden="true"></div>
    <p class="place"><span>Your place</span><strong></strong></p>
    <p class="ahead"></p>
    <p class="estimate"></p>
    <p class="kept">You come in by yourself. A reload keeps your place.</p>
    <button type="button" class="leave">Leave the line</button>
  </div>
  <p class="unseen" role="status" aria-live="polite"></p>`;

/** The room before the world: where one stands, how long it may take, and why. */
export class WaitingRoom {
  readonly #room = document.createElement('section');
  /** The player does not want to wait any longer. */
  onLeave: () => void = () => {};
  #saidMs = Number.NEGATIVE_INFINITY;
  #said = '';
  #first = 0;

  constructor() {
    this.#room.id = 'waiting';
    this.#room.setAttribute('aria-label', 'Waiting room');
    this.#room.hidden = true;
    this.#room.innerHTML = markup;
    this.#part('.leave').addEventListener('click', () => this.onLeave());
    this.#room.addEventListener('keydown', (event) => {
      // What is pressed here is not for the game beneath.
      event.stopPropagation();
      if (event.key === 'Escape') this.onLeave();
    });
    document.body.append(this.#room);
  }

  show(waiting: Waiting): void {
    const { position, estimateMs, why } = waiting;
    const isNew = this.#room.hidden !== false;
    if (isNew) this.#first = position;
    this.#first = Math.max(this.#first, position);
    this.#part('.why').textContent = reasonOf(why);
    this.#part('.place strong').textContent = position.toLocaleString('en');
    this.#part('.ahead').textContent = positionWords(position);
    this.#part('.estimate').textContent = estimateWords(estimateMs);
    this.#drawLine(position);
    this.#room.hidden = false;
    this.#setAside(true);
    document.title = `${position} in line · ${TITLE}`;
    if (isNew) this.#part('h1').focus({ preventScroll: true });
    this.#say(`${positionWords(position)} ${estimateWords(estimateMs)}${isNew ? ` ${reasonOf(why)}` : ''}`, isNew);
  }

  hide(): void {
    if (this.#room.hidden) return;
    this.#room.hidden = true;
    this.#setAside(false);
    this.#said = '';
    this.#saidMs = Number.NEGATIVE_INFINITY;
    document.title = TITLE;
  }

  /** Nothing else of the page can be reached meanwhile. */
  #setAside(aside: boolean): void {
    for (const other of document.body.children)
      if (other !== this.#room && other instanceof HTMLElement) other.inert = aside;
  }

  /** The head of the line, and oneself in another colour. */
  #drawLine(position: number): void {
    const line = this.#part('.line');
    const shown = Math.min(position, FIGURES);
    line.dataset.long = String(position > FIGURES);
    line.replaceChildren(
      ...Array.from({ length: shown }, (_, index) => {
        const figure = document.createElement('i');
        if (index === shown - 1) figure.className = 'me';
        return figure;
      }),
    );
    line.style.setProperty('--way', String(1 - (position - 1) / Math.max(1, this.#first)));
  }

  /** Not at every turn of the line: only what changed, and not too often. */
  #say(sentence: string, atOnce: boolean): void {
    const nowMs = performance.now();
    if (sentence === this.#said || (!atOnce && nowMs - this.#saidMs < SAY_EVERY_MS)) return;
    this.#said = sentence;
    this.#saidMs = nowMs;
    this.#part('[role="status"]').textContent = sentence;
  }

  #part(selector: string): HTMLElement {
    return this.#room.querySelector(selector) as HTMLElement;
  }
}
