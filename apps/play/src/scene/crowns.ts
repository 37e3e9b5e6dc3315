import type { Tree } from '@lifeverse/town/decor';
import { Container, Sprite } from 'pixi.js';
import { CROWN } from '../draw/greenery.ts';
import { CROWN_SPECIES } from '../draw/sprites.ts';
import type { Camera } from './camera.ts';
import type { SpriteTextures } from './sprite-textures.ts';

const GROVE_M = 24;
const tints = [0xffffff, 0xf4ffe6, 0xfff6dc, 0xe9f7e4, 0xffffff, 0xfdf0d8, 0xeefae0, 0xf8ffee] as const;

interface Grove {
  readonly x: number;
  readonly y: number;
  readonly crowns: Container;
  readonly trees: { readonly sprite: Sprite; readonly tree: Tree }[];
}

/** The crowns of trees, above people. Those over one's own head let one see through; all sway a little. */
export class Crowns {
  readonly container = new Container();
  readonly #groves: Grove[] = [];

  constructor(trees: readonly Tree[], textures: SpriteTextures) {
    const groves = new Map<string, Grove>();
    for (const tree of [...trees].sort((a, b) => b.y - a.y)) {
      const x = Math.floor(tree.x / GROVE_M) * GROVE_M;
      const y = Math.floor(tree.y / GROVE_M) * GROVE_M;
      let grove = groves.get(`${x},${y}`);
      if (grove === undefined) {
        grove = { x, y, crowns: new Container(), trees: [] };
        groves.set(`${x},${y}`, grove);
      }
      const sprite = new Sprite(textures.crown(CROWN_SPECIES.indexOf(tree.species), (tree.tint >> 1) & 1));
      sprite.anchor.set(-CROWN.x / CROWN.w, (CROWN.y + CROWN.h) / CROWN.h);
      sprite.position.set(tree.x, -tree.y);
      sprite.scale.set(tree.size / textures.crownPxPerM);
      sprite.tint = tints[tree.tint & 7] as number;
      grove.crowns.addChild(sprite);
      grove.trees.push({ sprite, tree });
    }
    // From north to south: nearer crowns lie over farther ones, across groves too.
    this.#groves = [...groves.values()].sort((a, b) => b.y - a.y);
    for (const grove of this.#groves) this.container.addChild(grove.crowns);
  }

  update(camera: Camera, own: { readonly x: number; readonly y: number } | null, nowMs: number, calm: boolean): void {
    const halfW = camera.width / camera.zoom / 2 + 4;
    const halfH = camera.height / camera.zoom / 2 + 7;
    for (const grove of this.#groves) {
      const visible =
        grove.x < camera.x + halfW &&
        grove.x + GROVE_M > camera.x - halfW &&
        grove.y < camera.y + halfH &&
        grove.y + GROVE_M > camera.y - halfH;
      grove.crowns.visible = visible;
      if (!visible) continue;
      for (const { sprite, tree } of grove.trees) {
        const over = own !== null && Math.abs(own.x - tree.x) < 2 && own.y - tree.y > -1.2 && own.y - tree.y < 4.6;
        const wish = over ? 0.42 : 1;
        if (sprite.alpha !== wish)
          sprite.alpha =
            calm || Math.abs(sprite.alpha - wish) < 0.02 ? wish : sprite.alpha + (wish - sprite.alpha) * 0.12;
        if (!calm) sprite.skew.x = Math.sin(nowMs / 1_300 + tree.x * 0.7 + tree.y * 0.3) * 0.014;
      }
    }
  }
}
