import type { Decor } from '@lifeverse/town/decor';
import { Container, type Sprite } from 'pixi.js';
import { chanceAt } from '../draw/chance.ts';
import type { Scenery } from '../draw/world-painter.ts';
import type { Camera } from './camera.ts';
import type { SpriteTextures } from './sprite-textures.ts';

const JETS = 26;
const GLINTS = 44;
const PUFFS = 30;

interface Drop {
  readonly sprite: Sprite;
  readonly angle: number;
  readonly delay: number;
}

interface Fountain {
  readonly x: number;
  readonly y: number;
  readonly radiusM: number;
  readonly all: Container;
  readonly drops: Drop[];
  readonly ripples: Sprite[];
}

/** What moves without anyone's doing: fountains, light on the water, smoke of chimneys. Still for who asked for calm. */
export class Ambience {
  readonly below = new Container();
  readonly above = new Container();
  readonly #scenery: Scenery;
  readonly #fountains: Fountain[];
  readonly #glints: Sprite[] = [];
  readonly #puffs: { readonly sprite: Sprite; readonly delay: number }[] = [];
  readonly #smoke: Decor['smoke'];

  constructor(scenery: Scenery, textures: SpriteTextures) {
    this.#scenery = scenery;
    this.#smoke = scenery.smoke;
    for (let i = 0; i < GLINTS; i++) this.#glints.push(this.below.addChild(textures.sprite('glint', 0.9)));
    this.#fountains = scenery.fountains.map((fountain) => this.#fountain(fountain, textures));
    for (let i = 0; i < PUFFS; i++)
      this.#puffs.push({ sprite: this.above.addChild(textures.sprite('puff', 1)), delay: i / PUFFS });
  }

  #fountain({ x, y, radiusM }: Decor['fountains'][number], textures: SpriteTextures): Fountain {
    const all = this.below.addChild(new Container());
    const ripples = [0, 1, 2].map(() => all.addChild(textures.sprite('ripple', 1)));
    const drops = Array.from({ length: JETS }, (_, i) => {
      const sprite = all.addChild(textures.sprite('drop', 0.2));
      return { sprite, angle: (i / JETS) * Math.PI * 2, delay: chanceAt(i, x, 51) };
    });
    return { x, y, radiusM, all, drops, ripples };
  }

  update(camera: Camera, nowMs: number, calm: boolean): void {
    this.above.visible = !calm;
    const left = camera.x - camera.width / camera.zoom / 2;
    const low = camera.y - camera.height / camera.zoom / 2;
    const w = camera.width / camera.zoom;
    const h = camera.height / camera.zoom;
    const near = (x: number, y: number, m: number): boolean =>
      x > left - m && x < left + w + m && y > low - m && y < low + h + m;
    for (const fountain of this.#fountains) {
      fountain.all.visible = near(fountain.x, fountain.y, 5);
      if (fountain.all.visible) play(fountain, calm ? 0 : nowMs);
    }
    if (calm) {
      for (const glint of this.#glints) glint.visible = false;
      return;
    }
    this.#glitter(left, low, w, h, nowMs);
    this.#smokeUp(near, nowMs);
  }

  /** Each glint lives a second or two at a place of its own, if there is water there. */
  #glitter(left: number, low: number, w: number, h: number, nowMs: number): void {
    for (let i = 0; i < GLINTS; i++) {
      const sprite = this.#glints[i] as Sprite;
      const life = 1_500 + chanceAt(i, 1, 52) * 1_500;
      const age = nowMs / life + chanceAt(i, 2, 53);
      const turn = Math.floor(age);
      const t = age - turn;
      // Places repeat every 40 metres, so that they stay where they are while the camera moves.
      const x = wrap(chanceAt(i, turn, 54) * 40, left, Math.max(40, w));
      const y = wrap(chanceAt(i, turn, 55) * 40, low, Math.max(40, h));
      sprite.visible =
        this.#scenery.water(x - 0.6, y + 0.3) && this.#scenery.water(x + 0.6, y - 0.3) && this.#scenery.water(x, y + 1);
      if (!sprite.visible) continue;
      sprite.position.set(x + t * 0.25, -y);
      sprite.alpha = 0.7 * (1 - Math.abs(2 * t - 1));
    }
  }

  #smokeUp(near: (x: number, y: number, m: number) => boolean, nowMs: number): void {
    let used = 0;
    for (const { x, y } of this.#smoke) {
      if (used + 5 > PUFFS || !near(x, y, 4)) continue;
      for (let i = 0; i < 5; i++) {
        const { sprite } = this.#puffs[used++] as { sprite: Sprite };
        const t = (nowMs / 4_200 + i / 5 + chanceAt(x, y, 56)) % 1;
        sprite.visible = true;
        sprite.position.set(x + t * t * 1.6 + Math.sin(t * 5 + x) * 0.15, -(y + 0.1 + t * 2.4));
        sprite.scale.set((0.5 + t * 1.1) / 64);
        sprite.alpha = 0.55 * (1 - t) * Math.min(1, t * 6);
      }
    }
    for (; used < PUFFS; used++) (this.#puffs[used] as { sprite: Sprite }).sprite.visible = false;
  }
}

function wrap(at: number, low: number, period: number): number {
  return low + ((((at - low) % period) + period) % period);
}

/** Jets rise from the upper bowl and fall into the basin, where rings spread. */
function play({ x, y, radiusM, drops, ripples }: Fountain, nowMs: number): void {
  const scale = radiusM / 3.5;
  for (const { sprite, angle, delay } of drops) {
    const t = (nowMs / 900 + delay) % 1;
    const out = t * radiusM * 0.58;
    const rise = (2.5 + 2.2 * t - 5.1 * t * t) * scale;
    sprite.position.set(x + Math.cos(angle) * out, -(y - 0.2 + Math.sin(angle) * out * 0.55 + rise));
    sprite.alpha = t > 0.85 ? (1 - t) * 6 : 0.9;
    sprite.scale.set((0.16 + 0.1 * (1 - t)) / 64);
  }
  ripples.forEach((sprite, i) => {
    const t = (nowMs / 2_100 + i / 3) % 1;
    sprite.position.set(x, -(y - 0.25));
    sprite.scale.set(((0.7 + t * 1.15) * radiusM) / 64, ((0.9 + t * 1.5) * radiusM) / 64);
    sprite.alpha = 0.75 * (1 - t);
  });
}
