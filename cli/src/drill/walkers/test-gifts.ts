import type { SettledBooks } from '../books/settled-books.ts';
import { entry, keyed, row } from '../books/test-books.ts';
import type { Deal, Input, PlayerRecord, Refusal, Told } from './record.ts';

const TICK_MS = 50;
const FROM_MS = 1_000;
export const giftsEndMs = 13_000;
const [MINT, ANN, BOB] = [1, 10, 11];

/** Stands, and counts in every tick. `silentMs`: when the server said nothing. */
export function counter(name: string, entity: number, silentMs: readonly [number, number] | null): PlayerRecord {
  const steps = Array.from({ length: (giftsEndMs - FROM_MS) / TICK_MS }, (_, at) => at + 1);
  const inputs = steps.map((step): Input => {
    const sentMs = FROM_MS + (step - 1) * TICK_MS;
    return { sequence: step, tick: step, sentMs, does: { count: step }, ackedMs: sentMs + TICK_MS, refused: false };
  });
  const told = [0, ...steps].map((step): Told => {
    const atMs = FROM_MS + step * TICK_MS;
    return { atMs, tick: step & 0xff, applied: step, x: 100, y: 100, counted: step, last: step };
  });
  const heard = told.filter(({ atMs }) => silentMs === null || atMs <= silentMs[0] || atMs > silentMs[1]);
  const lives = [{ gateway: 0, entity, inputs, told: heard }];
  return { name, lives, lostMs: [], screens: [], rates: [], ended: null };
}

function deal(name: string, to: string, id: number, askedMs: number, answeredMs: number, refusals: Refusal[]): Deal {
  const wish = { do: 'give', to, gives: { money: 1, items: [] } } as const;
  return { player: name, key: keyed(id), wish, askedMs, answeredMs, outcome: { ok: true, operation: id }, refusals };
}

/** Ann gives at 2 s, Ann and Bob do at 4.4 s, when it takes two seconds and may be refused first, and Ann at 7 s. */
export function gifts(refusals: readonly Refusal[]): SettledBooks {
  const durable = {
    holders: new Map(Object.entries({ mint: MINT, ground: 3, ann: ANN, bob: BOB }).map(([name, id]) => [name, { id }])),
    operations: [
      row(1, ANN, 'mint'),
      row(2, BOB, 'mint'),
      ...[3, 4, 6].map((id) => row(id, ANN, 'give')),
      row(5, BOB, 'give'),
    ],
    entries: [
      entry(1, [MINT, -50], [ANN, 50], 50),
      entry(2, [MINT, -100], [BOB, 50], 50),
      entry(3, [ANN, 49], [BOB, 51], 1),
      entry(4, [ANN, 48], [BOB, 52], 1),
      entry(5, [BOB, 51], [ANN, 49], 1),
      entry(6, [ANN, 48], [BOB, 52], 1),
    ],
    balances: [
      { holder: MINT, currency: 'coin', amount: -100, mayOwe: true },
      { holder: ANN, currency: 'coin', amount: 48, mayOwe: false },
      { holder: BOB, currency: 'coin', amount: 52, mayOwe: false },
    ],
    ...{ moves: [], items: [], trades: [] },
  };
  const shown = [
    { player: 'Ann', purse: 48, items: [] },
    { player: 'Bob', purse: 52, items: [] },
  ];
  const characters = new Map([
    ['Ann', 'ann'],
    ['Bob', 'bob'],
  ]);
  const deals = [
    deal('Ann', 'Bob', 3, 2_000, 2_010, []),
    deal('Ann', 'Bob', 4, 4_400, 6_600, [...refusals]),
    deal('Bob', 'Ann', 5, 4_500, 6_700, [...refusals]),
    deal('Ann', 'Bob', 6, 7_000, 7_010, []),
  ];
  return { deals, books: { durable, characters, shown, currency: 'coin' } };
}

export const annAndBobSeen = [
  { name: 'Ann', entity: 1 },
  { name: 'Bob', entity: 2 },
];
