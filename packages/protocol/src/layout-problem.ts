import { bitsFor } from './bits.ts';
import { type FieldLayout, HEADING_STEPS, type NamedField } from './field.ts';
import type { ComponentLayout, MessageLayout, WorldLayout } from './layout.ts';
import * as limits from './limits.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const MOST_AUDIENCES = 7;
/** Numbers of commands and events travel in 8 bits; 0 ends a body. */
const MOST_NUMBER = 255;
const FINGERPRINT_CHARS = 64;

/**
 * What is wrong with a layout, as a sentence; undefined when nothing is (PR11). Total: a layout may come from outside,
 * so each part is looked at before it is used.
 */
export function layoutProblem(candidate: unknown): string | undefined {
  if (!isRecord(candidate)) return 'the layout is no object';
  const layout = candidate as unknown as WorldLayout;
  return (
    frameProblem(layout) ??
    listProblem('component', layout.components, limits.components - 1, componentProblem) ??
    listProblem('command', layout.commands, limits.commands, messageProblem(limits.bodyBytes)) ??
    listProblem('event', layout.events, limits.commands, messageProblem(limits.bodyBytes)) ??
    listProblem('operation', layout.operations ?? [], limits.commands, messageProblem(limits.operationBytes)) ??
    (utf8Bytes(JSON.stringify(layout)) > limits.layoutBytes
      ? `as text, the layout is longer than ${limits.layoutBytes} bytes`
      : undefined)
  );
}

function frameProblem(layout: WorldLayout): string | undefined {
  const { tickHz, cellSizeM, viewCellsSquared, position, audiences } = layout;
  if (!isInteger(tickHz, 1, 120) || 1_000 % tickHz !== 0) return 'tickHz must divide 1000, 1..120';
  if (!isInteger(cellSizeM, 4, 256)) return 'cellSizeM must be an integer, 4..256';
  if (!isInteger(viewCellsSquared, 0, 64)) return 'viewCellsSquared must be an integer, 0..64';
  if (!isRecord(position)) return 'there is no position';
  if (!isInteger(position.maxSpeedMmPerTick, 1, 2_000)) return 'maxSpeedMmPerTick must be 1..2000';
  if (!isInteger(position.toleranceMm, 1, 1_000)) return 'toleranceMm must be 1..1000';
  if (!Array.isArray(audiences) || audiences.length > MOST_AUDIENCES || new Set(audiences).size !== audiences.length)
    return `at most ${MOST_AUDIENCES} different audiences beside \`all\``;
  if (!audiences.every(isName) || audiences.includes('all')) return 'an audience has no proper name';
  for (const text of [layout.mapFingerprint, layout.stepFingerprint])
    if (typeof text !== 'string' || text.length > FINGERPRINT_CHARS) return 'a fingerprint is missing';
  return undefined;
}

function listProblem<T extends { readonly number: number; readonly name: string }>(
  what: string,
  list: readonly T[],
  most: number,
  problem: (item: T) => string | undefined,
): string | undefined {
  if (!Array.isArray(list) || list.length > most) return `at most ${most} ${what}s`;
  for (const item of list as readonly unknown[]) {
    if (!isRecord(item) || !isInteger(item.number, 1, MOST_NUMBER))
      return `a ${what}'s number must be 1..${MOST_NUMBER}`;
    if (!isName(item.name)) return `a ${what} cannot be named ${JSON.stringify(item.name)}`;
    const found = problem(item as unknown as T);
    if (found !== undefined) return `${what} ${item.name}: ${found}`;
  }
  if (new Set(list.map((item) => item.number)).size !== list.length) return `two ${what}s share a number`;
  if (new Set(list.map((item) => item.name)).size !== list.length) return `two ${what}s share a name`;
  return undefined;
}

function componentProblem(component: ComponentLayout): string | undefined {
  if (component.audience !== 'all' && component.audience !== 'owner') return 'its audience is `all` or `owner`';
  return fieldProblem(component.field);
}

const messageProblem =
  (mostBytes: number) =>
  (message: MessageLayout): string | undefined => {
    const problem = listProblem('field', message.fields, limits.layoutBytes, ({ layout }) => fieldProblem(layout));
    if (problem !== undefined) return problem;
    const bits = message.fields.reduce((sum: number, field: NamedField) => sum + mostBits(field.layout), 0);
    return bits > mostBytes * 8 ? `its fields may take more than ${mostBytes} bytes` : undefined;
  };

function fieldProblem(layout: FieldLayout): string | undefined {
  if (!isRecord(layout)) return 'there is no field';
  switch (layout.kind) {
    case 'bool':
    case 'heading':
      return undefined;
    case 'integer': {
      const { min, max } = layout;
      const fits = Number.isSafeInteger(min) && Number.isSafeInteger(max) && max > min;
      return fits && Number.isSafeInteger(max - min) ? undefined : 'integers need min < max, within 2^53';
    }
    case 'real': {
      const { min, max, precision } = layout;
      const steps = (max - min) / precision;
      return [min, max, precision].every(Number.isFinite) && precision > 0 && steps >= 1 && steps <= 0xffff_ffff
        ? undefined
        : 'reals need min < max in 1..2^32 steps';
    }
    case 'choice':
      return optionsProblem(layout.options);
    case 'items':
      return isInteger(layout.most, 1, limits.itemsInField)
        ? optionsProblem(layout.kinds)
        : `a field holds 1..${limits.itemsInField} things`;
    case 'text':
      return isInteger(layout.maxBytes, 1, limits.textBytes) ? undefined : `a text has 1..${limits.textBytes} bytes`;
    case 'entity':
      return layout.withinM === null || (Number.isFinite(layout.withinM) && layout.withinM >= 0)
        ? undefined
        : 'withinM is null or a distance';
    default:
      return 'there is no such kind of field';
  }
}

function optionsProblem(options: unknown): string | undefined {
  if (!Array.isArray(options) || options.length < 1 || options.length > 256) return 'a choice has 1..256 options';
  return options.every((option) => typeof option === 'string') && new Set(options).size === options.length
    ? undefined
    : 'options are different texts';
}

function mostBits(layout: FieldLayout): number {
  switch (layout.kind) {
    case 'bool':
      return 1;
    case 'integer':
      return bitsFor(layout.max - layout.min);
    case 'real':
      return 32;
    case 'choice':
      return 8;
    case 'heading':
      return bitsFor(HEADING_STEPS - 1);
    case 'text':
      return layout.maxBytes * 8 + 14;
    case 'entity':
      return 64;
    case 'items':
      return 16 + layout.most * (64 + 8);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isInteger(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

/** No name that objects have by themselves: records of values are plain objects. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value) && !(value in Object.prototype);
}

function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
