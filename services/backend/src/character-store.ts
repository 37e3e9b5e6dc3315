/** A player's avatar as the backend knows it. */
export interface Character {
  readonly id: string;
  readonly name: string;
  /** Of the last ticket given out. */
  readonly incarnation: number;
}

/**
 * Where characters are kept. `sessionHash`: of the token that only the player has. Asynchronous, so that a database
 * can stand behind it; each call is one atomic step.
 */
export interface CharacterStore {
  create(sessionHash: string, name: string): Promise<Character>;
  /** Raises the incarnation, and renames when there is a name. Undefined when no character has this session. */
  attach(sessionHash: string, name: string | null): Promise<Character | undefined>;
}
