import { hash } from 'node:crypto';
import {
  type DurableRequest,
  durableLimits,
  type Money,
  type Operation,
  type Stake,
  type ZoneFence,
} from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';

/** A request that has the right shape, and how it is told from others. */
export interface CheckedRequest {
  readonly holder: string;
  readonly key: Uint8Array;
  /** Holder and key in one: what applies once. */
  readonly once: string;
  /** The first half of SHA-256 of what is asked. */
  readonly hash: Uint8Array;
  readonly operation: Operation;
  readonly fence: ZoneFence | null;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const CURRENCY = /^[a-z][a-z0-9-]{0,15}$/;
const HASH_BYTES = 16;
/** Of either half of a UTF-16 pair without the other, of controls, and of the NUL that PostgreSQL's text cannot hold. */
const NOT_IN_NAMES = /[\p{Cs}\p{Cc}]/u;

/**
 * Of whatever was sent, by whomever: unknown fields, numbers beyond 2^53, negative amounts, unpaired surrogates and
 * what is too long are `request_invalid`. Who may ask for `mint` and `refund` is for the caller to know.
 */
export function checkRequest(value: unknown): CheckedRequest | ErrorCode {
  if (!isRecord(value, ['holder', 'key', 'operation'], ['fence'])) return 'request_invalid';
  const { holder, key, fence } = value as Partial<Record<keyof DurableRequest, unknown>>;
  const operation = checkOperation(value.operation);
  if (!isUuid(holder) || !(key instanceof Uint8Array) || key.length !== durableLimits.keyBytes || operation === null)
    return 'request_invalid';
  if (fence !== undefined && !isFence(fence)) return 'request_invalid';
  return {
    holder,
    key,
    once: holder + Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1'),
    hash: hash('sha256', JSON.stringify(operation), 'buffer').subarray(0, HASH_BYTES),
    operation,
    fence: fence ?? null,
  };
}

/** In its one form: fields and currencies in order, so that equal ones are equal bytes. Null: not an operation. */
function checkOperation(value: unknown): Operation | null {
  if (typeof value !== 'object' || value === null) return null;
  const { kind } = value as { kind?: unknown };
  return typeof kind === 'string' && Object.hasOwn(checks, kind)
    ? (checks[kind as Operation['kind']](value) ?? null)
    : null;
}

type Check = (value: object) => Operation | undefined;

const checks: Readonly<Record<Operation['kind'], Check>> = {
  give: (value) => {
    if (!isRecord(value, ['kind', 'to', 'gives'])) return undefined;
    const gives = checkStake(value.gives);
    if (!isUuid(value.to) || gives === null || isEmpty(gives)) return undefined;
    return { kind: 'give', to: value.to, gives };
  },
  offer: (value) => {
    if (!isRecord(value, ['kind', 'trade', 'with', 'offer', 'gives', 'takes'])) return undefined;
    const { trade, with: other, offer } = value;
    const gives = checkStake(value.gives);
    const takes = checkStake(value.takes);
    if (!isUuid(trade) || !isUuid(other) || !isOffer(offer) || gives === null || takes === null) return undefined;
    if (isEmpty(gives) && isEmpty(takes)) return undefined;
    // A currency goes one way, so that what each has afterwards is one number.
    if (Object.keys(gives.money).some((currency) => Object.hasOwn(takes.money, currency))) return undefined;
    return { kind: 'offer', trade, with: other, offer, gives, takes };
  },
  accept: (value) => {
    if (!isRecord(value, ['kind', 'trade', 'offer'])) return undefined;
    const { trade, offer } = value;
    return isUuid(trade) && isOffer(offer) ? { kind: 'accept', trade, offer } : undefined;
  },
  cancel: (value) =>
    isRecord(value, ['kind', 'trade']) && isUuid(value.trade) ? { kind: 'cancel', trade: value.trade } : undefined,
  buy: (value) => checkStall(value, 'buy'),
  sell: (value) => checkStall(value, 'sell'),
  'pick-up': (value) =>
    isRecord(value, ['kind', 'item']) && isPositive(value.item) ? { kind: 'pick-up', item: value.item } : undefined,
  drop: (value) => {
    if (!isRecord(value, ['kind', 'item', 'xMm', 'yMm'])) return undefined;
    const { item, xMm, yMm } = value;
    return isPositive(item) && isCoordinate(xMm) && isCoordinate(yMm) ? { kind: 'drop', item, xMm, yMm } : undefined;
  },
  refund: (value) =>
    isRecord(value, ['kind', 'of']) && isPositive(value.of) ? { kind: 'refund', of: value.of } : undefined,
  mint: (value) => {
    const minted = isRecord(value, ['kind', 'money', 'items']) ? checkMinted(value) : null;
    return minted === null ? undefined : { kind: 'mint', ...minted };
  },
  supply: (value) => {
    if (!isRecord(value, ['kind', 'stall', 'money', 'items']) || !isName(value.stall)) return undefined;
    const minted = checkMinted(value);
    return minted === null ? undefined : { kind: 'supply', stall: value.stall, ...minted };
  },
};

function checkStall(value: object, kind: 'buy' | 'sell'): Operation | undefined {
  if (!isRecord(value, ['kind', 'stall', 'item', 'price'])) return undefined;
  const { stall, item, price } = value;
  return isName(stall) && isPositive(item) && isPositive(price) ? { kind, stall, item, price } : undefined;
}

function checkMinted(value: { readonly money: unknown; readonly items: unknown }) {
  const money = checkMoney(value.money);
  const kinds = value.items;
  if (money === null || !Array.isArray(kinds) || kinds.length > durableLimits.itemsPerStake) return null;
  if (!kinds.every(isName) || (kinds.length === 0 && Object.keys(money).length === 0)) return null;
  return { money, items: [...kinds] };
}

function checkStake(value: unknown): Stake | null {
  if (!isRecord(value, ['money', 'items'])) return null;
  const money = checkMoney(value.money);
  const { items } = value;
  if (money === null || !Array.isArray(items) || items.length > durableLimits.itemsPerStake) return null;
  if (!items.every(isPositive) || new Set(items).size !== items.length) return null;
  return { money, items: items.length < 2 ? [...items] : items.toSorted((a, b) => a - b) };
}

function checkMoney(value: unknown): Money | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const currencies = Object.keys(value);
  if (currencies.length > durableLimits.currenciesPerStake) return null;
  if (currencies.length > 1) currencies.sort();
  const money: Record<string, number> = {};
  for (const currency of currencies) {
    const amount: unknown = (value as Record<string, unknown>)[currency];
    if (!CURRENCY.test(currency) || !isPositive(amount)) return null;
    money[currency] = amount;
  }
  return money;
}

function isRecord<Field extends string>(
  value: unknown,
  fields: readonly Field[],
  optional: readonly string[] = [],
): value is Record<Field, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const field of fields) if (!Object.hasOwn(value, field)) return false;
  const own = Object.keys(value);
  return (
    own.length === fields.length ||
    own.every((field) => (fields as readonly string[]).includes(field) || optional.includes(field))
  );
}

const isEmpty = ({ money, items }: Stake): boolean => items.length === 0 && Object.keys(money).length === 0;

export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);

const isPositive = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= durableLimits.amountMax;

const isOffer = (value: unknown): value is number => isPositive(value) && value <= durableLimits.coordinateMm;

const isCoordinate = (value: unknown): value is number =>
  Number.isInteger(value) && Math.abs(value as number) <= durableLimits.coordinateMm && !Object.is(value, -0);

/** Of a stall or of a kind of item: not longer than it may be, whole characters, none that controls. */
const isName = (value: unknown): value is string =>
  typeof value === 'string' &&
  value !== '' &&
  value.length <= durableLimits.nameBytes &&
  Buffer.byteLength(value) <= durableLimits.nameBytes &&
  !NOT_IN_NAMES.test(value);

const isFence = (value: unknown): value is ZoneFence =>
  isRecord(value, ['zone', 'epoch']) && Number.isSafeInteger(value.zone) && isPositive(value.epoch);
