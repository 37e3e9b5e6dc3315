export interface Progress {
  readonly elapsedS: number;
  readonly playing: number;
  readonly players: number;
  readonly updatesPerS: number;
  readonly bytesPerPlayerS: number;
  readonly stalenessMsP99: number | null;
  readonly disconnects: number;
}

/** What a run looks like at a glance; one line, without its end. */
export function progressLine(progress: Progress): string {
  const { stalenessMsP99 } = progress;
  return [
    `${Math.floor(progress.elapsedS)} s`,
    `${progress.playing}/${progress.players} playing`,
    `${Math.round(progress.updatesPerS).toLocaleString('en')} updates/s`,
    `${Math.round(progress.bytesPerPlayerS)} B/s each`,
    `stale p99 ${stalenessMsP99 === null ? '-' : `${Math.round(stalenessMsP99)} ms`}`,
    `${progress.disconnects} lost`,
  ].join('  ');
}

/** A line on a terminal that is written over; on anything else it says nothing. */
export class ProgressDisplay {
  readonly #out: NodeJS.WriteStream;
  #shown = false;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  show(line: string): void {
    if (!this.#out.isTTY) return;
    this.#shown = true;
    this.#out.write(`\r\u001b[K${line.slice(0, this.#out.columns - 1)}`);
  }

  clear(): void {
    if (this.#shown) this.#out.write('\r\u001b[K');
    this.#shown = false;
  }
}
