import { assert, type BodyOf, type ContentDeclarations } from '@lifeverse/base';
import {
  type ComponentLayout,
  canonical,
  type FieldLayout,
  fingerprint,
  layoutFingerprint,
  layoutProblem,
  type MessageLayout,
  type NamedField,
  type WorldLayout,
} from '@lifeverse/protocol';
import type { EntityId, Field, PositionField, StepValueOf, ValueOf, Vec2 } from './field.ts';
import type { WorldMap } from './map.ts';
import type { PredictedStep } from './step.ts';

// `any` in these constraints: a field of any value, a step of any input; the types that games see are exact.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type AnyField = Field<any, any>;
export type Fields = Readonly<Record<string, AnyField>>;

export interface CommandDefinition {
  readonly input: Fields;
  /** It lets others read or hear what the player says: whoever is muted is refused it, with `muted`. */
  readonly speech?: boolean;
  /** This command is held until the next one of its kind, and its step runs every tick on server and client. */
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly predict?: PredictedStep<any>;
}

export interface WorldDefinition {
  readonly name: string;
  /** Ticks per second; must divide 1000. */
  readonly tickHz: number;
  readonly cellSizeM: number;
  /** A player sees the cells within this distance of the own cell, in cells; 2.24 gives 21 cells, which is the default. */
  readonly viewCells?: number;
  readonly map: WorldMap;
  readonly components: { readonly position: PositionField } & Readonly<Record<string, AnyField | PositionField>>;
  readonly commands: Readonly<Record<string, CommandDefinition>>;
  /** What one entity does to another; stays on the server. */
  readonly effects?: Readonly<Record<string, Fields>>;
  /** What passes and is not kept: heard by those near, e.g. speech. */
  readonly events?: Readonly<Record<string, Fields>>;
  /** What players ask for that is to last: answered once it is done for good, or with why not. At most 1 KiB each. */
  readonly operations?: Readonly<Record<string, Fields>>;
  /** Who may see what not everyone sees; an entity belongs to one of them or to all. */
  readonly audiences?: readonly string[];
  /** Documents that operators change while the world runs, by name: checked, staged, put into force, reverted. */
  readonly content?: ContentDeclarations;
}

/** Values of a set of fields, as the game reads and writes them. */
export type Values<F extends Fields> = { [K in keyof F]: ValueOf<F[K]> };
/** Raw inputs of a predicted step. */
export type StepValues<F extends Fields> = { [K in keyof F]: StepValueOf<F[K]> };

type PlainComponents<D extends WorldDefinition> = {
  [K in keyof D['components'] as D['components'][K] extends PositionField ? never : K]: D['components'][K];
};

/** Components of a world's entities as values, their position included. */
export type ComponentsOf<D extends WorldDefinition> = {
  [K in keyof PlainComponents<D>]: ValueOf<PlainComponents<D>[K]>;
} & { position: Vec2 };

export type CommandsOf<D extends WorldDefinition> = { [K in keyof D['commands']]: Values<D['commands'][K]['input']> };
export type EffectsOf<D extends WorldDefinition> =
  D['effects'] extends Readonly<Record<string, Fields>>
    ? { [K in keyof D['effects']]: Values<D['effects'][K]> }
    : Record<never, never>;
export type EventsOf<D extends WorldDefinition> =
  D['events'] extends Readonly<Record<string, Fields>>
    ? { [K in keyof D['events']]: Values<D['events'][K]> }
    : Record<never, never>;

/** Documents as they stand now. */
export type ContentOf<D extends WorldDefinition> = D['content'] extends ContentDeclarations
  ? { readonly [K in keyof D['content']]: BodyOf<D['content'][K]> }
  : Record<never, never>;

export type OperationsOf<D extends WorldDefinition> =
  D['operations'] extends Readonly<Record<string, Fields>>
    ? { [K in keyof D['operations']]: Values<D['operations'][K]> }
    : Record<never, never>;

/** A world, ready to be served and joined. */
export interface World<D extends WorldDefinition = WorldDefinition> {
  readonly name: string;
  readonly definition: D;
  readonly map: WorldMap;
  readonly layout: WorldLayout;
  /** Names of the components that stay with a player's character. */
  readonly kept: readonly string[];
  /** Of the layout: what client and server compare first. */
  readonly fingerprint: string;
  /** The predicted command and its step; null in a world where nobody moves by themselves. */
  readonly predicted: { readonly command: string; readonly step: PredictedStep<unknown> } | null;
}

/** Components that are kept, bytes as text at their longest. */
const MOST_KEPT_BYTES = 4_000;
/** Number, kind and length of one, and any value that is no text. */
const KEPT_FIELD_BYTES = 16;

function keptNames({ name, components }: WorldDefinition): string[] {
  const fields = Object.entries(components).filter(
    (entry): entry is [string, AnyField] => !isPosition(entry[1]) && entry[1].kept === true,
  );
  const bytes = fields.reduce((sum, [, { layout }]) => sum + KEPT_FIELD_BYTES + textBytes(layout), 0);
  assert(bytes <= MOST_KEPT_BYTES, `world ${name}: at most ${MOST_KEPT_BYTES} bytes of components are kept`);
  return fields.map(([component]) => component);
}

function textBytes(layout: FieldLayout): number {
  if (layout.kind === 'text') return layout.maxBytes;
  return layout.kind === 'choice' ? Math.max(...layout.options.map((option) => option.length * 3)) : 0;
}

/** Cells have 16-bit coordinates; a view reaches a little beyond the map. */
const MOST_CELLS = 32_000;

function namedFields(fields: Fields): NamedField[] {
  return Object.entries(fields).map(([name, field], index) => ({
    number: field.number ?? index + 1,
    name,
    layout: field.layout,
  }));
}

function isPosition(field: AnyField | PositionField): field is PositionField {
  return 'position' in field;
}

function messages(definitions: Readonly<Record<string, Fields>>): MessageLayout[] {
  return Object.entries(definitions).map(([name, fields], index) => ({
    number: index + 1,
    name,
    fields: namedFields(fields),
  }));
}

function buildLayout(definition: WorldDefinition): WorldLayout {
  const { position, ...rest } = definition.components;
  const components: ComponentLayout[] = Object.entries(rest).map(([name, field], index) => {
    assert(!isPosition(field), `world ${definition.name}: only one position component, named \`position\``);
    return { number: field.number ?? index + 1, name, audience: field.audience, field: field.layout };
  });
  const predicted = Object.values(definition.commands).find((command) => command.predict !== undefined);
  const viewCells = definition.viewCells ?? 2.24;
  return {
    name: definition.name,
    tickHz: definition.tickHz,
    cellSizeM: definition.cellSizeM,
    viewCellsSquared: Math.floor(viewCells * viewCells + 1e-9),
    position: {
      toleranceMm: Math.round(position.toleranceM * 1_000),
      maxSpeedMmPerTick: Math.ceil((position.maxSpeedMps * 1_000) / definition.tickHz),
    },
    audiences: definition.audiences ?? [],
    components,
    commands: Object.entries(definition.commands).map(([name, command], index) => ({
      number: index + 1,
      name,
      fields: namedFields(command.input),
      predicted: command.predict !== undefined,
    })),
    events: messages(definition.events ?? {}),
    ...(definition.operations === undefined ? {} : { operations: messages(definition.operations) }),
    mapFingerprint: definition.map.fingerprint,
    stepFingerprint: fingerprint(canonical([predicted?.predict?.fingerprint ?? 'none', definition.tickHz])),
  };
}

/**
 * Defines a world: what server and clients must agree on. Throws an AssertionError that names the part at fault;
 * a world is code, so this shows at the first start.
 */
export function defineWorld<const D extends WorldDefinition>(definition: D): World<D> {
  assert(/^[a-z][a-z0-9-]{0,31}$/.test(definition.name), 'world: name of a-z, 0-9 and -, at most 32');
  const layout = buildLayout(definition);
  const problem = layoutProblem(layout);
  assert(problem === undefined, `world ${definition.name}: ${problem}`);
  const { widthMm, heightMm } = definition.map;
  assert(
    Math.max(widthMm, heightMm) <= MOST_CELLS * definition.cellSizeM * 1_000,
    `world ${definition.name}: at most ${MOST_CELLS} cells a side: take larger cells`,
  );
  const predictedCommands = Object.entries(definition.commands).filter(([, command]) => command.predict !== undefined);
  assert(predictedCommands.length <= 1, `world ${definition.name}: at most one command is predicted`);
  const [name, command] = predictedCommands[0] ?? [];
  return {
    name: definition.name,
    definition,
    map: definition.map,
    layout,
    kept: keptNames(definition),
    fingerprint: layoutFingerprint(layout),
    predicted:
      name === undefined || command?.predict === undefined
        ? null
        : { command: name, step: command.predict as PredictedStep<unknown> },
  };
}

export type { EntityId };
