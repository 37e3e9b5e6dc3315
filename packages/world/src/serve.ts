import type { Random } from '@lifeverse/base';
import type {
  CommandsOf,
  ComponentsOf,
  EffectsOf,
  EntityId,
  EventsOf,
  Vec2,
  World,
  WorldDefinition,
  WorldMap,
} from '@lifeverse/definition';
import type { ErrorCode } from '@lifeverse/protocol';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Payload<T> = keyof T extends never ? [] : [input: T];
type PlainOf<D extends WorldDefinition> = Omit<ComponentsOf<D>, 'position'>;

/** What can be done to an entity that is not one's own: look, and send an effect for its owner to apply. */
export type Other<D extends WorldDefinition> = Readonly<PlainOf<D>> & {
  readonly id: EntityId;
  /** `player`, or what `spawn` was given. */
  readonly kind: string;
  readonly position: Vec2;
  /** Applied in the next tick by the other's owner, which checks again; lost when the other is gone by then. */
  tell<E extends keyof EffectsOf<D>>(effect: E, ...input: Payload<EffectsOf<D>[E]>): void;
};

/** The entity a handler may write. Valid only during the call. */
export type Self<D extends WorldDefinition> = Writable<PlainOf<D>> & {
  readonly id: EntityId;
  readonly kind: string;
  readonly position: Vec2;
  /** Kept for the entity by the rules, on the server only. */
  readonly memory: Record<string, unknown>;
  /** The predicted input in force, as its step receives it; null before the first. */
  readonly held: Readonly<Record<string, unknown>> | null;
  /** Holds a predicted command, as if a player had sent it. */
  act<C extends keyof CommandsOf<D>>(command: C, input: CommandsOf<D>[C]): void;
  /** Heard by those near; not kept. */
  emit<E extends keyof EventsOf<D>>(event: E, ...input: Payload<EventsOf<D>[E]>): void;
  /** To another place, at once. */
  teleport(to: Vec2): void;
  /** A soft displacement in metres; stops at walls. */
  push(dxM: number, dyM: number): void;
  /** Only this audience sees the entity from now on; `all` for everyone. */
  hideIn(audience: string): void;
  /** Lets a player see what only this audience sees. */
  watch(audience: string, on: boolean): void;
  /** Ends an entity that is not a player. */
  leave(): void;
};

export interface Moment<D extends WorldDefinition> {
  readonly self: Self<D>;
  readonly tick: number;
  readonly random: Random;
  readonly map: WorldMap;
  /** Entities within metres of `self` that everyone may see, `self` left out. */
  near(radiusM: number): Iterable<Other<D>>;
}

/** The entities that a command's input names, under the names of its fields. */
type RefsOf<D extends WorldDefinition, I> = { readonly [K in keyof I as I[K] extends EntityId ? K : never]: Other<D> };

export type CommandMoment<D extends WorldDefinition, C extends keyof CommandsOf<D>> = Moment<D> &
  RefsOf<D, CommandsOf<D>[C]> & {
    readonly input: CommandsOf<D>[C];
    /** Ends the handler, and tells the player the code. For before anything is written: what was written stays. */
    refuse(code?: ErrorCode): never;
  };

export type EffectMoment<D extends WorldDefinition, E extends keyof EffectsOf<D>> = Moment<D> & {
  readonly input: EffectsOf<D>[E];
  readonly from: EntityId;
};

export interface System<D extends WorldDefinition> {
  /** Each entity's turn comes once in so many ticks; entities take turns. */
  readonly every: number;
  readonly kind: string | null;
  run(moment: Moment<D>): void;
}

/** A system for entities of one kind, or of all. */
export function system<D extends WorldDefinition>(
  options: { every?: number; kind?: string },
  run: (moment: Moment<D>) => void,
): System<D> {
  return { every: options.every ?? 1, kind: options.kind ?? null, run };
}

export interface Populate<D extends WorldDefinition> {
  readonly random: Random;
  readonly map: WorldMap;
  /** A number or word the operator gave, else the fallback. */
  option<T extends string | number>(name: string, fallback: T): T;
  spawn(kind: string, at: Vec2, components?: Partial<PlainOf<D>>): EntityId;
}

export interface Rules<D extends WorldDefinition> {
  /** A player appears for the first time: set components, choose the place with `teleport`. */
  readonly join?: (moment: Moment<D> & { readonly guest: { readonly name: string } }) => void;
  readonly populate?: (world: Populate<D>) => void;
  /** What each command does; the predicted one needs no handler. */
  readonly commands?: { readonly [C in keyof CommandsOf<D>]?: (moment: CommandMoment<D, C>) => void };
  readonly effects?: { readonly [E in keyof EffectsOf<D>]?: (moment: EffectMoment<D, E>) => void };
  readonly systems?: readonly System<D>[];
}

/** A world with its rules: what a zone server runs. Never imported by a browser. */
export interface ServedWorld<D extends WorldDefinition = WorldDefinition> {
  readonly world: World<D>;
  readonly rules: Rules<D>;
}

export function serve<D extends WorldDefinition>(world: World<D>, rules: Rules<D>): ServedWorld<D> {
  return { world, rules };
}
