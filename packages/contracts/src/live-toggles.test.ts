import { ManualClock } from '@lifeverse/base';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { LiveToggles } from './live-toggles.ts';
import { decodeToggleSet, encodeToggleSet, type ToggleSet } from './toggle-set.ts';

const serving = (value: unknown) => ({ variants: { on: value }, serve: 'on' });
const said = (revision: number, ...toggles: [string, number, unknown][]): ToggleSet => ({
  revision,
  atMs: 1_795_000_000_000,
  toggles: toggles.map(([toggle, version, definition]) => ({ toggle, version, definition })),
});

describe('live toggles', () => {
  it('are the declared defaults until somebody says otherwise, each of its own type', () => {
    const live = new LiveToggles(new ManualClock());
    expect([live.get('worldCapacity'), live.get('viewRadiusCells')]).toEqual([10_000, 8]);
    expectTypeOf(live.get('updateHz')).toEqualTypeOf<number>();
    // @ts-expect-error: no such toggle
    expect(() => live.get('worldCapacty')).toThrow();
    const own = new LiveToggles(new ManualClock(), {
      calm: { scope: 'world', type: 'boolean', default: false, sentence: '' },
      weather: { scope: 'world', type: 'choice', default: 'sun', options: ['sun', 'rain'], sentence: '' },
    } as const);
    expectTypeOf(own.get('calm')).toEqualTypeOf<boolean>();
    expectTypeOf(own.get('weather')).toEqualTypeOf<'sun' | 'rain'>();
  });

  it('change with what is said, and tell which', () => {
    const live = new LiveToggles(new ManualClock());
    const changes: (readonly string[])[] = [];
    const end = live.onChange((changed) => changes.push(changed));
    live.replace(said(2, ['worldCapacity', 1, serving(5)], ['updateHz', 2, serving(10)]));
    live.replace(said(2, ['worldCapacity', 1, serving(5)], ['updateHz', 2, serving(10)]));
    live.replace(said(3, ['worldCapacity', 3, serving(6)], ['updateHz', 2, serving(10)]));
    expect([live.get('worldCapacity'), live.get('updateHz'), live.version('worldCapacity')]).toEqual([6, 10, 3]);
    live.replace(said(3, ['worldCapacity', 3, serving(6)]));
    expect([live.get('updateHz'), live.version('updateHz')]).toEqual([120, null]);
    end();
    live.replace(said(4));
    expect(changes).toEqual([['updateHz', 'worldCapacity'], ['worldCapacity'], ['updateHz']]);
  });

  it('keep the last good definition, and say once what they refuse', () => {
    const live = new LiveToggles(new ManualClock());
    live.replace(said(1, ['worldCapacity', 1, serving(5)]));
    const bad = said(2, ['worldCapacity', 2, serving(-5)], ['future', 3, serving('x')]);
    expect(live.replace(bad)).toEqual([
      { toggle: 'worldCapacity', version: 2, faults: [expect.objectContaining({ at: '/variants/on' })] },
    ]);
    expect(live.replace(bad)).toEqual([]);
    expect(live.get('worldCapacity')).toBe(5);
  });

  it("follow the server's time, not the machine's, also when it is set back", () => {
    const clock = new ManualClock(500);
    const live = new LiveToggles(clock);
    const atMs = Date.parse('2026-11-20T12:00:00Z');
    const definition = {
      variants: { few: 5, many: 50 },
      serve: 'few',
      targeting: [{ from: '2026-11-20T12:00:01Z', until: '2026-11-20T12:00:02Z', serve: 'many' }],
    };
    const set = { ...said(1, ['worldCapacity', 1, definition]), atMs };
    live.replace(set);
    const values = [0, 999, 1_000, 1_999, 2_000].map((ms) => {
      clock.advanceTo(500 + ms);
      return live.get('worldCapacity');
    });
    expect(values).toEqual([5, 5, 50, 50, 5]);
    live.replace({ ...set, atMs: atMs + 1_500 });
    expect(live.get('worldCapacity')).toBe(50);
  });
});

describe('the message with all toggles', () => {
  it('comes back as it was', () => {
    const set = said(7, ['worldCapacity', 7, serving(5)], ['x', 1, null]);
    expect(decodeToggleSet(encodeToggleSet(set))).toEqual(set);
  });

  it('is nothing when it is cut, damaged or anything else', () => {
    const whole = encodeToggleSet(said(7, ['worldCapacity', 7, serving(5)]));
    for (let length = 0; length < whole.length; length++)
      expect(decodeToggleSet(whole.subarray(0, length))).toBeUndefined();
    fc.assert(fc.property(fc.uint8Array(), (bytes) => decodeToggleSet(bytes) === undefined));
    const encoder = new TextEncoder();
    const decoded = (value: unknown) => decodeToggleSet(encoder.encode(JSON.stringify(value)));
    fc.assert(fc.property(fc.jsonValue(), (value) => decoded(value) === undefined));
    expect(decodeToggleSet(new Uint8Array(2_000_000).fill(32))).toBeUndefined();
  });

  it.each([
    [{ revision: -1, atMs: 0, toggles: [] }],
    [{ revision: 1, atMs: 0.5, toggles: [] }],
    [{ revision: 2 ** 60, atMs: 0, toggles: [] }],
    [{ revision: 1, atMs: 0, toggles: {} }],
    [{ revision: 1, atMs: 0, toggles: [null] }],
    [{ revision: 1, atMs: 0, toggles: [{ toggle: 1, version: 1 }] }],
    [{ revision: 1, atMs: 0, toggles: [{ toggle: 'a', version: '1' }] }],
  ])('is nothing: %j', (value) => {
    expect(decodeToggleSet(new TextEncoder().encode(JSON.stringify(value)))).toBeUndefined();
  });
});
