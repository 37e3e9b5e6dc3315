/** More than these nobody needs to know to get back in. */
const MOST = 64;
const LENGTH = 255;

/**
 * Of the addresses that a server tells, those that a player may be sent to with their session: web origins as they are
 * written, over https where the server itself is reached so, and of one's own machine only where the server is there too.
 */
export function toldAddresses(told: readonly string[], by: URL): URL[] {
  const sound = told.slice(0, MOST).filter((address) => isSound(address, by));
  return [...new Set(sound)].map((address) => new URL(address));
}

function isSound(address: string, by: URL): boolean {
  if (address.length > LENGTH || !URL.canParse(address)) return false;
  const { origin, protocol, hostname } = new URL(address);
  if (origin !== address) return false;
  if (protocol !== 'https:' && (protocol !== 'http:' || by.protocol === 'https:')) return false;
  return !isOwnMachine(hostname) || isOwnMachine(by.hostname);
}

function isOwnMachine(hostname: string): boolean {
  return /(^|\.)localhost$|^127\.\d+\.\d+\.\d+$|^\[::1\]$/.test(hostname);
}
