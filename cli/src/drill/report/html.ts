const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** As text of an HTML page, or of an attribute in it. */
export function text(value: string | number): string {
  return String(value).replace(/[&<>"]/g, (character) => escapes[character] as string);
}

/** One below the other, those that are empty left out. */
export function lines(...some: readonly string[]): string {
  return some.filter((line) => line !== '').join('\n');
}
