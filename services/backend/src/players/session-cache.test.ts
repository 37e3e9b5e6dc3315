import { describe, expect, it } from 'vitest';
import { SessionCache } from './session-cache.ts';

const info = (player: string, session: string) => ({ session, player, name: 'Ada', roles: [], mutedUntilMs: null });

function filled(capacity?: number): SessionCache {
  const cache = new SessionCache(capacity);
  cache.open();
  for (const [player, session] of [
    ['a', '1'],
    ['a', '2'],
    ['b', '3'],
  ] as const) {
    cache.put(session, info(player, session), { asked: cache.moment, untilMs: 100 });
  }
  return cache;
}

const known = (cache: SessionCache) => ['1', '2', '3'].filter((key) => cache.get(key, 0) !== undefined);

describe('the memory of sessions', () => {
  it('forgets one session, or all of a player', () => {
    const cache = filled();
    cache.forget({ player: 'a', session: '2' });
    expect(known(cache)).toEqual(['1', '3']);
    cache.forget({ player: 'a' });
    expect(known(cache)).toEqual(['3']);
  });

  it('keeps nothing that was asked for before something was heard', () => {
    const cache = filled();
    const asked = cache.moment;
    cache.forget({ player: 'x', session: 'y' });
    cache.put('4', info('c', '4'), { asked, untilMs: 100 });
    expect(cache.get('4', 0)).toBeUndefined();
  });

  it('keeps nothing for longer than it may', () => {
    const cache = filled();
    expect(cache.get('1', 99)).toBeDefined();
    expect(cache.get('1', 100)).toBeUndefined();
  });

  it('keeps nothing while it is shut, and begins empty', () => {
    const cache = filled();
    cache.shut();
    expect(known(cache)).toEqual([]);
    cache.put('1', info('a', '1'), { asked: cache.moment, untilMs: 100 });
    expect(known(cache)).toEqual([]);
    cache.open();
    expect(known(cache)).toEqual([]);
  });

  it('is bounded: the oldest goes first', () => {
    expect(known(filled(2))).toEqual(['2', '3']);
  });
});
