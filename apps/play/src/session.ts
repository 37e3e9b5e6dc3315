/**
 * Which avatar a tab plays. A reload comes back to the tab's own; a browser opened again to the last one; and a second
 * tab is a second player, even one that was duplicated and copied the first one's storage.
 */
export interface Seat {
  /** What to come back with, as it was kept last; undefined for somebody new. */
  readonly session: string | undefined;
  /** This very tab was in the world before: it goes back in without asking. */
  readonly returning: boolean;
  /** Keeps a session for the next time. */
  keep(session: string): void;
  /** The server does not know the session any more, or the player left. */
  forget(): void;
}

/** The storages of the platform, or nothing where they are shut off. */
export interface Storages {
  readonly tab: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null;
  readonly browser: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null;
}

/**
 * Claims a name until the page ends; resolves false when another page has it. Null where the platform has no locks:
 * then only the tab's own storage is trusted.
 */
export type Claim = ((name: string, waitMs: number) => Promise<boolean>) | null;

const KEY = 'lifeverse.session';
/** A page that is being reloaded lets go of its claim a moment after the next one asks. */
const RELOAD_MS = 1_500;

export async function takeSeat(storages: Storages, claim: Claim): Promise<Seat> {
  const held = new Set<string>();
  const mine = async (session: string | null | undefined, waitMs: number): Promise<boolean> => {
    if (session === null || session === undefined) return false;
    if (claim === null) return waitMs > 0;
    const got = await claim(`${KEY} ${session}`, waitMs);
    if (got) held.add(session);
    return got;
  };
  const own = storages.tab?.getItem(KEY);
  const last = storages.browser?.getItem(KEY);
  const returning = await mine(own, RELOAD_MS);
  if (!returning) storages.tab?.removeItem(KEY);
  let session = (returning ? own : (await mine(last, 0)) ? last : undefined) ?? undefined;
  return {
    get session() {
      return session;
    },
    returning,
    keep: (next) => {
      session = next;
      storages.tab?.setItem(KEY, next);
      storages.browser?.setItem(KEY, next);
      if (!held.has(next)) void mine(next, 0);
    },
    forget: () => {
      session = undefined;
      storages.tab?.removeItem(KEY);
      storages.browser?.removeItem(KEY);
    },
  };
}

/** The platform's storages; reading them throws where a browser shuts them off. */
export function platformStorages(): Storages {
  const open = (storage: () => Storage): Storage | null => {
    try {
      return storage();
    } catch {
      return null;
    }
  };
  return { tab: open(() => sessionStorage), browser: open(() => localStorage) };
}

/** The platform's locks, which a page holds until it is gone. */
export function platformClaim(): Claim {
  const locks: LockManager | undefined = navigator.locks;
  if (locks === undefined) return null;
  return (name, waitMs) => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const options = waitMs > 0 ? { signal: AbortSignal.timeout(waitMs) } : { ifAvailable: true };
    const hold = (lock: Lock | null): Promise<void> | undefined => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => {});
    };
    locks.request(name, options, hold).catch(() => resolve(false));
    return promise;
  };
}
