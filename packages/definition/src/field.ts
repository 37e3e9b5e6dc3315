import { assert } from '@lifeverse/base';
import { type FieldLayout, limits } from '@lifeverse/protocol';

declare const valueType: unique symbol;
declare const stepType: unique symbol;

/** A field as a game developer declares it: its layout, and in types alone the value it holds. */
export interface Field<Value, StepValue = Value> {
  readonly layout: FieldLayout;
  /** Stable number on the wire; the place in the declaration, from 1, when left out. Never reuse one. */
  readonly number?: number;
  readonly audience: 'all' | 'owner';
  /** Stays with a player's character, as its position does. */
  readonly kept?: true;
  readonly [valueType]?: Value;
  /** What a predicted step receives: integers where the value is a real. */
  readonly [stepType]?: StepValue;
}

export type ValueOf<F> = F extends Field<infer V, unknown> ? V : never;
export type StepValueOf<F> = F extends Field<unknown, infer S> ? S : never;

/** Things that somebody has, at most so many, each of one of these kinds. */
export function items<const K extends readonly [string, ...string[]]>(range: {
  kinds: K;
  most: number;
}): Field<readonly { readonly id: number; readonly kind: K[number] }[]> {
  const { kinds, most } = range;
  assert(new Set(kinds).size === kinds.length && kinds.length <= 256, 'items: at most 256 different kinds');
  assert(
    Number.isInteger(most) && most >= 1 && most <= limits.itemsInField,
    `items: 1..${limits.itemsInField} of them`,
  );
  return field({ kind: 'items', kinds, most });
}

declare const entityBrand: unique symbol;

/** An entity's identity: issued by the server, never reused; handlers receive the entity instead of its number. */
export type EntityId = number & { readonly [entityBrand]: true };

const field = <V, S = V>(layout: FieldLayout): Field<V, S> => ({ layout, audience: 'all' });

export const bool = (): Field<boolean> => field({ kind: 'bool' });

/** Integers min..max, both within ±2^53. */
export function int(range: { min: number; max: number }): Field<number> {
  const { min, max } = range;
  assert(
    Number.isSafeInteger(min) && Number.isSafeInteger(max) && max > min && Number.isSafeInteger(max - min),
    'int: min < max, both integers',
  );
  return field({ kind: 'integer', min, max });
}

/** Integers 0..max. */
export const uint = (range: { max: number }): Field<number> => int({ min: 0, max: range.max });

/** Reals min..max, held in steps of `precision`. */
export function real(range: { unit: string; min: number; max: number; precision: number }): Field<number> {
  const { unit, min, max, precision } = range;
  assert(max > min && precision > 0 && (max - min) / precision <= 0xffff_ffff, 'real: min < max, at most 2^32 steps');
  return field({ kind: 'real', unit, min, max, precision });
}

/** One of a few words. */
export function choice<const T extends readonly [string, string, ...string[]]>(...options: T): Field<T[number]> {
  assert(new Set(options).size === options.length && options.length <= 256, 'choice: at most 256 different options');
  return field({ kind: 'choice', options });
}

/** A direction in radians, counter-clockwise from east; a predicted step sees one of 1024 integers. */
export const heading = (): Field<number, number> => field({ kind: 'heading' });

/** Unicode text of at most `maxBytes` of UTF-8. */
export function text(range: { maxBytes: number }): Field<string> {
  assert(range.maxBytes > 0 && range.maxBytes <= limits.textBytes, `text: 1..${limits.textBytes} bytes`);
  return field({ kind: 'text', maxBytes: range.maxBytes });
}

/** Another entity; the server refuses one that is farther than `withinM` or not to be seen. */
export const entityRef = (reach: { withinM?: number } = {}): Field<EntityId> =>
  field({ kind: 'entity', withinM: reach.withinM ?? null });

/** Only the owner of the entity ever receives this component. */
export const owned = <V, S>(inner: Field<V, S>): Field<V, S> => ({ ...inner, audience: 'owner' });

/**
 * Stays with a player's character: whoever comes back has it as it was, at most 5 s old after a crash. Kept by its number
 * and as what it is, so that a later version of the world reads it: options may be added and moved, ranges widened. What
 * does not fit any more begins anew. Not for entities, which are gone by then, nor for belongings, which the journal has.
 */
export function kept<V, S>(inner: Field<V, S>): Field<V, S> {
  const { kind } = inner.layout;
  assert(kind !== 'entity' && (kind as string) !== 'items', `kept: what is of kind ${kind} cannot be kept`);
  return { ...inner, kept: true };
}

/** Keeps the number of a field after a later one was removed or moved. */
export const numbered = <V, S>(number: number, inner: Field<V, S>): Field<V, S> => ({ ...inner, number });

/** Where an entity is, in metres on the ground. Every world has exactly one, named `position`. */
export interface PositionField {
  readonly position: true;
  readonly toleranceM: number;
  readonly maxSpeedMps: number;
}

export interface Vec2 {
  readonly x: number;
  readonly y: number;
}

/**
 * The position of every entity. Held and sent in millimetres; receivers go on with the last velocity, and a change is
 * sent when that would be wrong by more than `tolerance`. `maxSpeedMps`: the fastest predicted movement.
 */
export function vec2(options: {
  unit: 'm';
  precision: 0.001;
  tolerance: number;
  predict: 'velocity';
  maxSpeedMps?: number;
}): PositionField {
  assert(options.tolerance >= 0.001 && options.tolerance <= 1, 'vec2: tolerance 0.001..1 m');
  return { position: true, toleranceM: options.tolerance, maxSpeedMps: options.maxSpeedMps ?? 8 };
}
