import { limits } from '@lifeverse/protocol';

// Controls, surrogates that stand alone, private and unassigned characters, separators of lines, what is drawn as
// nothing; and the marks that turn the direction of text around: a name must not change how the text after it is read.
const REFUSED =
  /\u034f|\u17b4|\u17b5|[\u180b-\u180f]|[\u00ad\u115f\u1160\u2800\u3164\uffa0\u{e0000}-\u{e0fff}\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/u;

const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * A player's name as it is kept and shown: trimmed, spaces single, in NFC, 1 to 32 bytes of UTF-8, something of it
 * visible. Undefined when the text is no such name.
 */
export function playerName(given: string): string | undefined {
  if (given.length > limits.nameBytes * 4 || REFUSED.test(given)) return undefined;
  const name = given
    .normalize('NFC')
    .replace(/\p{Zs}+/gu, ' ')
    .trim();
  const bytes = Buffer.byteLength(name, 'utf8');
  return bytes >= 1 && bytes <= limits.nameBytes && VISIBLE.test(name) ? name : undefined;
}
