import { checkBooks, type Durable } from '@lifeverse/backend/journal';
import { type Asked, isAnswered, type Laid, type Wish } from './history.ts';

/** What one player's own page showed them at the end. */
export interface Shown {
  readonly player: string;
  readonly purse: number;
  readonly items: readonly number[];
}

export interface Judgement {
  /** Told as done, and not there. */
  readonly lost: string[];
  /** There more than once, or by nobody's wish. */
  readonly doubled: string[];
  /** Anything else that is not as it was told, or not in balance. */
  readonly wrong: string[];
}

export interface Evidence {
  readonly asked: readonly Asked[];
  readonly durable: Durable;
  /** The character of a player. */
  readonly characters: ReadonlyMap<string, string>;
  readonly shown: readonly Shown[];
  readonly currency: string;
}

/** What changed hands by an operation of the journal, by its id, each as `giver>taker what`. */
type Effects = ReadonlyMap<number, readonly string[]>;

/** Keys that a zone makes out of the one that a player gave for an acceptance: the last byte by exclusive or. */
const ZONE_KEYS = [1, 2, 3];
/** Made by nobody's wish: what everyone begins with. */
const GRANTED = 'mint';

/** Holds what players were told against what is durable. It knows nothing of how any of it works. */
export function judge(evidence: Evidence): Judgement {
  const { durable, currency } = evidence;
  const found: Judgement = { lost: [], doubled: [], wrong: [] };
  for (const sentence of checkBooks(durable))
    (sentence.startsWith('doubled') ? found.doubled : found.wrong).push(sentence);
  const holders = holdersOf(evidence);
  const effects = effectsOf(durable, currency);
  const done = doneByKey(durable);
  const claimed = new Map<number, string>();
  for (const one of evidence.asked) judgeOne(one, { holders, effects, done, claimed, currency }, found);
  unasked(evidence, holders, found);
  for (const shown of evidence.shown) judgeShown(shown, evidence, holders, found);
  return found;
}

interface Books {
  readonly holders: ReadonlyMap<string, number>;
  readonly effects: Effects;
  readonly done: ReadonlyMap<string, readonly number[]>;
  /** By operation: the key that it answers to, or, of an exchange, the trade of the two. */
  readonly claimed: Map<number, string>;
  readonly currency: string;
}

function judgeOne(one: Asked, books: Books, found: Judgement): void {
  const holder = books.holders.get(one.player) ?? 0;
  const ids = books.done.get(`${holder}/${one.key}`) ?? [];
  const what = `${one.wish.do} of ${one.player} (${one.key})`;
  if (ids.length > 1) found.doubled.push(`${what} was done ${ids.length} times: ${ids.join(', ')}`);
  const [id] = ids;
  if (id !== undefined) {
    claim(id, one, what, books, found);
    const expected = effectOf(one.wish, holder, books);
    const actual = (books.effects.get(id) ?? []).join('; ');
    if (expected !== null && !expected.test(actual))
      found.wrong.push(`${what}, operation ${id}, moved "${actual}", not ${expected.source}`);
  }
  if (one.outcome === null || !isAnswered(one)) return;
  const { outcome } = one;
  if (!outcome.ok && id !== undefined) found.wrong.push(`${what} was refused (${outcome.code}) and is done`);
  if (outcome.ok && outcome.operation !== 0) {
    if (id === undefined) found.lost.push(`${what} was done as operation ${outcome.operation} and is not there`);
    else if (id !== outcome.operation)
      found.wrong.push(`${what} was done as operation ${outcome.operation} and is ${id}`);
  }
}

/** Nothing is done for two wishes at once, but an exchange for the two who accepted it. */
function claim(id: number, { player, wish, key }: Asked, what: string, { claimed }: Books, found: Judgement): void {
  const before = claimed.get(id);
  const claims = wish.do === 'accept' ? `trade of ${[player, wish.with].sort().join(' and ')}` : key;
  if (before !== undefined && (before !== claims || wish.do !== 'accept'))
    found.doubled.push(`${what} and another wish are the same operation ${id}`);
  claimed.set(id, claims);
}

/** Null where nothing lasting was wished for. */
function effectOf(wish: Wish, me: number, { holders, currency }: Books): RegExp | null {
  const of = (name: string): number => holders.get(name) ?? 0;
  switch (wish.do) {
    case 'give':
      return exactly(passing(me, of(wish.to), wish.gives, currency));
    case 'buy':
      return new RegExp(`^${me}>${of(wish.stall)} ${currency} ${wish.price}; ${of(wish.stall)}>${me} item \\d+$`);
    case 'sell':
      return exactly([
        `${of(wish.stall)}>${me} ${currency} ${wish.price}`,
        `${me}>${of(wish.stall)} item ${wish.item}`,
      ]);
    case 'drop':
      return exactly([`${me}>${of('ground')} item ${wish.item}`]);
    case 'pickUp':
      return new RegExp(`^${of('ground')}>${me} item \\d+$`);
    case 'accept':
      return exactly(exchanged(me, of(wish.with), wish, currency));
    default:
      return /^$/;
  }
}

function passing(from: number, to: number, { money, items }: Laid, currency: string): string[] {
  const coins = money > 0 ? [`${from}>${to} ${currency} ${money}`] : [];
  return [...coins, ...items.map((item) => `${from}>${to} item ${item}`)];
}

/** Of a currency that both give, the difference passes. */
function exchanged(me: number, other: number, table: { mine: Laid; theirs: Laid }, currency: string): string[] {
  const more = table.mine.money - table.theirs.money;
  return [
    ...passing(me, other, { money: Math.max(0, more), items: table.mine.items }, currency),
    ...passing(other, me, { money: Math.max(0, -more), items: table.theirs.items }, currency),
  ];
}

function exactly(moved: readonly string[]): RegExp {
  return new RegExp(`^${inOrder(moved).join('; ')}$`);
}

/** Money first, as the journal keeps the two apart. */
function inOrder(moved: readonly string[]): string[] {
  const isItem = (text: string): number => (text.includes(' item ') ? 1 : 0);
  return [...moved].sort((a, b) => isItem(a) - isItem(b) || (a < b ? -1 : 1));
}

function effectsOf({ entries, moves }: Durable, currency: string): Effects {
  const effects = new Map<number, string[]>();
  const add = (operation: number, moved: string): void => {
    const own = effects.get(operation) ?? [];
    effects.set(operation, own);
    own.push(moved);
  };
  for (const entry of entries)
    add(entry.operation, `${entry.from}>${entry.to} ${entry.currency === currency ? currency : '?'} ${entry.amount}`);
  for (const { operation, from, to, item } of moves) add(operation, `${from}>${to} item ${item}`);
  return new Map([...effects].map(([operation, moved]) => [operation, inOrder(moved)]));
}

/** Ids of what was done by whose key: as an operation of its own, or as a trade that has the key for its name. */
function doneByKey({ operations, trades }: Durable): Map<string, number[]> {
  const done = new Map<string, number[]>();
  const add = (holder: number, key: string, id: number): void => {
    const own = done.get(`${holder}/${key}`) ?? [];
    done.set(`${holder}/${key}`, [...own, id]);
  };
  for (const { id, holder, key, refused } of operations) if (refused === null) add(holder, hexOf(key), id);
  for (const { id, one, state, version } of trades) if (state === 'done') add(one, id.replaceAll('-', ''), version);
  return done;
}

/** What is done in a player's name was asked for by them. */
function unasked({ asked, durable }: Evidence, holders: ReadonlyMap<string, number>, found: Judgement): void {
  const names = new Map([...holders].map(([name, id]) => [id, name]));
  const known = new Set<string>();
  for (const { player, key, wish } of asked) {
    const holder = holders.get(player);
    known.add(`${holder}/${key}`);
    if (wish.do === 'accept') for (const number of ZONE_KEYS) known.add(`${holder}/${variant(key, number)}`);
  }
  const players = new Set(asked.map(({ player }) => player));
  for (const { id, holder, key, kind, refused } of durable.operations) {
    const name = names.get(holder) ?? '';
    if (refused !== null || kind === GRANTED || !players.has(name)) continue;
    if (!known.has(`${holder}/${hexOf(key)}`))
      found.doubled.push(`operation ${id}, ${kind} of ${name}, was not asked for`);
  }
}

function judgeShown(
  { player, purse, items }: Shown,
  { durable, currency }: Evidence,
  holders: ReadonlyMap<string, number>,
  found: Judgement,
): void {
  const holder = holders.get(player) ?? 0;
  const has = durable.balances.find((row) => row.holder === holder && row.currency === currency)?.amount ?? 0;
  if (purse !== has) found.wrong.push(`${player} is shown ${purse} and has ${has}`);
  const own = durable.items.filter((item) => item.holder === holder).map(({ id }) => id);
  if (sorted(own) !== sorted(items))
    found.wrong.push(`${player} is shown items ${sorted(items)} and has ${sorted(own)}`);
}

const sorted = (ids: readonly number[]): string => [...ids].sort((a, b) => a - b).join();

/** Of players and of what the world has besides them, by name. */
function holdersOf({ durable, characters }: Evidence): Map<string, number> {
  const ids = new Map([...durable.holders].map(([name, { id }]) => [name, id]));
  for (const [player, character] of characters) ids.set(player, durable.holders.get(character)?.id ?? 0);
  return ids;
}

const hexOf = (key: Uint8Array): string => Buffer.from(key).toString('hex');

function variant(key: string, number: number): string {
  const bytes = Buffer.from(key, 'hex');
  bytes[15] = (bytes[15] as number) ^ number;
  return hexOf(bytes);
}
