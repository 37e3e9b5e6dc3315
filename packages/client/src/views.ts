import type { FieldCodec, Raw } from '@lifeverse/protocol';
import type { Motion, ReplicaEntity } from '@lifeverse/sync/client';

const MM = 1_000;

/** What the game sees of an entity: position and velocity are those to draw, renewed by `update`. */
export class EntityView {
  readonly id: number;
  /** Metres; the same object every time. */
  readonly position = { x: 0, y: 0 };
  /** Metres per second. */
  readonly velocity = { x: 0, y: 0 };
  /** Not for games: what components are read from. */
  readonly entity: ReplicaEntity;

  constructor(entity: ReplicaEntity) {
    this.id = entity.id;
    this.entity = entity;
  }

  show(motion: Motion, tickHz: number): void {
    this.position.x = motion.x / MM;
    this.position.y = motion.y / MM;
    this.velocity.x = (motion.vx * tickHz) / MM;
    this.velocity.y = (motion.vy * tickHz) / MM;
  }
}

export type ViewClass = new (entity: ReplicaEntity) => EntityView;

/** A view class with a world's components as properties; those that only the owner sees are read from `owned`. */
export function compileView(
  shared: { names: readonly string[]; fields: readonly FieldCodec[] },
  owned?: { names: readonly string[]; fields: readonly FieldCodec[]; raws: readonly Raw[] },
): ViewClass {
  class View extends EntityView {}
  const define = (name: string, get: (this: EntityView) => unknown): void => {
    if (!(name in View.prototype)) Object.defineProperty(View.prototype, name, { get, enumerable: true });
  };
  shared.names.forEach((name, i) => {
    const field = shared.fields[i] as FieldCodec;
    define(name, function () {
      return field.fromRaw(this.entity.shadow.components[i] as Raw);
    });
  });
  owned?.names.forEach((name, i) => {
    const field = owned.fields[i] as FieldCodec;
    define(name, () => field.fromRaw(owned.raws[i] as Raw));
  });
  return View;
}
