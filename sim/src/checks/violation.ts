/** What must always hold, in the words of the report. */
export type CheckName =
  | 'nothing crashes'
  | 'no protocol error'
  | 'no keyframe for a checksum'
  | 'one entity for a character'
  | 'one owner for an entity'
  | 'no entity lost between zones'
  | 'who crosses goes on as if there were no border'
  | 'players cross'
  | 'nothing went wrong'
  | 'no input twice, none skipped'
  | 'the own avatar as the server has it'
  | 'who plays is in the world'
  | 'who is away stands still'
  | 'nobody stays behind'
  | 'who comes back stands where they were'
  | 'what is kept is up to date'
  | 'the backend knows who is online'
  | 'a replica agrees with the truth'
  | 'who hides is not seen'
  | 'speech is heard once by those near'
  | 'the clock is right';

/** Something that must always hold did not. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly check: CheckName;
  constructor(check: CheckName, what: string) {
    super(what);
    this.check = check;
  }
}

export function ensure(holds: boolean, check: CheckName, what: () => string): void {
  if (!holds) throw new Violation(check, what());
}
