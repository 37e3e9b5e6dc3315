/** What JSON can say, and nothing that would be written in two ways. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * One text for one value, after RFC 8785: members sorted by UTF-16 code units, no white space. Throws a TypeError for
 * what JSON cannot say without loss: undefined, functions, bigints, NaN, infinities, unpaired surrogates.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'string' && !value.isWellFormed()) throw new TypeError('a string has an unpaired surrogate');
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} is no JSON`);
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`${typeof value} is no JSON`);
  const members = Object.entries(value as { readonly [key: string]: JsonValue })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${canonicalJson(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
