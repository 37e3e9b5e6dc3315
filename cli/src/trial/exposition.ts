/** What a `/metrics` page in Prometheus' text format says. */
export class Exposition {
  readonly #series: readonly (readonly [name: string, labels: string, value: number])[];

  constructor(page: string) {
    this.#series = [...page.matchAll(/^([a-z_]+)(?:\{(.*)\})? (\S+)$/gm)].map(
      ([, name, labels, value]) => [name as string, labels ?? '', Number(value)] as const,
    );
  }

  /** The sum over all series of that name, or of those among them with the label; 0 when there is none. */
  total(name: string, label?: { readonly name: string; readonly value: string }): number {
    const wanted = label === undefined ? '' : `${label.name}="${label.value}"`;
    let sum = 0;
    for (const [series, labels, value] of this.#series) {
      if (series === name && (wanted === '' || labels.split(',').includes(wanted))) sum += value;
    }
    return sum;
  }
}
