import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRequest } from './request.ts';

const id = randomUUID();
const good = (operation: unknown) => ({ holder: randomUUID(), key: Buffer.alloc(16, 1), operation });
const stake = { money: { gold: 5 }, items: [1, 2] };
const operations: readonly Record<string, unknown>[] = [
  { kind: 'give', to: id, gives: stake },
  { kind: 'offer', trade: id, with: id, offer: 1, gives: stake, takes: { money: {}, items: [7] } },
  { kind: 'accept', trade: id, offer: 1 },
  { kind: 'cancel', trade: id },
  { kind: 'buy', stall: 'bakery', item: 1, price: 5 },
  { kind: 'sell', stall: 'bakery', item: 1, price: 5 },
  { kind: 'pick-up', item: 1 },
  { kind: 'drop', item: 1, xMm: -5, yMm: 0 },
  { kind: 'refund', of: 1 },
  { kind: 'mint', money: { gold: 1 }, items: ['lantern'] },
];

/** Nothing that a field of ours may be. */
const hostile: readonly unknown[] = [
  undefined,
  null,
  true,
  '',
  '__proto__',
  "'; DROP TABLE balances; --",
  'x'.repeat(1_000_000),
  'a\ud800b',
  'nul\u0000',
  0,
  -1,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  -(2 ** 53),
  10n,
  [],
  {},
  [[]],
  Symbol('x'),
  () => 1,
];

/** Of no items, or of no money, one may well give the other. */
function isEmpty(value: unknown, isArray: boolean): boolean {
  const isOne = typeof value === 'object' && value !== null && Array.isArray(value) === isArray;
  return isOne && Object.keys(value).length === 0;
}

describe('a request', () => {
  it.each(operations)('is taken as $kind, whatever the order of its fields', (operation) => {
    const checked = checkRequest(good(operation));
    expect(checked).toMatchObject({ operation });
    const turned = Object.fromEntries(Object.entries(operation).reverse());
    expect(checkRequest(good(turned))).toMatchObject({ hash: (checked as { hash: Uint8Array }).hash });
  });

  it.each(operations)('with a wrong, missing or unknown field is no $kind', (operation) => {
    for (const field of Object.keys(operation)) {
      const { [field]: _, ...without } = operation;
      expect(checkRequest(good(without)), `without ${field}`).toBe('request_invalid');
      for (const value of hostile) {
        // A name may be many things, SQL among them: it is compared, never run.
        if (field === 'stall' && typeof value === 'string' && /^(__proto__|')/.test(value)) continue;
        if (['xMm', 'yMm'].includes(field) && (value === 0 || value === -1)) continue;
        if (field === 'money' && isEmpty(value, false)) continue;
        if (field === 'items' && isEmpty(value, true)) continue;
        const checked = checkRequest(good({ ...operation, [field]: value }));
        expect(checked, `${field} = ${String(value).slice(0, 40)}`).toBe('request_invalid');
      }
    }
    expect(checkRequest(good({ ...operation, more: 1 }))).toBe('request_invalid');
  });

  it('of no use is refused', () => {
    const give = (gives: unknown) => checkRequest(good({ kind: 'give', to: id, gives }));
    const money = (value: unknown) => give({ money: value, items: [] });
    for (const value of hostile) expect(money({ gold: value }), String(value).slice(0, 40)).toBe('request_invalid');
    expect(give({ money: {}, items: [] })).toBe('request_invalid');
    expect(give({ money: {}, items: [1, 1] })).toBe('request_invalid');
    expect(give({ money: {}, items: Array.from({ length: 17 }, (_, index) => index + 1) })).toBe('request_invalid');
    expect(money({ a: 1, b: 1, c: 1, d: 1, e: 1 })).toBe('request_invalid');
    expect(money(JSON.parse('{"__proto__": 5}'))).toBe('request_invalid');
    expect(money({ "gold'; --": 5 })).toBe('request_invalid');
    expect(money({ Gold: 5 })).toBe('request_invalid');
    const both = {
      kind: 'offer',
      trade: id,
      with: id,
      offer: 1,
      gives: stake,
      takes: { money: { gold: 1 }, items: [] },
    };
    expect(checkRequest(good(both))).toBe('request_invalid');
  });

  it('needs a holder, a key of 16 bytes and a sound fence', () => {
    const request = good({ kind: 'cancel', trade: id });
    expect(checkRequest({ ...request, fence: { zone: 1, epoch: 2 } })).toMatchObject({ fence: { zone: 1, epoch: 2 } });
    const wrong = [
      { ...request, key: Buffer.alloc(15) },
      { ...request, key: 'k'.repeat(16) },
      { ...request, holder: 'mint' },
      { ...request, holder: id.toUpperCase() },
      { ...request, fence: {} },
      { ...request, fence: { zone: 1, epoch: 0 } },
      { ...request, other: 1 },
    ];
    for (const each of [...wrong, ...hostile]) expect(checkRequest(each)).toBe('request_invalid');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), fc.anything(), (value, inner) => {
        checkRequest(value);
        checkRequest(good(inner));
        for (const operation of operations) checkRequest(good({ ...operation, ...Object(inner) }));
      }),
    );
  });
});
