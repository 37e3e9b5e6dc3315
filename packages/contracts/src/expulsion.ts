import { type ErrorCode, isErrorCode } from '@lifeverse/protocol';
import { jsonObject } from './toggle-set.ts';

/** Characters whose players may not go on, and what they are told. For the subject `expulsion`. */
export interface Expulsion {
  readonly characters: readonly string[];
  readonly code: ErrorCode;
}

const MAX_BYTES = 65_536;

export function encodeExpulsion(expulsion: Expulsion): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(expulsion));
}

/** Undefined when it is none. */
export function decodeExpulsion(bytes: Uint8Array): Expulsion | undefined {
  const { characters, code } = (bytes.length <= MAX_BYTES ? jsonObject(bytes) : undefined) ?? {};
  if (typeof code !== 'string' || !isErrorCode(code) || !Array.isArray(characters)) return undefined;
  return characters.every((each) => typeof each === 'string') ? { characters, code } : undefined;
}
