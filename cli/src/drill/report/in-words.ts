/** `84 ms`, `2.5 s`: in a sentence. */
export function inWords(ms: number | null): string {
  if (ms === null) return 'no time that was measured';
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
