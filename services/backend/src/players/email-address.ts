import { domainToASCII } from 'node:url';

const MOST_BYTES = 254;
const MOST_LOCAL_BYTES = 64;
// What separates, quotes or cannot be seen has no place in an address that people type.
const LOCAL = /^[^\s\p{C}"(),:;<>@[\\\]]+$/u;
const DOMAIN = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;

/**
 * An e-mail address in the one form by which it is known: NFKC, small letters, the domain in ASCII. Dots and what
 * follows a `+` are kept: only some providers ignore them. Undefined when it is none.
 */
export function emailAddress(given: string): string | undefined {
  if (given.length > MOST_BYTES || !given.isWellFormed()) return undefined;
  const text = given.trim().normalize('NFKC').toLowerCase().normalize('NFKC');
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const domain = domainToASCII(text.slice(at + 1));
  if (!LOCAL.test(local) || local.startsWith('.') || local.endsWith('.') || local.includes('..')) return undefined;
  if (Buffer.byteLength(local) > MOST_LOCAL_BYTES || !DOMAIN.test(domain)) return undefined;
  const address = `${local}@${domain}`;
  return Buffer.byteLength(address) > MOST_BYTES ? undefined : address;
}
