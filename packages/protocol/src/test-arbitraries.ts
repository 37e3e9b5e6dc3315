import fc from 'fast-check';
import type { FieldLayout, Raw } from './field.ts';
import * as limits from './limits.ts';

/** Fields of every kind, within what a layout may say. */
export const fieldLayouts: fc.Arbitrary<FieldLayout> = fc.oneof(
  fc.constant<FieldLayout>({ kind: 'bool' }),
  fc.constant<FieldLayout>({ kind: 'heading' }),
  fc
    .tuple(fc.integer({ min: -(2 ** 31), max: 2 ** 31 }), fc.maxSafeNat())
    .map(([min, span]): FieldLayout => ({ kind: 'integer', min, max: min + 1 + (span % 2 ** 52) })),
  fc
    .tuple(fc.integer({ min: -1e6, max: 1e6 }), fc.constantFrom(0.001, 0.25, 0.3, 1, 7), fc.nat({ max: 1e6 }))
    .map(([min, precision, steps]): FieldLayout => {
      return { kind: 'real', unit: 'm', min, max: min + precision * (steps + 1.4), precision };
    }),
  fc
    .uniqueArray(fc.string({ maxLength: 5 }), { minLength: 1, maxLength: 256 })
    .map((options): FieldLayout => ({ kind: 'choice', options })),
  fc.integer({ min: 1, max: 1_024 }).map((maxBytes): FieldLayout => ({ kind: 'text', maxBytes })),
  fc.option(fc.nat({ max: 100 }), { nil: null }).map((withinM): FieldLayout => ({ kind: 'entity', withinM })),
  fc
    .tuple(
      fc.uniqueArray(fc.string({ maxLength: 5 }), { minLength: 1, maxLength: 256 }),
      fc.integer({ min: 1, max: limits.itemsInField }),
    )
    .map(([kinds, most]): FieldLayout => ({ kind: 'items', kinds, most })),
);

/** A raw value that such a field can hold. */
export function rawsOf(layout: FieldLayout): fc.Arbitrary<Raw> {
  const nat = (max: number): fc.Arbitrary<number> =>
    fc.oneof(
      fc.maxSafeNat().map((n) => n % (max + 1)),
      fc.constant(max),
    );
  switch (layout.kind) {
    case 'bool':
      return nat(1);
    case 'integer':
      return nat(layout.max - layout.min);
    case 'real':
      return nat(Math.round((layout.max - layout.min) / layout.precision));
    case 'choice':
      return nat(layout.options.length - 1);
    case 'heading':
      return nat(1_023);
    case 'entity':
      return nat(Number.MAX_SAFE_INTEGER);
    case 'items':
      return fc
        .uniqueArray(fc.tuple(fc.maxSafeNat(), nat(layout.kinds.length - 1)), {
          maxLength: Math.min(layout.most, 20),
          selector: ([id]) => id,
        })
        .map((pairs) =>
          pairs
            .sort(([one], [other]) => one - other)
            .map(([id, kind]) => `${id} ${kind}`)
            .join(','),
        );
    case 'text':
      return fc
        .string({ unit: 'binary', maxLength: layout.maxBytes })
        .filter((text) => new TextEncoder().encode(text).length <= layout.maxBytes);
  }
}
