import { describe, expect, it } from 'vitest';
import { type Claim, takeSeat } from './session.ts';

class Shelf {
  readonly #items = new Map<string, string>();
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }
  removeItem(key: string): void {
    this.#items.delete(key);
  }
  copy(): Shelf {
    const copy = new Shelf();
    for (const [key, value] of this.#items) copy.setItem(key, value);
    return copy;
  }
}

/** Locks of one browser, as its tabs share them. */
function locks(): { tab(): { claim: NonNullable<Claim>; end(): void } } {
  const taken = new Set<string>();
  return {
    tab: () => {
      const own = new Set<string>();
      return {
        claim: async (name) => {
          if (taken.has(name)) return false;
          taken.add(name);
          own.add(name);
          return true;
        },
        end: () => {
          for (const name of own) taken.delete(name);
        },
      };
    },
  };
}

describe('which avatar a tab plays', () => {
  it('somebody new has none, and keeps what the server gave', async () => {
    const [tab, browser] = [new Shelf(), new Shelf()];
    const seat = await takeSeat({ tab, browser }, locks().tab().claim);
    expect([seat.session, seat.returning]).toEqual([undefined, false]);
    seat.keep('one');
    const again = await takeSeat({ tab, browser }, locks().tab().claim);
    expect([again.session, again.returning]).toEqual(['one', true]);
  });

  it('a browser opened again comes back as the last, but asks first', async () => {
    const browser = new Shelf();
    const first = locks().tab();
    (await takeSeat({ tab: new Shelf(), browser }, first.claim)).keep('one');
    const seat = await takeSeat({ tab: new Shelf(), browser }, locks().tab().claim);
    expect([seat.session, seat.returning]).toEqual(['one', false]);
  });

  it('a second tab is a second player', async () => {
    const browser = new Shelf();
    const shared = locks();
    (await takeSeat({ tab: new Shelf(), browser }, shared.tab().claim)).keep('one');
    const second = await takeSeat({ tab: new Shelf(), browser }, shared.tab().claim);
    expect(second.session).toBeUndefined();
  });

  it('a duplicated tab is a second player too, though it has the first one’s storage', async () => {
    const [tab, browser, shared] = [new Shelf(), new Shelf(), locks()];
    (await takeSeat({ tab, browser }, shared.tab().claim)).keep('one');
    const copy = tab.copy();
    const second = await takeSeat({ tab: copy, browser }, shared.tab().claim);
    expect([second.session, second.returning]).toEqual([undefined, false]);
    second.keep('two');
    expect((await takeSeat({ tab: copy, browser }, locks().tab().claim)).session).toBe('two');
  });

  it('a tab that is reloaded is itself, with other tabs about', async () => {
    const [tab, browser, shared] = [new Shelf(), new Shelf(), locks()];
    const first = shared.tab();
    (await takeSeat({ tab, browser }, first.claim)).keep('one');
    (await takeSeat({ tab: new Shelf(), browser }, shared.tab().claim)).keep('two');
    first.end();
    const reloaded = await takeSeat({ tab, browser }, shared.tab().claim);
    expect([reloaded.session, reloaded.returning]).toEqual(['one', true]);
  });

  it('without locks only the tab’s own storage counts', async () => {
    const [tab, browser] = [new Shelf(), new Shelf()];
    (await takeSeat({ tab, browser }, null)).keep('one');
    expect((await takeSeat({ tab, browser }, null)).session).toBe('one');
    expect((await takeSeat({ tab: new Shelf(), browser }, null)).session).toBeUndefined();
  });

  it('forgets what the server does not know, and does without any storage', async () => {
    const [tab, browser] = [new Shelf(), new Shelf()];
    const seat = await takeSeat({ tab, browser }, null);
    seat.keep('one');
    seat.forget();
    expect((await takeSeat({ tab, browser }, null)).session).toBeUndefined();
    const bare = await takeSeat({ tab: null, browser: null }, null);
    bare.keep('two');
    expect(bare.session).toBe('two');
    bare.forget();
    expect(bare.session).toBeUndefined();
  });
});
