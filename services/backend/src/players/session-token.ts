import { createHash, randomBytes } from 'node:crypto';

const BYTES = 32;
/** 32 bytes in base64url. */
const FORM = /^[A-Za-z0-9_-]{43}$/;

export function newToken(): string {
  return randomBytes(BYTES).toString('base64url');
}

/** The token is random and as long as its hash: no salt, no slow function is needed. Undefined when it is no token. */
export function hashOfToken(token: string): Buffer | undefined {
  return FORM.test(token) ? createHash('sha256').update(token).digest() : undefined;
}
