import type { LyingItem } from '@lifeverse/contracts';
import type { BelongingsRules } from './serve.ts';

interface GroundContext {
  /** Null: that place is another zone's. */
  spawn(kind: string, xMm: number, yMm: number, components: object): number | null;
  remove(id: number): void;
}

/** What lies on the ground of a zone: an entity each, which everyone sees. */
export class Ground {
  readonly #rules: BelongingsRules;
  readonly #context: GroundContext;
  /** The item behind an entity. */
  readonly #items = new Map<number, number>();
  readonly #lying = new Set<number>();
  readonly #reserved = new Set<number>();

  constructor(rules: BelongingsRules, context: GroundContext) {
    this.#rules = rules;
    this.#context = context;
  }

  place(items: readonly LyingItem[]): void {
    const { thing } = this.#rules;
    for (const item of items) {
      if (this.#lying.has(item.id)) continue;
      const components = thing.components({ id: item.id, kind: item.kind });
      if (components === null) continue;
      const entity = this.#context.spawn(thing.kind, item.xMm, item.yMm, components);
      if (entity !== null) this.#lie(entity, item.id);
    }
  }

  #lie(entity: number, item: number): void {
    this.#lying.add(item);
    this.#items.set(entity, item);
  }

  /** The item behind an entity; null when it is none. */
  itemOf(entity: number): number | null {
    return this.#items.get(entity) ?? null;
  }

  /** The item behind an entity that goes to another zone; null when it is none. */
  departs(entity: number): number | null {
    const item = this.itemOf(entity);
    this.#items.delete(entity);
    if (item !== null) this.#lying.delete(item);
    return item;
  }

  /** An entity has come from another zone, with an item behind it. */
  arrives(entity: number, item: number): void {
    if (this.#lying.has(item)) this.#context.remove(entity);
    else this.#lie(entity, item);
  }

  /** The item, to be picked up by one alone; undefined when the entity is none, or somebody is picking it up. */
  reserve(entity: number): number | undefined {
    const item = this.#items.get(entity);
    if (item === undefined || this.#reserved.has(entity)) return undefined;
    this.#reserved.add(entity);
    return item;
  }

  release(entity: number, pickedUp: boolean): void {
    this.#reserved.delete(entity);
    const item = this.#items.get(entity);
    if (!pickedUp || item === undefined) return;
    this.#items.delete(entity);
    this.#lying.delete(item);
    this.#context.remove(entity);
  }
}
