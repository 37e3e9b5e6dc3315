import type { Random } from '@lifeverse/base';
import type { Money, OwnedItem, Stake, StallPlan } from '@lifeverse/contracts';
import type {
  CommandsOf,
  ComponentsOf,
  ContentOf,
  EffectsOf,
  EntityId,
  EventsOf,
  OperationsOf,
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
  /** Kept for the entity by the rules, on the server only. What JSON can say of it goes along to another zone. */
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
  /** Documents that operators have put into force, or as the world declares them. */
  readonly content: ContentOf<D>;
  /** Milliseconds since 1970 as the tick began: for what has its day and hour. Nothing that is predicted may use it. */
  readonly unixMs: number;
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

/** What a player has, by the journal. */
export interface Has {
  readonly money: Money;
  readonly items: readonly OwnedItem[];
}

/** An open trade, as one side sees it. */
export interface Table {
  readonly with: EntityId;
  /** Of what lies there: an offer and an acceptance name the one they have seen. */
  readonly version: number;
  readonly mine: Has;
  readonly theirs: Has;
  readonly iAccept: boolean;
  readonly theyAccept: boolean;
}

interface Target {
  readonly id: number;
}

/** What is to be done for good, by the journal; the player hears of it when it is. */
export type Intent =
  | { readonly do: 'give'; readonly to: Target; readonly gives: Stake }
  /** One of that kind. */
  | { readonly do: 'buy'; readonly stall: string; readonly kind: string; readonly price: number }
  | { readonly do: 'sell'; readonly stall: string; readonly item: number; readonly price: number }
  | { readonly do: 'pick up'; readonly thing: Target }
  /** Where `self` stands. */
  | { readonly do: 'drop'; readonly item: number }
  /** Opens a table between the two; the rest is about the one that is open. */
  | { readonly do: 'trade'; readonly with: Target }
  | { readonly do: 'offer'; readonly seen: number; readonly gives: Stake }
  | { readonly do: 'accept'; readonly seen: number }
  | { readonly do: 'cancel' };

export type OperationMoment<D extends WorldDefinition, O extends keyof OperationsOf<D>> = Moment<D> &
  RefsOf<D, OperationsOf<D>[O]> & {
    readonly input: OperationsOf<D>[O];
    readonly has: Has;
    refuse(code?: ErrorCode): never;
  };

/** What players have, and how the world shows it. Changed by the journal alone. */
export interface BelongingsRules<D extends WorldDefinition = WorldDefinition> {
  /** What each character gets once; a key of 16 bytes is never given to another grant. */
  readonly grants: readonly { readonly key: Uint8Array; readonly money: Money; readonly items: readonly string[] }[];
  readonly stalls: readonly StallPlan[];
  /** What lies on the ground is an entity of this kind; null for items that this world does not know. */
  readonly thing: { readonly kind: string; components(item: OwnedItem): Partial<PlainOf<D>> | null };
  /** Those who trade stay as near as this, metres. */
  readonly tradeReachM: number;
  /** Writes to components for the owner alone what the player has, and what lies on the table. */
  show(moment: { readonly self: Self<D>; readonly has: Has; readonly table: Table | null }): void;
}

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

/** Runs in every zone, for the whole world: what stands in a cell of another zone is that one's, and is made there. */
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
  /** Where what is to last is decided: what is returned is done by the journal, nothing returned is done at once. */
  readonly operations?: {
    readonly [O in keyof OperationsOf<D>]?: (moment: OperationMoment<D, O>) => Intent | undefined;
  };
  readonly belongings?: BelongingsRules<D>;
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
