import type { Durable } from '@lifeverse/backend/journal';

type Row<Key extends keyof Durable> = Durable[Key] extends readonly (infer One)[] ? One : never;

/** In hex, 16 bytes. */
export const keyed = (number: number): string => number.toString(16).padStart(32, '0');

export const row = (id: number, holder: number, kind: string, key = keyed(id)): Row<'operations'> => ({
  id,
  holder,
  kind,
  key: Buffer.from(key, 'hex'),
  refused: null,
  hash: Buffer.alloc(16),
});

export const entry = (
  operation: number,
  from: [number, number],
  to: [number, number],
  amount: number,
): Row<'entries'> => ({
  operation,
  from: from[0],
  fromBalance: from[1],
  to: to[0],
  toBalance: to[1],
  amount,
  currency: 'coin',
  fromWas: 0,
  toWas: 0,
});
