import { Container, type Sprite } from 'pixi.js';
import type { SmallName } from '../draw/sprites.ts';
import type { Person } from '../link.ts';
import type { SpriteTextures } from './sprite-textures.ts';

const WIDTH_M = 0.55;
const pictures: Readonly<Record<string, SmallName>> = {
  apple: 'apple',
  bread: 'bread',
  flower: 'flower',
  lantern: 'lantern',
};

/** Something that lies on the ground. */
export interface LyingThing {
  readonly id: number;
  readonly ware: string;
  readonly x: number;
  readonly y: number;
}

/** What lies on the ground, below whoever walks there. */
export class Lying {
  readonly container = new Container();
  readonly #textures: SpriteTextures;
  readonly #sprites = new Map<number, { readonly sprite: Sprite; readonly thing: LyingThing; seen: number }>();
  #frame = 0;

  constructor(textures: SpriteTextures) {
    this.#textures = textures;
  }

  get all(): LyingThing[] {
    return [...this.#sprites.values()].map(({ thing }) => thing);
  }

  begin(): void {
    this.#frame++;
  }

  /** False for what is somebody. */
  see({ id, ware, position: { x, y } }: Person): boolean {
    if (ware === undefined || ware === 'none') return false;
    let shown = this.#sprites.get(id);
    if (shown === undefined) {
      const sprite = this.container.addChild(this.#textures.sprite(pictures[ware] ?? 'apple', WIDTH_M));
      shown = { sprite, thing: { id, ware, x, y }, seen: 0 };
      sprite.position.set(x, -y);
      this.#sprites.set(id, shown);
    }
    shown.seen = this.#frame;
    return true;
  }

  end(): void {
    for (const [id, { sprite, seen }] of this.#sprites) {
      if (seen === this.#frame) continue;
      sprite.destroy();
      this.#sprites.delete(id);
    }
  }
}
