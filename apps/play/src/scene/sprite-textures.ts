import { CanvasSource, Rectangle, Sprite, Texture } from 'pixi.js';
import { drawSprites, type SmallName, type SpriteFrame } from '../draw/sprites.ts';

/** The sheet of small pictures as textures, and sprites of a given width in metres made from it. */
export class SpriteTextures {
  readonly #source: CanvasSource;
  readonly #sheet = drawSprites();
  readonly #cache = new Map<string, Texture>();

  constructor() {
    this.#source = new CanvasSource({ resource: this.#sheet.canvas, autoGenerateMipmaps: true, scaleMode: 'linear' });
  }

  get crownPxPerM(): number {
    return this.#sheet.crownPxPerM;
  }

  crown(species: number, kind: number): Texture {
    return this.#texture(`crown ${species} ${kind}`, () => this.#sheet.crown(species, kind));
  }

  small(name: SmallName): Texture {
    return this.#texture(name, () => this.#sheet.small(name));
  }

  /** Its middle at the sprite's position. */
  sprite(name: SmallName, widthM: number): Sprite {
    const texture = this.small(name);
    const sprite = new Sprite(texture);
    sprite.anchor.set(0.5);
    sprite.scale.set(widthM / texture.width);
    return sprite;
  }

  #texture(key: string, frameOf: () => SpriteFrame): Texture {
    let texture = this.#cache.get(key);
    if (texture === undefined) {
      const { x, y, w, h } = frameOf();
      texture = new Texture({ source: this.#source, frame: new Rectangle(x, y, w, h) });
      this.#cache.set(key, texture);
    }
    return texture;
  }
}
