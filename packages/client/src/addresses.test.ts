import { describe, expect, it } from 'vitest';
import { Addresses } from './addresses.ts';

const url = (name: string): URL => new URL(`https://${name}.example/`);

/** Addresses by name, a clock that stands until it is set, and chances in the order given; then always the last. */
function rig(names: readonly string[], ...chances: number[]) {
  const clock = { nowMs: 0 };
  const random = (): number => (chances.length > 1 ? (chances.shift() as number) : (chances[0] ?? 0));
  const addresses = new Addresses(names.map(url), { nowMs: () => clock.nowMs, random });
  const current = (): string => addresses.current.hostname.replace('.example', '');
  return { addresses, clock, current };
}

it('are at least one', () => {
  expect(() => rig([])).toThrow(RangeError);
});

it('are begun with at any of them, so that not all begin at the same', () => {
  expect([0, 0.4, 0.99].map((chance) => rig(['a', 'b', 'c'], chance).current())).toEqual(['a', 'b', 'c']);
});

it('that are one wait as long as one does: a random part of a window that doubles up to ten seconds', () => {
  const { addresses, clock, current } = rig(['a'], 0, 0.5);
  const waits = Array.from({ length: 8 }, () => {
    addresses.failed(250);
    const waitMs = addresses.turn(1_000);
    clock.nowMs += waitMs;
    return waitMs;
  });
  expect(waits).toEqual([125, 250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  expect(current()).toBe('a');
});

describe('of several', () => {
  it('any other is next, within the time in which all come', () => {
    const { addresses, current } = rig(['a', 'b', 'c'], 0, 0.5, 0.9, 0.25);
    addresses.failed(250);
    expect([addresses.turn(1_000), current()]).toEqual([250, 'c']);
  });

  it('one that fails is left alone by itself, and the others are tried at once', () => {
    const { addresses, clock, current } = rig(['a', 'b', 'c'], 0, 0.8, 0, 0);
    addresses.failed(250);
    addresses.turn(1_000);
    expect(current()).toBe('b');
    addresses.failed(250);
    expect([addresses.turn(0), current()]).toEqual([0, 'c']);
    addresses.failed(250);
    // `b` and `c` may be tried again at once, and have failed as often as `a`.
    expect([addresses.turn(0), current()]).toEqual([0, 'b']);
    clock.nowMs = 1;
    expect(addresses.failures).toBe(1);
  });

  it('all of which have to be left alone, it is the one that has to be for the shortest time', () => {
    const { addresses, clock, current } = rig(['a', 'b'], 0, 0.8, 0, 0, 0.4);
    addresses.failed(250);
    addresses.turn(1_000);
    addresses.failed(1_000);
    expect([addresses.turn(0), current()]).toEqual([200, 'a']);
    clock.nowMs = 200;
    addresses.failed(250);
    // The second window of `a` is twice as long.
    expect([addresses.turn(0), current()]).toEqual([200, 'a']);
    expect(addresses.failures).toBe(2);
  });

  it('those with the fewest failures come first, and what is a minute old counts no more', () => {
    const { addresses, clock, current } = rig(['a', 'b', 'c'], 0, 0);
    addresses.failed(250);
    addresses.turn(0);
    expect([current(), addresses.hasAlternative]).toEqual(['b', true]);
    addresses.failed(250);
    addresses.turn(0);
    expect([current(), addresses.hasAlternative]).toEqual(['c', false]);
    clock.nowMs = 60_001;
    expect(addresses.hasAlternative).toBe(true);
  });

  it('one that has led in has failed no more', () => {
    const { addresses } = rig(['a', 'b'], 0, 0.5);
    addresses.failed(250);
    addresses.succeeded();
    expect(addresses.failures).toBe(0);
  });

  it('one that refuses for good is not tried again, and the last one stays', () => {
    const { addresses, current } = rig(['a', 'b'], 0);
    expect([addresses.leave(), current(), addresses.size]).toEqual([true, 'b', 1]);
    expect([addresses.leave(), current(), addresses.size]).toEqual([false, 'b', 1]);
  });
});

describe('one of which the server says that it is better', () => {
  it('is gone on by at once, and the former is as good as before', () => {
    const { addresses, current } = rig(['a', 'b'], 0);
    addresses.prefer('https://b.example');
    expect([current(), addresses.failures, addresses.hasAlternative]).toEqual(['b', 0, true]);
    addresses.moveTo(url('a'), null);
    expect([current(), addresses.hasAlternative]).toEqual(['a', true]);
    addresses.moveTo(url('b'), 250);
    expect([current(), addresses.hasAlternative]).toEqual(['b', false]);
  });

  it('is not when it has failed lately, or is none that a player should be sent to', () => {
    const { addresses, current } = rig(['a', 'b'], 0);
    addresses.anotherFailed(url('b'), 250);
    addresses.prefer('https://b.example');
    addresses.prefer('http://c.example');
    addresses.prefer('https://127.0.0.1');
    expect(current()).toBe('a');
  });
});

it('one that refuses for good is neither told again nor better, for a quarter of an hour', () => {
  const { addresses, clock, current } = rig(['a', 'b'], 0);
  addresses.leave();
  addresses.told(['https://a.example', 'https://b.example']);
  addresses.prefer('https://a.example');
  expect([current(), addresses.size]).toEqual(['b', 1]);
  clock.nowMs = 900_001;
  addresses.prefer('https://a.example');
  expect(current()).toBe('a');
});

describe('that a server tells', () => {
  it('come before those that were told before and are no more', () => {
    const { addresses, clock, current } = rig(['a'], 0);
    addresses.told(['https://b.example', 'https://c.example']);
    clock.nowMs = 1;
    addresses.told(['https://c.example']);
    addresses.failed(250);
    addresses.turn(0);
    expect(current()).toBe('c');
    addresses.failed(250);
    addresses.turn(0);
    addresses.failed(250);
    addresses.turn(0);
    expect(current()).toBe('b');
  });

  it('are let go a quarter of an hour behind; those that were given stay, and the one that is in use', () => {
    const { addresses, clock, current } = rig(['a'], 0);
    addresses.told(['https://b.example', 'https://c.example']);
    addresses.failed(250);
    addresses.turn(0);
    expect([current(), addresses.size]).toEqual(['b', 3]);
    clock.nowMs = 900_000;
    addresses.told([]);
    expect(addresses.size).toBe(3);
    clock.nowMs = 900_001;
    addresses.told([]);
    expect([addresses.size, current()]).toEqual([2, 'b']);
  });

  it('keep what is known of their failures', () => {
    const { addresses, current } = rig(['a'], 0, 0.5);
    addresses.told(['https://b.example']);
    addresses.failed(250);
    addresses.turn(0);
    addresses.failed(250);
    addresses.told(['https://a.example', 'https://b.example']);
    expect([current(), addresses.failures, addresses.hasAlternative]).toEqual(['b', 1, false]);
  });

  it('are none that a player should not be sent to', () => {
    const { addresses } = rig(['a'], 0);
    addresses.told(['http://evil.example', 'https://127.0.0.1', 'https://evil.example/world', 'nonsense']);
    expect(addresses.size).toBe(1);
  });
});
