import { describe, expect, it } from 'vitest';
import { checkHistory, type Durable, type Told } from './checker.ts';
import { type CheckedRequest, checkRequest } from './request.ts';

const [one, other] = ['0000000c-0000-4000-8000-000000000001', '0000000c-0000-4000-8000-000000000002'];
const key = (number: number) => Buffer.alloc(16, number);
const request = (number: number, holder: string | undefined, operation: unknown) =>
  checkRequest({ holder, key: key(number), operation }) as CheckedRequest;

const mint = request(1, one, { kind: 'mint', money: { gold: 10 }, items: ['lantern'] });
const give = request(2, one, { kind: 'give', to: other, gives: { money: { gold: 4 }, items: [1] } });
const row = (id: number, { key: of, hash, operation }: CheckedRequest) => ({
  id,
  holder: 2,
  key: of,
  hash,
  kind: operation.kind,
  refused: null,
});
const entry = { currency: 'gold', fromWas: 0, toWas: 0 };
const balance = { currency: 'gold', version: 1, mayOwe: false };

const durable: Durable = {
  holders: new Map([
    ['mint', { id: 1 }],
    [one as string, { id: 2 }],
    [other as string, { id: 3 }],
  ]),
  operations: [row(1, mint), row(2, give)],
  entries: [
    { ...entry, operation: 1, from: 1, to: 2, amount: 10, fromBalance: -10, toBalance: 10 },
    { ...entry, operation: 2, from: 2, to: 3, amount: 4, fromBalance: 6, toBalance: 4 },
  ],
  moves: [
    { operation: 1, item: 1, from: 1, to: 2 },
    { operation: 2, item: 1, from: 2, to: 3 },
  ],
  items: [{ id: 1, kind: 'lantern', holder: 3, xMm: null, yMm: null }],
  balances: [
    { ...balance, holder: 1, amount: -10, mayOwe: true },
    { ...balance, holder: 2, amount: 6 },
    { ...balance, holder: 3, amount: 4 },
  ],
  trades: [],
};
const told: readonly Told[] = [
  { request: mint, outcome: { ok: true, operation: 1, balances: { gold: 10 }, items: [{ id: 1, gained: true }] } },
  { request: give, outcome: { ok: true, operation: 2, balances: { gold: 6 }, items: [{ id: 1, gained: false }] } },
];

describe('the checker', () => {
  it('has nothing to say when all is well', () => {
    expect(checkHistory(told, durable)).toEqual([]);
  });

  const { operations, entries, moves, items, balances } = durable;
  const faults: readonly (readonly [string, Partial<Durable>, RegExp])[] = [
    ['an operation that was told and is not there', { operations: operations.slice(0, 1) }, /lost/],
    ['a key that applied twice', { operations: [...operations, { ...row(3, give) }] }, /doubled/],
    ['another operation than was told', { operations: [row(1, mint), row(9, give)] }, /doubled/],
    [
      'a refusal of what was told to be done',
      { operations: [row(1, mint), { ...row(2, give), refused: 'x' }] },
      /otherwise/,
    ],
    [
      'money from nowhere',
      { balances: balances.map((each) => ({ ...each, amount: each.amount + 1 })) },
      /do not lead to/,
    ],
    ['one side of a payment', { balances: balances.slice(0, 2) }, /sum to/],
    [
      'a lost update',
      { entries: entries.map((each) => ({ ...each, fromBalance: each.fromBalance + 1 })) },
      /do not lead/,
    ],
    ['a debt', { balances: balances.map((each) => ({ ...each, mayOwe: false })) }, /owes/],
    ['an item in two hands', { moves: [...moves, { operation: 2, item: 1, from: 1, to: 2 }] }, /item 1/],
    ['an item with the wrong one', { items: items.map((each) => ({ ...each, holder: 2 })) }, /item 1/],
    ['an item that is gone', { items: [] }, /nowhere/],
  ];
  it.each(faults)('finds %s', (_, changed, expected) => {
    expect(checkHistory(told, { ...durable, ...changed }).join('; ')).toMatch(expected);
  });

  it('finds a trade of which one side is missing', () => {
    const trade = '0000000a-0000-4000-8000-000000000001';
    const accept = request(3, other, { kind: 'accept', trade, offer: 1 });
    const closed = {
      ...durable,
      operations: [...operations, { ...row(3, accept), holder: 3 }],
      moves: [...moves, { operation: 3, item: 1, from: 3, to: 2 }],
      items: items.map((each) => ({ ...each, holder: 2 })),
      trades: [
        {
          id: trade,
          one: 2,
          other: 3,
          offer: 1,
          oneGives: { money: { gold: 2 }, items: [] },
          otherGives: { money: {}, items: [1] },
          oneAccepts: true,
          otherAccepts: true,
          state: 'done' as const,
          version: 3,
        },
      ],
    };
    expect(checkHistory([...told, { request: accept, outcome: null }], closed).join()).toMatch(/one-sided/);
  });
});
