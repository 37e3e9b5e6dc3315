import { accountRefusals } from './refusals.ts';

const KEY = 'lifeverse.provider';
const REFUSED = '#login-refused=';

/** How a trip to a provider ended; `none`: this page was not opened by one. */
export type TripEnd = { readonly kind: 'none' | 'back' } | { readonly kind: 'refused'; readonly sentence: string };

/** Leaves the page for the provider, which sends the browser back to it. */
export function leaveFor(url: string): void {
  try {
    sessionStorage.setItem(KEY, 'away');
  } catch {
    // A browser that keeps nothing comes back as somebody who has just opened the page.
  }
  location.assign(url);
}

/** Once, when the page is opened. `back` is only that: whether the player is logged in, the server knows. */
export function endOfTrip(): TripEnd {
  let away = false;
  try {
    away = sessionStorage.getItem(KEY) !== null;
    sessionStorage.removeItem(KEY);
  } catch {
    return { kind: 'none' };
  }
  if (!location.hash.startsWith(REFUSED)) return { kind: away ? 'back' : 'none' };
  const code = location.hash.slice(REFUSED.length);
  history.replaceState(null, '', location.pathname + location.search);
  return { kind: 'refused', sentence: accountRefusals[code] ?? 'The log-in did not succeed. Try again.' };
}
