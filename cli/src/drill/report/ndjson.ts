/** A line of JSON for each. */
export function ndjson(all: readonly object[]): string {
  return all.map((one) => `${JSON.stringify(one)}\n`).join('');
}
