import { Container, type Sprite } from 'pixi.js';
import type { SmallName } from '../draw/sprites.ts';
import { type Avatar, MOOD_MS } from './avatar.ts';
import type { SpriteTextures } from './sprite-textures.ts';

const AT_ONCE = 24;
const WIDTH_M = 0.62;

/** Small signs that rise from a head when a mood comes. */
export class Moods {
  readonly container = new Container();
  readonly #textures: SpriteTextures;
  readonly #sprites: Sprite[];
  #used = 0;

  constructor(textures: SpriteTextures) {
    this.#textures = textures;
    this.#sprites = Array.from({ length: AT_ONCE }, () => this.container.addChild(textures.sprite('heart', WIDTH_M)));
  }

  begin(): void {
    this.#used = 0;
  }

  show(avatar: Avatar, nowMs: number, calm: boolean): void {
    const sprite = this.#sprites[this.#used];
    if (sprite === undefined) return;
    this.#used++;
    const name: SmallName = avatar.person.mood === 'tired' ? 'sleep' : avatar.id % 2 === 0 ? 'heart' : 'note';
    const left = (avatar.moodUntilMs - nowMs) / MOOD_MS;
    const rise = calm ? 0.3 : (1 - left) * 0.8;
    sprite.texture = this.#textures.small(name);
    sprite.visible = true;
    sprite.position.set(avatar.x + 0.42 + (calm ? 0 : Math.sin(left * 9) * 0.08), -(avatar.y + 1.75 + rise));
    sprite.alpha = Math.min(1, left * 3, (1 - left) * 8);
  }

  end(): void {
    for (let i = this.#used; i < AT_ONCE; i++) (this.#sprites[i] as Sprite).visible = false;
  }
}
