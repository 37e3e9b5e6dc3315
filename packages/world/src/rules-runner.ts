import type { Random } from '@lifeverse/base';
import type { World, WorldDefinition } from '@lifeverse/definition';
import { type ErrorCode, LifeverseError } from '@lifeverse/protocol';
import type { Ghost, Ghosts } from './ghosts.ts';
import type { Grid } from './grid.ts';
import {
  compileHandles,
  type GhostHandle,
  type HandleClasses,
  type HandleHost,
  type OtherHandle,
  type SelfHandle,
} from './handles.ts';
import { asDeclared, documentsOf, type Outside } from './outside.ts';
import type { Has, Intent, Moment, ServedWorld, System, Table } from './serve.ts';

/** Ends a command's handler; never leaves the runner. */
class Refusal extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode) {
    super(code);
    this.code = code;
  }
}

const refuse = (code: ErrorCode = 'command_refused'): never => {
  throw new Refusal(code);
};

/** An effect that was told, and is not applied yet. */
export interface Told {
  readonly from: number;
  readonly to: number;
  readonly effect: string;
  readonly input: object;
}

type AnyMoment = Moment<WorldDefinition>;
type Handler = (moment: object) => unknown;

/**
 * Runs what a game developer wrote. A handler that throws is counted and reported, and ends only itself: the world
 * goes on.
 */
export class RulesRunner {
  faults = 0;
  effectsLost = 0;
  readonly #served: ServedWorld;
  readonly #host: HandleHost;
  readonly #grid: Grid;
  readonly #ghosts: () => Ghosts;
  readonly #random: Random;
  readonly #handles: HandleClasses;
  readonly #fault: (where: string, error: unknown) => void;
  readonly #outside: Outside;
  readonly #content: object;
  #told: Told[] = [];
  #tick = 0;
  #unixMs = 0;

  constructor(
    served: ServedWorld,
    host: HandleHost,
    grid: Grid,
    ghosts: () => Ghosts,
    random: Random,
    fault: (where: string, error: unknown) => void,
    outside: Outside = asDeclared(served),
  ) {
    this.#served = served;
    this.#host = host;
    this.#grid = grid;
    this.#ghosts = ghosts;
    this.#random = random;
    this.#fault = fault;
    this.#outside = outside;
    this.#content = documentsOf(served, outside);
    this.#handles = compileHandles(served.world as World, host.store.components);
  }

  self(row: number): SelfHandle {
    return new this.#handles.Self(this.#host, row);
  }

  other(row: number, by: number): OtherHandle {
    return new this.#handles.Other(this.#host, row, by);
  }

  ghost(ghost: Ghost, by: number): GhostHandle {
    return new this.#handles.Ghost(this.#host, ghost, this.#ghosts().at(ghost), by);
  }

  begin(tick: number): void {
    this.#tick = tick;
    this.#unixMs = this.#outside.unixMs();
  }

  tell(told: Told): void {
    this.#told.push(told);
  }

  join(row: number, name: string): void {
    const { join } = this.#served.rules;
    if (join === undefined) return;
    this.#guard('join', () => join({ ...this.#moment(row), guest: { name } } as never));
  }

  /** Applies what was told in the last tick. */
  effects(): void {
    const told = this.#told;
    this.#told = [];
    const handlers = (this.#served.rules.effects ?? {}) as Record<string, Handler | undefined>;
    for (const { from, to, effect, input } of told) {
      const row = this.#host.store.rowOf(to);
      if (row === undefined) {
        if (!this.#host.pass({ from, to, effect, input })) this.effectsLost++;
        continue;
      }
      const handler = handlers[effect];
      if (handler !== undefined) this.#guard(effect, () => handler({ ...this.#moment(row), input, from }));
    }
  }

  /** Undefined when the command was carried out, else why not. `refs`: the entities it names, by field. */
  command(
    row: number,
    name: string,
    input: object,
    refs: Record<string, OtherHandle | GhostHandle>,
  ): ErrorCode | undefined {
    const handlers = (this.#served.rules.commands ?? {}) as Record<string, Handler | undefined>;
    const handler = handlers[name];
    if (handler === undefined) return 'command_refused';
    try {
      handler({ ...this.#moment(row), ...refs, input, refuse });
      return undefined;
    } catch (error) {
      if (error instanceof Refusal) return error.code;
      if (error instanceof LifeverseError) return error.code;
      this.#report(name, error);
      return 'internal';
    }
  }

  /** As a command, but for what it may bring: what is to be done for good. */
  operation(
    row: number,
    name: string,
    input: object,
    refs: Record<string, OtherHandle | GhostHandle>,
    has: Has,
  ): ErrorCode | Intent | undefined {
    const handlers = (this.#served.rules.operations ?? {}) as Record<string, Handler | undefined>;
    const handler = handlers[name];
    if (handler === undefined) return 'command_refused';
    try {
      return handler({ ...this.#moment(row), ...refs, input, has, refuse }) as Intent | undefined;
    } catch (error) {
      if (error instanceof Refusal || error instanceof LifeverseError) return error.code;
      this.#report(name, error);
      return 'internal';
    }
  }

  show(row: number, has: Has, table: Table | null): void {
    const self = this.self(row);
    this.#guard('belongings', () => this.#served.rules.belongings?.show({ self, has, table } as never));
  }

  systems(): void {
    for (const system of this.#served.rules.systems ?? []) this.#system(system);
  }

  #system(system: System<WorldDefinition>): void {
    const { store } = this.#host;
    const kind = system.kind === null ? -1 : store.kindIndex(system.kind);
    for (let row = this.#tick % system.every; row < store.end; row += system.every) {
      if (store.id[row] === 0 || (kind >= 0 && store.kind[row] !== kind)) continue;
      this.#guard('system', () => system.run(this.#moment(row)));
    }
  }

  #moment(row: number): AnyMoment {
    const { store } = this.#host;
    const id = store.id[row] as number;
    const near = (radiusM: number): Iterable<OtherHandle | GhostHandle> => this.#near(row, id, radiusM);
    return {
      self: this.self(row),
      tick: this.#tick,
      random: this.#random,
      map: this.#served.world.map,
      content: this.#content,
      unixMs: this.#unixMs,
      near,
    } as unknown as AnyMoment;
  }

  *#near(row: number, id: number, radiusM: number): Generator<OtherHandle | GhostHandle> {
    const { store } = this.#host;
    const [x, y, radiusMm] = [store.x[row] as number, store.y[row] as number, radiusM * 1_000];
    for (const other of this.#grid.near(store, x, y, radiusMm)) if (other !== row) yield this.other(other, id);
    for (const ghost of this.#ghosts().near(x, y, radiusMm)) yield this.ghost(ghost, id);
  }

  #guard(where: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#report(where, error);
    }
  }

  #report(where: string, error: unknown): void {
    this.faults++;
    this.#fault(where, error);
  }
}
