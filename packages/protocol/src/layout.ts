import type { FieldLayout, NamedField } from './field.ts';
import { fingerprint } from './fingerprint.ts';
import { limits } from './limits.ts';

/** How positions travel: integer millimetres, cell-local, with the receiver's own prediction. */
export interface PositionLayout {
  /** A change is sent when the receiver's prediction would be farther from the truth than this. */
  readonly toleranceMm: number;
  /** Largest predicted speed along one axis; what moves faster in one tick is a jump. */
  readonly maxSpeedMmPerTick: number;
}

export interface ComponentLayout {
  readonly number: number;
  readonly name: string;
  /** `all`: whoever sees the entity. `owner`: only the player whose entity it is ever receives it. */
  readonly audience: 'all' | 'owner';
  readonly field: FieldLayout;
}

export interface MessageLayout {
  readonly number: number;
  readonly name: string;
  readonly fields: readonly NamedField[];
  /** Commands only: this one drives the predicted step and is held until the next. */
  readonly predicted?: boolean;
}

/**
 * Everything a client must agree on to read a world, as data. The server's layout is the one on the wire;
 * a client of another version fetches it by its fingerprint and reads through it (PR12).
 */
export interface WorldLayout {
  readonly name: string;
  readonly tickHz: number;
  readonly cellSizeM: number;
  /** Cells in view: those whose offset from the anchor satisfies dx*dx + dy*dy <= viewCellsSquared. */
  readonly viewCellsSquared: number;
  readonly position: PositionLayout;
  /** Names of the audiences beyond `all`, at most 7. */
  readonly audiences: readonly string[];
  readonly components: readonly ComponentLayout[];
  readonly commands: readonly MessageLayout[];
  readonly events: readonly MessageLayout[];
  /** Content hash of the map, and of the predicted step: a client whose step differs turns its prediction off. */
  readonly mapFingerprint: string;
  readonly stepFingerprint: string;
}

/** The fingerprint of what travels: map and step are exchanged beside it, they do not change the wire. */
export function layoutFingerprint(layout: WorldLayout): string {
  const { mapFingerprint: _map, stepFingerprint: _step, ...wire } = layout;
  return fingerprint(canonical(wire));
}

/** JSON with sorted keys: equal values, equal text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/**
 * The server's layout under this client's own names: what both know is matched by number, so a rename does not break
 * an older client; what only the server knows keeps the server's name.
 */
export function adaptLayout(own: WorldLayout, theirs: WorldLayout): WorldLayout {
  const rename = <T extends { number: number; name: string; fields?: readonly NamedField[] }>(
    mine: readonly T[],
    other: readonly T[],
  ): T[] =>
    other.map((item) => {
      const known = mine.find((candidate) => candidate.number === item.number);
      if (known === undefined) return item;
      if (item.fields === undefined) return { ...item, name: known.name };
      return { ...item, name: known.name, fields: rename(known.fields ?? [], item.fields) };
    });
  return {
    ...theirs,
    components: rename(own.components, theirs.components),
    commands: rename(own.commands, theirs.commands),
    events: rename(own.events, theirs.events),
  };
}

/** Checks a layout that came from outside; the sentence says what is wrong with it, undefined when nothing is. */
export function layoutProblem(layout: WorldLayout): string | undefined {
  if (!(layout.tickHz >= 1 && layout.tickHz <= 120 && 1000 % layout.tickHz === 0))
    return 'tickHz must divide 1000, 1..120';
  if (!(Number.isInteger(layout.cellSizeM) && layout.cellSizeM >= 4 && layout.cellSizeM <= 256))
    return 'cellSizeM must be an integer, 4..256';
  if (!(layout.viewCellsSquared >= 0 && layout.viewCellsSquared <= 64)) return 'viewCellsSquared must be 0..64';
  if (!(layout.position.maxSpeedMmPerTick >= 1 && layout.position.maxSpeedMmPerTick <= 2_000))
    return 'maxSpeedMmPerTick must be 1..2000';
  if (!(layout.position.toleranceMm >= 1 && layout.position.toleranceMm <= 1_000)) return 'toleranceMm must be 1..1000';
  if (layout.audiences.length > 7) return 'at most 7 audiences beside `all`';
  if (layout.components.length + 1 > limits.components) return `at most ${limits.components} components`;
  if (layout.commands.length > limits.commands || layout.events.length > limits.commands)
    return `at most ${limits.commands} commands and events`;
  for (const list of [layout.components, layout.commands, layout.events]) {
    if (new Set(list.map((item) => item.number)).size !== list.length) return 'two items share a number';
  }
  return undefined;
}
