import {
  ByteReader,
  decodeContinued,
  decodePrivate,
  decodeWelcome,
  serverType,
  type Welcome,
} from '@lifeverse/protocol';
import type { Session } from './client-session.ts';

/** What was heard on a second connection while the first is still the one that is played by (SY30). */
export class NextConnection {
  readonly #behind: Uint8Array[] = [];
  #welcome: Welcome | undefined;
  #applied: number | undefined;
  #hasPlace = false;

  /** One whole message. True once it is all there that playing goes on from: who one is, up to where, and one's place. */
  take(bytes: Uint8Array): boolean {
    const from = new ByteReader(bytes);
    const type = from.u8();
    if (type === serverType.welcome) this.#welcome = decodeWelcome(from);
    else if (type === serverType.continued) this.#applied = decodeContinued(from);
    else this.#behind.push(bytes);
    if (type === serverType.private) this.#hasPlace ||= (decodePrivate(from)?.body.length ?? 0) > 0;
    return this.shown !== null;
  }

  /** Null while it has not shown itself. `behind`: what came besides, in its order. */
  get shown(): { readonly welcome: Welcome; readonly applied: number; readonly behind: readonly Uint8Array[] } | null {
    const [welcome, applied] = [this.#welcome, this.#applied];
    if (welcome === undefined || applied === undefined || !this.#hasPlace) return null;
    return { welcome, applied, behind: this.#behind };
  }
}

/** Whether who is welcomed there is the same in the same world, and what they have begun goes on. */
export function goesOn(session: Session, welcome: Welcome, applied: number): boolean {
  const was = session.welcome;
  const isSameWorld =
    welcome.layoutFingerprint === was.layoutFingerprint &&
    welcome.mapFingerprint === was.mapFingerprint &&
    welcome.stepFingerprint === was.stepFingerprint;
  const isSame = welcome.entity === was.entity && welcome.incarnation > was.incarnation;
  return isSameWorld && isSame && applied >= session.applied && applied <= session.sequence;
}
