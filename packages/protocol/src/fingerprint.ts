/**
 * A 64-bit content hash as 16 hex digits, for layouts and maps: equal content, equal digits, in every engine.
 * Method: two FNV-1a style lanes over UTF-16 code units with a final avalanche (Murmur3's fmix32). Not for secrets:
 * whoever chooses the content can choose a collision, and harms nobody but their own client.
 */
export function fingerprint(content: string): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < content.length; i++) {
    const unit = content.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995) ^ (a >>> 15);
  }
  return hex(avalanche(a ^ content.length)) + hex(avalanche(b));
}

function avalanche(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
