const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** As text of an HTML page, or of an attribute in it. */
export function text(value: string | number): string {
  return String(value).replace(/[&<>"]/g, (character) => escapes[character] as string);
}

/** One below the other, those that are empty left out. */
export function lines(...some: readonly string[]): string {
  return some.filter((line) => line !== '').join('\n');
}

/** A page that needs nothing else; `style` and `body` as they are. */
export function htmlPage({
  title,
  style,
  body,
}: {
  readonly title: string;
  readonly style: string;
  readonly body: string;
}): string {
  return lines(
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${text(title)}</title>`,
    `<style>${style}</style>`,
    '<body>',
    body,
    '</body>',
    '</html>\n',
  );
}
