import type { FieldLayout, NamedField } from './field.ts';
import { fingerprint } from './fingerprint.ts';

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
 * a client of another version is sent it with the welcome and reads through it (PR12).
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
  /** What players ask for that is to last (PR34); a world without any has no such list. */
  readonly operations?: readonly MessageLayout[];
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
 * an older client; what only the server knows keeps the server's name, unless that now means something else here. Fields
 * of a command that only the server knows may be left out.
 */
export function adaptLayout(own: WorldLayout, theirs: WorldLayout): WorldLayout {
  const message = (mine: MessageLayout | undefined, other: MessageLayout): MessageLayout => ({
    ...other,
    fields: renamed(mine?.fields ?? [], other.fields, (known, field) =>
      known === undefined && mine !== undefined ? { ...field, optional: true } : field,
    ),
  });
  return {
    ...theirs,
    components: renamed(own.components, theirs.components, (_known, component) => component),
    commands: renamed(own.commands, theirs.commands, message),
    events: renamed(own.events, theirs.events, message),
    ...(theirs.operations === undefined
      ? {}
      : { operations: renamed(own.operations ?? [], theirs.operations, message) }),
  };
}

function renamed<T extends { readonly number: number; readonly name: string }>(
  mine: readonly T[],
  theirs: readonly T[],
  adapt: (known: T | undefined, item: T) => T,
): T[] {
  return theirs.map((item) => {
    const known = mine.find((candidate) => candidate.number === item.number);
    const taken = known === undefined && mine.some((candidate) => candidate.name === item.name);
    return { ...adapt(known, item), name: taken ? `${item.name}#${item.number}` : (known?.name ?? item.name) };
  });
}
