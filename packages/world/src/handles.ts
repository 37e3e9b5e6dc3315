import type { World } from '@lifeverse/definition';
import type { Raw } from '@lifeverse/protocol';
import type { Shadow } from '@lifeverse/sync/common';
import type { ComponentSlot, EntityStore } from './entity-store.ts';
import type { Ghost } from './ghosts.ts';
import type { Told } from './rules-runner.ts';

/** What handles ask of the zone behind them. */
export interface HandleHost {
  readonly store: EntityStore;
  tell(from: number, to: number, effect: string, input: object): void;
  /** Hands on what was told somebody who is not here any more; false: nobody knows where they are. */
  pass(told: Told): boolean;
  act(row: number, command: string, input: object): void;
  emit(row: number, event: string, input: object): void;
  teleport(row: number, xM: number, yM: number): void;
  push(row: number, dxM: number, dyM: number): void;
  hideIn(row: number, audience: string): void;
  watch(row: number, audience: string, on: boolean): void;
  leave(row: number): void;
}

const MM = 1_000;
/** No component is called so. */
const shadowOf = Symbol('shadow');

/**
 * Reads an entity by its row. Valid as long as the entity is there: one that is kept for longer throws, instead of
 * reading whoever has the row then (WO16).
 */
export class OtherHandle {
  readonly id: number;
  protected readonly host: HandleHost;
  readonly #row: number;
  /** On whose behalf an effect is told. */
  protected readonly by: number;

  constructor(host: HandleHost, row: number, by: number) {
    this.host = host;
    this.#row = row;
    this.id = host.store.id[row] as number;
    this.by = by;
  }

  protected get row(): number {
    if (this.host.store.id[this.#row] !== this.id) throw new ReferenceError(`entity ${this.id} is gone`);
    return this.#row;
  }

  get kind(): string {
    return this.host.store.kinds[this.host.store.kind[this.row] as number] as string;
  }

  get position(): { x: number; y: number } {
    return { x: (this.host.store.x[this.row] as number) / MM, y: (this.host.store.y[this.row] as number) / MM };
  }

  tell(effect: string, input: object = {}): void {
    this.host.tell(this.by, this.id, effect, input);
  }
}

/** Reads an entity of another zone, as that one's stream tells it. Valid during the call in which it was given. */
export class GhostHandle {
  readonly id: number;
  readonly kind: string;
  readonly position: { readonly x: number; readonly y: number };
  readonly [shadowOf]: Shadow;
  readonly #host: HandleHost;
  readonly #by: number;

  /** `at`: where it is in this tick, millimetres. */
  constructor(host: HandleHost, ghost: Ghost, at: { readonly x: number; readonly y: number }, by: number) {
    this.#host = host;
    this.#by = by;
    this.id = ghost.id;
    this.kind = ghost.kind;
    this[shadowOf] = ghost.shadow;
    this.position = { x: at.x / MM, y: at.y / MM };
  }

  tell(effect: string, input: object = {}): void {
    this.#host.tell(this.#by, this.id, effect, input);
  }
}

export class SelfHandle extends OtherHandle {
  constructor(host: HandleHost, row: number) {
    super(host, row, host.store.id[row] as number);
  }

  get memory(): Record<string, unknown> {
    const { memory } = this.host.store;
    memory[this.row] ??= {};
    return memory[this.row] as Record<string, unknown>;
  }

  get held(): object | null {
    return this.host.store.held[this.row] ?? null;
  }

  act(command: string, input: object): void {
    this.host.act(this.row, command, input);
  }

  emit(event: string, input: object = {}): void {
    this.host.emit(this.row, event, input);
  }

  teleport(to: { x: number; y: number }): void {
    this.host.teleport(this.row, to.x, to.y);
  }

  push(dxM: number, dyM: number): void {
    this.host.push(this.row, dxM, dyM);
  }

  hideIn(audience: string): void {
    this.host.hideIn(this.row, audience);
  }

  watch(audience: string, on: boolean): void {
    this.host.watch(this.row, audience, on);
  }

  leave(): void {
    this.host.leave(this.row);
  }
}

export interface HandleClasses {
  readonly Self: new (host: HandleHost, row: number) => SelfHandle;
  readonly Other: new (host: HandleHost, row: number, by: number) => OtherHandle;
  readonly Ghost: new (
    host: HandleHost,
    ghost: Ghost,
    at: { readonly x: number; readonly y: number },
    by: number,
  ) => GhostHandle;
}

function read(slot: ComponentSlot): (this: { host: HandleHost; row: number }) => unknown {
  return function () {
    return slot.codec.fromRaw(this.host.store.raw(this.row, slot));
  };
}

/** What only the owner sees is in no stream: of a ghost it is as nobody has written it. */
function readGhost({ codec, audience, index }: ComponentSlot): (this: GhostHandle) => unknown {
  return function () {
    return codec.fromRaw(audience === 'all' ? (this[shadowOf].components[index] as Raw) : codec.initial);
  };
}

function write(slot: ComponentSlot): (this: { host: HandleHost; row: number }, value: unknown) => void {
  return function (value) {
    const raw = slot.codec.toRaw(value);
    if (raw === undefined) throw new RangeError(`${slot.name}: ${JSON.stringify(value)} is out of its range`);
    this.host.store.setRaw(this.row, slot, raw);
  };
}

/** Handle classes with this world's components as properties: readable on others, writable on self. */
export function compileHandles(world: World, components: readonly ComponentSlot[]): HandleClasses {
  class Self extends SelfHandle {}
  class Other extends OtherHandle {}
  class OfGhost extends GhostHandle {}
  for (const slot of components) {
    if (slot.name in Self.prototype || slot.name === 'id')
      throw new TypeError(`world ${world.name}: a component cannot be named ${slot.name}`);
    Object.defineProperty(Self.prototype, slot.name, { get: read(slot), set: write(slot), enumerable: true });
    Object.defineProperty(Other.prototype, slot.name, { get: read(slot), enumerable: true });
    Object.defineProperty(OfGhost.prototype, slot.name, { get: readGhost(slot), enumerable: true });
  }
  return { Self, Other, Ghost: OfGhost };
}
