/** One press of Ctrl-C can arrive twice: from the terminal, and from npx that passes it on. */
const SAME_PRESS_MS = 300;
/** What a shell calls a program that was ended by Ctrl-C. */
const INTERRUPTED = 130;

/** The first Ctrl-C asks for an end; the second is one. */
export class Interruption {
  /** Resolves when an end is asked for. */
  readonly asked: Promise<void>;
  #atMs: number | null = null;
  readonly #onSignal: () => void;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.asked = promise;
    this.#onSignal = () => {
      if (this.#atMs !== null && performance.now() - this.#atMs > SAME_PRESS_MS) process.exit(INTERRUPTED);
      this.#atMs ??= performance.now();
      resolve();
    };
    process.on('SIGINT', this.#onSignal);
    process.on('SIGTERM', this.#onSignal);
  }

  get happened(): boolean {
    return this.#atMs !== null;
  }

  end(): void {
    process.off('SIGINT', this.#onSignal);
    process.off('SIGTERM', this.#onSignal);
  }
}
