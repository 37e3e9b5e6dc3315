import { type Figures, vocabulary } from '@lifeverse/node-kit';

/** Between two reports; a figure of what a database does a second is far below. */
const MOST_SAMPLES = 20_000;
const counters = vocabulary.filter(
  ({ role, kind, label }) => role === 'backend' && kind === 'counter' && label === null,
);
const histograms = vocabulary.filter(({ role, kind }) => role === 'backend' && kind === 'histogram');

/** What the rooms of the backend count, by the names of the vocabulary; gauges are asked for when they are reported. */
export class BackendFigures {
  readonly #counters = new Map(counters.map(({ reported }) => [reported, 0]));
  #samples = new Map<string, number[]>();
  readonly #gauges: (() => Readonly<Record<string, number>>)[] = [];

  /** `desk_refused/internal` for one with a label. */
  count(what: string, by = 1): void {
    this.#counters.set(what, (this.#counters.get(what) ?? 0) + by);
  }

  sample(what: string, value: number): void {
    const samples = this.#samples.get(what) ?? [];
    this.#samples.set(what, samples);
    if (samples.length < MOST_SAMPLES) samples.push(value);
  }

  gauges(of: () => Readonly<Record<string, number>>): void {
    this.#gauges.push(of);
  }

  /** Samples are since the last time. */
  take(): Figures {
    const samples = this.#samples;
    this.#samples = new Map();
    return {
      counters: Object.fromEntries(this.#counters),
      gauges: Object.assign({}, ...this.#gauges.map((of) => of())),
      samples: Object.fromEntries(histograms.map(({ reported }) => [reported, samples.get(reported) ?? []])),
    };
  }
}
