import { type BitReader, type BitWriter, bitsFor } from './bits.ts';
import type { FieldCodec, FieldLayout } from './field.ts';

/** A thing that somebody has: its identity, which is never used twice, and what it is. */
export interface Thing {
  readonly id: number;
  readonly kind: string;
}

/**
 * A list of things. Its raw value is a text, `id kind,id kind`, with kinds by their index and identities ascending, none
 * twice: equal lists, equal raws.
 */
export function itemsCodec(layout: Extract<FieldLayout, { kind: 'items' }>): FieldCodec {
  const { kinds, most } = layout;
  const countBits = bitsFor(most);
  const kindBits = bitsFor(kinds.length - 1);
  return {
    layout,
    initial: '',
    toRaw: (value) => rawOf(value, kinds, most),
    fromRaw: (raw) => pairsOf(raw as string).map(([id, kind]) => ({ id, kind: kinds[kind] as string })),
    write(out: BitWriter, raw): void {
      const pairs = pairsOf(raw as string);
      out.bits(pairs.length, countBits);
      for (const [id, kind] of pairs) {
        out.chunked(id, 7);
        out.bits(kind, kindBits);
      }
    },
    read(from: BitReader): string {
      const count = from.bits(countBits);
      if (count > most) from.fail();
      const parts: string[] = [];
      let last = -1;
      for (let i = 0; i < count && !from.failed; i++) {
        const id = from.chunked(7);
        const kind = from.bits(kindBits);
        if (id <= last || kind >= kinds.length) from.fail();
        last = id;
        parts.push(`${id} ${kind}`);
      }
      return from.failed ? '' : parts.join(',');
    },
  };
}

function pairsOf(raw: string): [id: number, kind: number][] {
  if (raw === '') return [];
  return raw.split(',').map((part) => {
    const [id, kind] = part.split(' ');
    return [Number(id), Number(kind)];
  });
}

function rawOf(value: unknown, kinds: readonly string[], most: number): string | undefined {
  if (!Array.isArray(value) || value.length > most) return undefined;
  const pairs: [number, number][] = [];
  for (const thing of value as readonly Partial<Thing>[]) {
    const kind = kinds.indexOf(thing?.kind as string);
    if (!Number.isSafeInteger(thing?.id) || (thing.id as number) < 0 || kind < 0) return undefined;
    pairs.push([thing.id as number, kind]);
  }
  pairs.sort(([one], [other]) => one - other);
  if (pairs.some(([id], i) => i > 0 && pairs[i - 1]?.[0] === id)) return undefined;
  return pairs.map(([id, kind]) => `${id} ${kind}`).join(',');
}
