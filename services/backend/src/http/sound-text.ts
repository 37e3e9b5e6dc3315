/**
 * Whether all text in a parsed document is text: no half of a surrogate pair, no NUL, which a database does not take.
 * Keys as well as values, however deep.
 */
export function isSoundText(document: unknown): boolean {
  const open: unknown[] = [document];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string' && !isSound(value)) return false;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (!isSound(key)) return false;
      open.push(inner);
    }
  }
  return true;
}

function isSound(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
