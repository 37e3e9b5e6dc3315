import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { parseShape, type ShapedAs, shape } from './shape.ts';

const prices = shape.object(
  {
    open: shape.boolean(),
    weather: shape.choice('sun', 'rain'),
    wares: shape.map(shape.object({ asks: shape.integer(1, 1_000), share: shape.number(0, 1) }, ['share']), 3),
    notes: shape.list(shape.text(10), 2),
  },
  ['notes'],
);
type Prices = ShapedAs<typeof prices>;
const good = { open: true, weather: 'sun', wares: { bread: { asks: 5 } }, notes: ['a', '€€€'] } satisfies Prices;

const faultsOf = (input: unknown) => {
  const result = parseShape(prices, input);
  return result.ok ? [] : result.faults;
};

describe('a value from outside', () => {
  it('is taken when it has the shape, with its type, made anew', () => {
    const result = parseShape(prices, good);
    expect(result).toEqual({ ok: true, value: good });
    if (!result.ok) return;
    expect(result.value).not.toBe(good);
    expectTypeOf(result.value.weather).toEqualTypeOf<'sun' | 'rain'>();
    expectTypeOf(result.value.wares.bread).toMatchTypeOf<{ asks: number; share?: number } | undefined>();
  });

  it.each<[string, unknown, string, RegExp]>([
    ['nothing', undefined, '', /must be an object/],
    ['a list', [], '', /must be an object/],
    ['a missing field', { weather: 'sun', wares: {} }, '/open', /is missing/],
    [
      'an inherited field',
      Object.assign(Object.create({ open: true }), { weather: 'sun', wares: {} }),
      '/open',
      /is missing/,
    ],
    ['an unknown field', { ...good, opn: 1 }, '/opn', /there are open, weather/],
    ['__proto__', JSON.parse('{"__proto__":{"open":true}}'), '/__proto__', /is no field/],
    [
      'a map with __proto__',
      { ...good, wares: JSON.parse('{"__proto__":{"asks":1}}') },
      '/wares/__proto__',
      /is no name/,
    ],
    ['a fault behind a slash', { ...good, wares: { 'a/~b': { asks: 0 } } }, '/wares/a~1~0b/asks', /whole number/],
    ['a name that is no text', { ...good, wares: { 'a\ud800': { asks: 1 } } }, '/wares/a\ufffd', /is no name/],
    ['an empty name', { ...good, wares: { '': { asks: 1 } } }, '/wares/', /is no name/],
    ['too many', { ...good, wares: { a: 1, b: 1, c: 1, d: 1 } }, '/wares', /at most 3/],
    ['a list as a map', { ...good, wares: [] }, '/wares', /by name/],
    ['a map as a list', { ...good, notes: {} }, '/notes', /list of at most 2/],
    ['too long a list', { ...good, notes: ['a', 'b', 'c'] }, '/notes', /list of at most 2/],
    ['another word', { ...good, weather: 'snow' }, '/weather', /one of sun, rain/],
    ['a word for a truth', { ...good, open: 'true' }, '/open', /true or false/],
    [
      'a negative price',
      { ...good, wares: { bread: { asks: -1 } } },
      '/wares/bread/asks',
      /whole number from 1 to 1000/,
    ],
    ['a broken price', { ...good, wares: { bread: { asks: 1.5 } } }, '/wares/bread/asks', /whole number/],
    ['NaN', { ...good, wares: { bread: { asks: 1, share: Number.NaN } } }, '/wares/bread/share', /number from 0 to 1/],
    ['an unpaired surrogate', { ...good, notes: ['a\ud800'] }, '/notes/0', /without control/],
    ['a NUL', { ...good, notes: ['b', 'a\0'] }, '/notes/1', /without control/],
    ['too many bytes', { ...good, notes: ['€€€€'] }, '/notes/0', /1 to 10 bytes/],
    ['1 MB', { ...good, notes: ['x'.repeat(1_000_000)] }, '/notes/0', /1 to 10 bytes/],
  ])('is refused with the place of the fault: %s', (_, input, at, why) => {
    expect(faultsOf(input)).toContainEqual({ at, why: expect.stringMatching(why) });
  });

  it('beyond 2^53 is no whole number', () => {
    const any = shape.integer(0, Number.MAX_VALUE);
    expect(parseShape(any, 2 ** 53 - 1).ok).toBe(true);
    expect(parseShape(any, JSON.parse('9007199254740993')).ok).toBe(false);
  });

  it('never throws; tells 20 faults at most; what is taken is taken again as it is', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, maxDepth: 4 }), (input) => {
        expect(faultsOf(input).length).toBeGreaterThan(0);
        expect(faultsOf({ ...good, wares: input }).length).toBeLessThanOrEqual(20);
        const result = parseShape(shape.map(shape.integer(-5, 5), 100), input);
        if (result.ok) expect(parseShape(shape.map(shape.integer(-5, 5), 100), result.value)).toEqual(result);
      }),
    );
  });
});
