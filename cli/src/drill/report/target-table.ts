import { boundOf, measuredOf, type Target, verdictOf } from './target.ts';

/** The figures beside their targets, a line each. */
export function targetTable(targets: readonly Target[]): string[] {
  const rows = targets.map((target) => [
    verdictOf(target) === 'missed' ? 'MISSED' : '',
    target.key,
    measuredOf(target),
    boundOf(target),
    target.words,
  ]);
  const all = [['', 'figure', 'measured', 'target', ''], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length))) ?? [];
  return all.map((row) =>
    row
      .map((cell, column) => padded(cell, widths[column] ?? 0, column))
      .join('  ')
      .trimEnd(),
  );
}

const MEASURED = 2;

function padded(cell: string, width: number, column: number): string {
  return column === MEASURED ? cell.padStart(width) : cell.padEnd(width);
}
