// NIST SP 800-63B: length is what counts, no rules of composition; what is guessed first is refused.
const LEAST_CHARACTERS = 10;
const MOST_CHARACTERS = 128;
const LEAST_DIFFERENT = 4;

/**
 * The password as it is hashed: in NFKC, so that the keyboard it was typed on does not matter. Undefined when it is too
 * short, too long, made of hardly any characters, or says what the address says.
 */
export function fitPassword(given: string, address: string): string | undefined {
  const password = typedPassword(given);
  if (password === undefined || [...password].length < LEAST_CHARACTERS) return undefined;
  if (new Set(password).size < LEAST_DIFFERENT) return undefined;
  const folded = password.toLowerCase();
  return folded === address || folded === address.slice(0, address.indexOf('@')) ? undefined : password;
}

/** The same of one that is only compared. Undefined when it can be nobody's. */
export function typedPassword(given: string): string | undefined {
  if (given.length > MOST_CHARACTERS * 2 || !given.isWellFormed()) return undefined;
  const password = given.normalize('NFKC');
  return [...password].length > MOST_CHARACTERS ? undefined : password;
}
