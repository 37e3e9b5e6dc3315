import { type DurableOutcome, type DurableRequest, durableLimits, type Money, type Stake } from './durable.ts';

/** What one has, as it was at a moment of the journal. */
export interface Belongings {
  readonly holder: string;
  /** Of two that are told, the one with the higher number was read later. */
  readonly asOf: number;
  readonly money: Money;
  readonly items: readonly OwnedItem[];
}

export interface OwnedItem {
  readonly id: number;
  readonly kind: string;
}

/** What each character is given once: the key is the same for all of them. */
export interface Grant {
  readonly key: Uint8Array;
  readonly money: Money;
  /** Kinds of items. */
  readonly items: readonly string[];
}

/** What a stall trades in. It never has less than `stock` of a kind when it opens, nor less money than `till`. */
export interface StallPlan {
  readonly name: string;
  readonly currency: string;
  readonly till: number;
  readonly wares: readonly StallWare[];
}

export interface StallWare {
  readonly kind: string;
  /** Null: it sells none. */
  readonly asks: number | null;
  /** Null: it buys none. */
  readonly pays: number | null;
  readonly stock: number;
}

export interface Stock {
  readonly stall: string;
  readonly items: readonly OwnedItem[];
}

export interface LyingItem extends OwnedItem {
  readonly xMm: number;
  readonly yMm: number;
}

/** One side of an exchange; `key` is that of its acceptance. */
export interface ExchangeSide {
  readonly holder: string;
  readonly key: Uint8Array;
  readonly gives: Stake;
}

/** What a zone asks the desk for under `durable`. All of it can be asked again and does nothing the second time. */
export type DealingsAsk =
  /** What a character has, after it was given what it was never given yet. */
  | { readonly ask: 'belongings'; readonly holder: string; readonly grants: readonly Grant[] }
  /** What became of an operation, if it was decided: `outcome` is null when it was not. */
  | { readonly ask: 'decided'; readonly holder: string; readonly key: Uint8Array }
  | { readonly ask: 'operate'; readonly request: DurableRequest }
  /** Both sides have accepted: everything changes hands, or nothing. */
  | { readonly ask: 'exchange'; readonly one: ExchangeSide; readonly other: ExchangeSide }
  /** Opens the stalls, and tells what they and the ground have. */
  | { readonly ask: 'market'; readonly stalls: readonly StallPlan[] };

export interface DealingsAnswer {
  readonly outcome: DurableOutcome | null;
  /** Of an exchange: on which side the refusal lies. */
  readonly refusedFor?: 'one' | 'other' | undefined;
  /** Of those who took part, as it is afterwards. May lack what could not be read. */
  readonly belongings: readonly Belongings[];
  readonly stocks?: readonly Stock[] | undefined;
  readonly ground?: readonly LyingItem[] | undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });
const KEY_HEX = /^[0-9a-f]{32}$/;

/** As JSON; keys are hexadecimal. */
export function encodeDealings(value: DealingsAsk | DealingsAnswer): Uint8Array {
  // By what it was before its own `toJSON`, which Buffers have.
  const text = JSON.stringify(value, function (this: Record<string, unknown>, name, part: unknown) {
    const key = this[name];
    return key instanceof Uint8Array ? Array.from(key, hexOf).join('') : part;
  });
  return encoder.encode(text);
}

const hexOf = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Between services that trust one another; undefined when the bytes are none. What is asked for is checked by who does it. */
export function decodeDealingsAsk(bytes: Uint8Array): DealingsAsk | undefined {
  const value = parse(bytes) as { readonly ask?: unknown } | undefined;
  return typeof value?.ask === 'string' ? (value as DealingsAsk) : undefined;
}

export function decodeDealingsAnswer(bytes: Uint8Array): DealingsAnswer | undefined {
  const value = parse(bytes) as { readonly belongings?: unknown } | undefined;
  return Array.isArray(value?.belongings) ? (value as DealingsAnswer) : undefined;
}

function parse(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes), (name, part: unknown) =>
      name === 'key' && typeof part === 'string' ? keyOf(part) : part,
    );
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Throws when it is none. */
function keyOf(hex: string): Uint8Array {
  if (!KEY_HEX.test(hex)) throw new SyntaxError('no key');
  return Uint8Array.from({ length: durableLimits.keyBytes }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
}
