import type { Lane, LaneState, Span } from './course.ts';

interface Note {
  readonly atMs: number;
  readonly state: LaneState;
}

/** Keeps what becomes of processes, by name, in the order in which they are first heard of. */
export class LaneLog {
  readonly #notes = new Map<string, Note[]>();

  note(name: string, state: LaneState, atMs: number): void {
    const notes = this.#notes.get(name) ?? [];
    this.#notes.set(name, notes);
    if (notes.at(-1)?.state !== state) notes.push({ atMs, state });
  }

  lanes(untilMs: number): Lane[] {
    return [...this.#notes].map(([name, notes]) => ({
      name,
      spans: notes.map(({ atMs, state }, at): Span => {
        return { fromMs: atMs, untilMs: notes[at + 1]?.atMs ?? untilMs, state };
      }),
    }));
  }
}
