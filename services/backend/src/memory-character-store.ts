import { randomUUID } from 'node:crypto';
import type { Character, CharacterStore } from './character-store.ts';

/** Characters in memory, at most `capacity`: the one that was not seen for longest is forgotten first. */
export class MemoryCharacterStore implements CharacterStore {
  readonly #capacity: number;
  readonly #bySession = new Map<string, Character>();

  constructor(capacity = 100_000) {
    this.#capacity = capacity;
  }

  async create(sessionHash: string, name: string): Promise<Character> {
    if (this.#bySession.size >= this.#capacity) {
      this.#bySession.delete(this.#bySession.keys().next().value as string);
    }
    const character: Character = { id: randomUUID(), name, incarnation: 1 };
    this.#bySession.set(sessionHash, character);
    return character;
  }

  async attach(sessionHash: string, name: string | null): Promise<Character | undefined> {
    const known = this.#bySession.get(sessionHash);
    if (known === undefined) return undefined;
    const character: Character = { ...known, name: name ?? known.name, incarnation: known.incarnation + 1 };
    this.#bySession.delete(sessionHash);
    this.#bySession.set(sessionHash, character);
    return character;
  }
}
