import type { Claim, Storages } from './session.ts';

/** Who waits in this tab, with what, so that a reload goes on waiting. */
export interface Waiter {
  readonly place: string;
  /** Undefined: the one they have already. */
  readonly name: string | undefined;
  /** The place is this session's; undefined: of somebody who has none yet. */
  readonly session: string | undefined;
}

export interface WaitingPlace {
  /** From before the reload; undefined when this tab did not wait. */
  readonly waiter: Waiter | undefined;
  keep(waiter: Waiter): void;
  forget(): void;
}

const KEY = 'lifeverse.place';
/** A page that is being reloaded lets go of its claim a moment after the next one asks. */
const RELOAD_MS = 1_500;

interface Kept extends Waiter {
  /** Of the tab: a duplicated one has it too, and is not the one that waits. */
  readonly tab: string;
}

/** The tab's own, which ends with it. */
export async function takeWaitingPlace(storages: Storages, claim: Claim, newTab: () => string): Promise<WaitingPlace> {
  const mine = async (tab: string): Promise<boolean> =>
    claim === null || (await claim(`${KEY} ${tab}`, RELOAD_MS).catch(() => false));
  const kept = parsed(storages.tab?.getItem(KEY) ?? null);
  const isMine = kept !== undefined && (await mine(kept.tab));
  if (!isMine) storages.tab?.removeItem(KEY);
  let tab = isMine ? kept.tab : undefined;
  return {
    waiter: isMine ? kept : undefined,
    keep: (waiter) => {
      if (tab === undefined) {
        tab = newTab();
        void mine(tab);
      }
      storages.tab?.setItem(KEY, JSON.stringify({ ...waiter, tab } satisfies Kept));
    },
    forget: () => storages.tab?.removeItem(KEY),
  };
}

function parsed(text: string | null): Kept | undefined {
  try {
    const { place, name, session, tab } = JSON.parse(text ?? 'null') as Partial<Kept>;
    if (typeof place !== 'string' || typeof tab !== 'string') return undefined;
    return { place, name: textOf(name), tab, session: textOf(session) };
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
