/** A fenced block of a document: its info string in words, its text, and the line of its fence (from 1). */
export interface FencedBlock {
  readonly info: readonly string[];
  readonly text: string;
  readonly line: number;
  /** The line after the closing fence. */
  readonly endLine: number;
}

export function fencedBlocks(text: string): FencedBlock[] {
  const lines = text.split('\n');
  const blocks: FencedBlock[] = [];
  for (let i = 0; i < lines.length; i++) {
    const fence = /^ {0,3}(`{3,}|~{3,})\s*([^`]*)$/.exec(lines[i] as string);
    if (!fence) continue;
    const start = i;
    const closing = new RegExp(`^ {0,3}${(fence[1] as string)[0]}{${(fence[1] as string).length},}\\s*$`);
    do i++;
    while (i < lines.length && !closing.test(lines[i] as string));
    const info = (fence[2] as string).trim().split(/\s+/).filter(Boolean);
    blocks.push({ info, text: `${lines.slice(start + 1, i).join('\n')}\n`, line: start + 1, endLine: i + 2 });
  }
  return blocks;
}

/** The document with its fenced blocks and code spans blanked, line by line: what is left is prose. */
export function proseLines(text: string): string[] {
  const lines = text.split('\n');
  for (const block of fencedBlocks(text)) {
    for (let line = block.line; line < block.endLine && line <= lines.length; line++) lines[line - 1] = '';
  }
  return lines.map((line) => line.replace(/`[^`]*`/g, ''));
}

/** The rows of every table, heads and rulers included; cells are trimmed. */
export function markdownRows(text: string): { line: number; cells: string[] }[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (!line.startsWith('|')) return [];
    const cells = line.replace(/^\||\|\s*$/g, '').split('|');
    return [{ line: index + 1, cells: cells.map((cell) => cell.trim()) }];
  });
}
