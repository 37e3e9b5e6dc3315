import type { LyingItem } from '@lifeverse/contracts';
import type { BelongingsRules } from './serve.ts';

interface GroundContext {
  /** Whether that place is this zone's, millimetres. */
  isOwn(xMm: number, yMm: number): boolean;
  /** Also in a place of another zone: it goes there. */
  spawn(kind: string, xMm: number, yMm: number, components: object): number;
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

  /** What lies in the world by the journal; of other zones' places, those have it. */
  place(items: readonly LyingItem[]): void {
    for (const item of items) if (this.#context.isOwn(item.xMm, item.yMm)) this.drop(item);
  }

  /** Was dropped by somebody of this zone, though they may reach over its border. */
  drop({ id, kind, xMm, yMm }: LyingItem): void {
    const { thing } = this.#rules;
    if (this.#lying.has(id)) return;
    const components = thing.components({ id, kind });
    if (components !== null) this.#lie(this.#context.spawn(thing.kind, xMm, yMm, components), id);
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
