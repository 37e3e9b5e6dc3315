import type { Stake } from '@lifeverse/contracts';
import { type ByteReader, type ByteWriter, limits } from '@lifeverse/protocol';
import type { Has, Table } from './serve.ts';
import type { TradeIntent, TradeNote } from './trading.ts';

const CHARACTER_BYTES = 64;
const JSON_BYTES = 16_384;

export function writeTradeNote(out: ByteWriter, note: TradeNote): void {
  out.text(note.character);
  switch (note.note) {
    case 'trade':
      out.varint(note.entity);
      out.varint(note.partner);
      break;
    case 'deal':
      out.octets(note.key);
      out.text(JSON.stringify(note.intent));
      break;
    case 'table':
      out.text(JSON.stringify(note.table));
      break;
  }
}

/** Undefined when it is none. */
export function readDeal(from: ByteReader): Extract<TradeNote, { note: 'deal' }> | undefined {
  const character = from.text(CHARACTER_BYTES);
  const key = from.octets(limits.keyBytes).slice();
  const intent = parsed(from);
  return isIntent(intent) ? { note: 'deal', character, key, intent } : undefined;
}

/** Undefined when it is none. */
export function readTable(from: ByteReader): Extract<TradeNote, { note: 'table' }> | undefined {
  const character = from.text(CHARACTER_BYTES);
  const table = parsed(from);
  return table === null || isTable(table) ? { note: 'table', character, table } : undefined;
}

/** Undefined when it is no JSON. */
function parsed(from: ByteReader): unknown {
  try {
    return JSON.parse(from.text(JSON_BYTES));
  } catch {
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);
const isMoney = (value: unknown): boolean =>
  isFields(value) && Object.values(value).every((amount) => isNumber(amount) && amount >= 0);

function isStake(value: unknown): value is Stake {
  return isFields(value) && isMoney(value.money) && Array.isArray(value.items) && value.items.every(isNumber);
}

function isIntent(value: unknown): value is TradeIntent {
  if (!isFields(value)) return false;
  if (value.do === 'cancel') return true;
  if (value.do === 'accept') return isNumber(value.seen);
  return value.do === 'offer' && isNumber(value.seen) && isStake(value.gives);
}

function isHas(value: unknown): value is Has {
  if (!isFields(value) || !isMoney(value.money) || !Array.isArray(value.items)) return false;
  return value.items.every((item) => isFields(item) && isNumber(item.id) && typeof item.kind === 'string');
}

function isTable(value: unknown): value is Table {
  if (!isFields(value) || !isNumber(value.with) || !isNumber(value.version)) return false;
  if (typeof value.iAccept !== 'boolean' || typeof value.theyAccept !== 'boolean') return false;
  return isHas(value.mine) && isHas(value.theirs);
}
