import type { LyingItem } from '@lifeverse/contracts';
import type { BelongingsRules } from './serve.ts';

interface GroundContext {
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

  place(items: readonly LyingItem[]): void {
    const { thing } = this.#rules;
    for (const item of items) {
      if (this.#lying.has(item.id)) continue;
      const components = thing.components({ id: item.id, kind: item.kind });
      if (components === null) continue;
      this.#lying.add(item.id);
      this.#items.set(this.#context.spawn(thing.kind, item.xMm, item.yMm, components), item.id);
    }
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
