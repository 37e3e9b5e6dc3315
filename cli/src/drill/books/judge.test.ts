import type { Durable } from '@lifeverse/backend/journal';
import type { Outcome, Refused } from '@lifeverse/client';
import { describe, expect, it } from 'vitest';
import type { Asked, Wish } from './history.ts';
import { type Evidence, judge } from './judge.ts';
import { entry, keyed, row } from './test-books.ts';

const MINT = 1;
const GROUND = 3;
const ANN = 10;
const BOB = 11;
const STALL = 12;
const ITEM = 500;

const refused = (code: Refused['code']): Refused => ({
  ok: false,
  code,
  sentence: '',
  retry: 'later',
  retryAfterMs: 0,
  again: () => Promise.resolve(refused(code)),
});

const asked = (player: string, key: number, wish: Wish, outcome: Outcome | null): Asked => ({
  player,
  key: keyed(key),
  wish,
  askedMs: 0,
  answeredMs: 1,
  outcome,
});

const done = (operation: number): Outcome => ({ ok: true, operation });
const balance = (holder: number, amount: number, mayOwe = false) => ({ holder, currency: 'coin', amount, mayOwe });

/** Both begin with 50; Ann gives 5, buys a bread for 4 and drops it; they trade 2 coins for 7. */
function sound(): Evidence {
  const durable: Durable = {
    holders: new Map(
      Object.entries({ mint: MINT, ground: GROUND, ann: ANN, bob: BOB, baker: STALL }).map(([n, id]) => [n, { id }]),
    ),
    operations: [
      row(1, ANN, 'mint'),
      row(2, BOB, 'mint'),
      row(3, STALL, 'supply'),
      row(4, ANN, 'give'),
      row(5, ANN, 'buy'),
      row(6, ANN, 'drop'),
      row(7, ANN, 'offer', `${keyed(8).slice(0, -1)}9`),
      row(8, ANN, 'accept', `${keyed(8).slice(0, -1)}a`),
      row(9, BOB, 'accept'),
    ],
    entries: [
      entry(1, [MINT, -50], [ANN, 50], 50),
      entry(2, [MINT, -100], [BOB, 50], 50),
      entry(4, [ANN, 45], [BOB, 55], 5),
      entry(5, [ANN, 41], [STALL, 4], 4),
      entry(9, [BOB, 50], [ANN, 46], 5),
    ],
    moves: [
      { operation: 3, item: ITEM, from: MINT, to: STALL },
      { operation: 5, item: ITEM, from: STALL, to: ANN },
      { operation: 6, item: ITEM, from: ANN, to: GROUND },
    ],
    items: [{ id: ITEM, kind: 'bread', holder: GROUND, xMm: 1, yMm: 1 }] as unknown as Durable['items'],
    balances: [balance(MINT, -100, true), balance(ANN, 46), balance(BOB, 50), balance(STALL, 4)],
    trades: [
      { id: keyed(8), one: ANN, other: BOB, state: 'done', version: 9, oneGives: {}, otherGives: {} },
    ] as unknown as Durable['trades'],
  };
  const [annLays, bobLays] = [
    { money: 2, items: [] },
    { money: 7, items: [] },
  ];
  return {
    durable,
    characters: new Map([
      ['Ann', 'ann'],
      ['Bob', 'bob'],
    ]),
    currency: 'coin',
    shown: [
      { player: 'Ann', purse: 46, items: [] },
      { player: 'Bob', purse: 50, items: [] },
    ],
    asked: [
      asked('Ann', 4, { do: 'give', to: 'Bob', gives: { money: 5, items: [] } }, done(4)),
      asked('Ann', 5, { do: 'buy', stall: 'baker', price: 4 }, done(5)),
      asked('Ann', 6, { do: 'drop', item: ITEM }, null),
      asked('Ann', 8, { do: 'accept', with: 'Bob', mine: annLays, theirs: bobLays }, done(9)),
      asked('Bob', 9, { do: 'accept', with: 'Ann', mine: bobLays, theirs: annLays }, done(9)),
      asked('Bob', 99, { do: 'pickUp' }, refused('item_gone')),
    ],
  };
}

const durably = (change: (durable: Durable) => Partial<Durable>): Evidence => {
  const evidence = sound();
  return { ...evidence, durable: { ...evidence.durable, ...change(evidence.durable) } };
};
const told = (index: number, outcome: Outcome): Evidence => {
  const evidence = sound();
  return { ...evidence, asked: evidence.asked.map((one, at) => (at === index ? { ...one, outcome } : one)) };
};

describe('what players were told, against what is durable', () => {
  it('is in order when all of it is there, once', () => {
    expect(judge(sound())).toEqual({ lost: [], doubled: [], wrong: [] });
  });

  it.each<[string, keyof ReturnType<typeof judge>, RegExp, Evidence]>([
    [
      'an acknowledged operation that is not there',
      'lost',
      /give of Ann .* is not there/,
      durably(({ operations }) => ({ operations: operations.filter(({ id }) => id !== 4) })),
    ],
    [
      'a trade that is not there',
      'lost',
      /accept of Ann .* is not there/,
      durably(({ trades }) => ({ trades: trades.map((trade) => ({ ...trade, state: 'open' as const })) })),
    ],
    [
      'a key that applied twice',
      'doubled',
      /done 2 times: 4, 40/,
      durably(({ operations }) => ({ operations: [...operations, row(40, ANN, 'give', keyed(4))] })),
    ],
    [
      'an operation that nobody asked for',
      'doubled',
      /operation 40, give of Bob, was not asked for/,
      durably(({ operations }) => ({ operations: [...operations, row(40, BOB, 'give')] })),
    ],
    ['two answers with one operation', 'wrong', /was done as operation 4 and is 5/, told(1, done(4))],
    [
      'a refusal of what is done',
      'wrong',
      /was refused \(journal_unreachable\) and is done/,
      told(0, refused('journal_unreachable')),
    ],
    [
      'a balance that no entries lead to',
      'wrong',
      /sum to 1/,
      durably(({ balances }) => ({
        balances: balances.map((one) => (one.holder === BOB ? { ...one, amount: one.amount + 1 } : one)),
      })),
    ],
    [
      'an item with another holder than its moves lead to',
      'wrong',
      /item 500/,
      durably(({ items }) => ({ items: items.map((item) => ({ ...item, holder: BOB })) })),
    ],
    [
      'a gift to another',
      'wrong',
      /moved "10>12 coin 5", not/,
      durably(({ entries }) => ({
        entries: entries.map((one) => (one.operation === 4 ? { ...one, to: STALL } : one)),
      })),
    ],
    [
      'a trade at which something else changed hands than lay on the table',
      'wrong',
      /accept of Bob .* moved/,
      durably(({ entries }) => ({
        entries: entries.map((one) => (one.operation === 9 ? { ...one, amount: 6 } : one)),
      })),
    ],
    [
      'a purse that is shown otherwise',
      'wrong',
      /Bob is shown 51 and has 50/,
      { ...sound(), shown: [{ player: 'Bob', purse: 51, items: [] }] },
    ],
  ])('shows %s', (_what, where, expected, evidence) => {
    expect(judge(evidence)[where].join('\n')).toMatch(expected);
  });
});
