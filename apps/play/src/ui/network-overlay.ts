import type { FrameMeter } from '../frame-meter.ts';
import type { Link } from '../link.ts';
import { element } from './element.ts';

const EVERY_MS = 250;

/** What the connection and the drawing are doing, in numbers. */
export class NetworkOverlay {
  readonly #panel = element('network', HTMLElement);
  readonly #values = new Map<string, Text>();
  #shownMs = 0;

  toggle(): void {
    this.#panel.hidden = !this.#panel.hidden;
    this.#shownMs = 0;
  }

  get visible(): boolean {
    return !this.#panel.hidden;
  }

  update(link: Link, meter: FrameMeter, drawn: number, nowMs: number): void {
    if (this.#panel.hidden || nowMs - this.#shownMs < EVERY_MS) return;
    this.#shownMs = nowMs;
    const { stats } = link;
    this.#set('ping', `${stats.pingMs.toFixed(0)} ms`);
    this.#set('jitter', `${stats.jitterMs.toFixed(1)} ms`);
    this.#set('received', `${bytes(stats.bytesPerS)}/s`);
    this.#set('view delay', `${stats.viewDelayMs.toFixed(0)} ms`);
    this.#set('age of news', `${Math.max(0, stats.stalenessMs).toFixed(0)} ms`);
    this.#set('cells in view', String(stats.cellsInView));
    this.#set('in view · drawn', `${stats.entitiesInView} · ${drawn}`);
    this.#set('own error', `${stats.predictionErrorM.toFixed(3)} m`);
    this.#set('keyed again', String(stats.rekeys));
    this.#set('tick', String(stats.serverTick));
    this.#set('frames', `${meter.fps.toFixed(0)}/s`);
    this.#set('script p50 · p95', `${meter.scriptMs(0.5).toFixed(2)} · ${meter.scriptMs(0.95).toFixed(2)} ms`);
  }

  #set(name: string, value: string): void {
    let text = this.#values.get(name);
    if (text === undefined) {
      const list = this.#panel.querySelector('dl') as HTMLElement;
      const term = list.appendChild(document.createElement('dt'));
      term.textContent = name;
      text = list.appendChild(document.createElement('dd')).appendChild(document.createTextNode(''));
      this.#values.set(name, text);
    }
    if (text.data !== value) text.data = value;
  }
}

function bytes(count: number): string {
  return count < 1_000 ? `${count.toFixed(0)} B` : `${(count / 1_000).toFixed(1)} kB`;
}
