import { Container, type Sprite, WebGLRenderer } from 'pixi.js';
import 'pixi.js/unsafe-eval';
import { drawFigures } from '../draw/figure.ts';
import { sceneryOf } from '../draw/scenery.ts';
import type { Scenery, Subject } from '../draw/world-painter.ts';
import type { Link, Person } from '../link.ts';
import { Ambience } from './ambience.ts';
import { Avatar } from './avatar.ts';
import { Birds } from './birds.ts';
import type { Camera } from './camera.ts';
import { Crowd } from './crowd.ts';
import { Crowns } from './crowns.ts';
import { GroundLayer } from './ground-layer.ts';
import { Lying } from './lying.ts';
import { Moods } from './moods.ts';
import { drawsInSoftware, Sharpness } from './sharpness.ts';
import { SpriteTextures } from './sprite-textures.ts';

const FIGURE_PX_PER_M = 64;
/** The camera looks at one's chest, not at one's feet. */
const HEAD_ROOM_M = 0.6;

/** The world on the screen. Owns what is drawn and nothing of what happens. */
export class Scene {
  readonly camera: Camera;
  readonly avatars = new Map<number, Avatar>();
  readonly lying: Lying;
  readonly #renderer: WebGLRenderer;
  readonly #stage = new Container();
  readonly #world = new Container();
  readonly #scenery: Scenery;
  readonly #ground: GroundLayer;
  readonly #crowd: Crowd;
  readonly #crowns: Crowns;
  readonly #ambience: Ambience;
  readonly #moods: Moods;
  readonly #birds: Birds;
  readonly #ring: Sprite;
  readonly #target: Sprite;
  readonly #calm: () => boolean;
  readonly #sharpness: Sharpness;
  /** From north to south; kept nearly sorted from frame to frame. */
  readonly #order: Avatar[] = [];
  #frame = 0;
  #targetUntilMs = 0;
  #own: Avatar | null = null;

  private constructor(
    renderer: WebGLRenderer,
    subject: Subject,
    camera: Camera,
    pxPerM: number,
    calm: () => boolean,
    sharpness: Sharpness,
  ) {
    const textures = new SpriteTextures();
    this.#renderer = renderer;
    const scenery = sceneryOf(subject);
    this.#scenery = scenery;
    this.camera = camera;
    this.#calm = calm;
    this.#sharpness = sharpness;
    this.#ground = new GroundLayer(subject, scenery.extent, pxPerM);
    this.#crowd = new Crowd(drawFigures(FIGURE_PX_PER_M));
    this.#crowns = new Crowns(scenery.trees, textures);
    this.#ambience = new Ambience(scenery, textures);
    this.lying = new Lying(textures);
    this.#moods = new Moods(textures);
    this.#birds = new Birds(scenery.fountains, textures);
    this.#ring = textures.sprite('ring', 1.5);
    this.#target = textures.sprite('target', 1);
    this.#ring.visible = false;
    this.#target.visible = false;
    this.#stage.addChild(this.#world);
    this.#world.addChild(
      this.#ground.under,
      this.#ambience.below,
      this.#birds.below,
      this.lying.container,
      this.#target,
      this.#ring,
      this.#crowd.mesh,
      this.#ground.over,
      this.#crowns.container,
      this.#ambience.above,
      this.#birds.above,
      this.#moods.container,
    );
  }

  /** Rejects when the browser has no WebGL 2. */
  static async open(
    canvas: HTMLCanvasElement,
    subject: Subject,
    camera: Camera,
    pxPerM: number,
    calm: () => boolean,
  ): Promise<Scene> {
    const renderer = new WebGLRenderer();
    const options = {
      canvas,
      width: camera.width,
      height: camera.height,
      resolution: 1,
      autoDensity: true,
      antialias: false,
      background: '#8fb35e',
      preferWebGLVersion: 2 as const,
    };
    await renderer.init(options).catch(() => {
      throw new Error('This browser cannot draw the world: that needs WebGL 2, which is missing or turned off.');
    });
    const software = drawsInSoftware(renderer.gl);
    // Choosing among many textures for each pixel is what a processor is worst at. Two, not one: with one, this
    // batcher draws every sprite by itself, 350 draws a frame instead of 20.
    if (software) renderer.limits.maxBatchableTextures = 2;
    const sharpness = new Sharpness(globalThis.devicePixelRatio, software);
    return new Scene(renderer, subject, camera, pxPerM, calm, sharpness);
  }

  resize(width: number, height: number): void {
    this.camera.resize(width, height);
    this.#renderer.resize(width, height, this.#sharpness.resolution);
    document.body.dataset.scarce = String(this.#sharpness.scarce);
  }

  /** Resolves when all that is in sight is painted; frames have to go on meanwhile. */
  complete(): Promise<void> {
    return this.#ground.complete();
  }

  /** Everyone drawn in the last frame. */
  get drawn(): number {
    return this.#crowd.count;
  }

  /** Marks where one was told to go. */
  showTarget(x: number, y: number, nowMs: number): void {
    this.#target.position.set(x, -y);
    this.#targetUntilMs = nowMs + 700;
  }

  /** `ms` since the last frame: where that is too long, fewer pixels are drawn from now on. */
  pace(ms: number): void {
    if (this.#sharpness.frame(ms)) this.resize(this.camera.width, this.camera.height);
  }

  /** One frame: people from the link, the camera after one's own avatar, everything drawn. */
  frame(link: Pick<Link, 'me' | 'others'> | null, nowMs: number, ms: number): void {
    const calm = this.#calm();
    this.#people(link, nowMs, ms, calm);
    const own = this.#own;
    if (own !== null) this.camera.follow(own.x, own.y + HEAD_ROOM_M, ms);
    else this.camera.settle(ms);
    this.camera.keepInside(this.#scenery.extent);
    this.#place();
    this.#ground.update(this.camera);
    this.#ambience.update(this.camera, nowMs, calm);
    this.#birds.update(this.camera, this.#order, nowMs, calm);
    this.#crowns.update(this.camera, own, nowMs, calm);
    this.#marks(own, nowMs, calm);
    this.#fillCrowd(nowMs, calm);
    this.#renderer.render(this.#stage);
  }

  /** The avatar nearest to a point of the screen, within `px` of it. */
  avatarAt(screenX: number, screenY: number, px: number): Avatar | null {
    let best: Avatar | null = null;
    let bestDistance = px * px;
    for (const avatar of this.#order) {
      const dx = this.camera.screenX(avatar.x) - screenX;
      const dy = this.camera.screenY(avatar.y + 0.8) - screenY;
      // In a throng of residents it is the player who was meant.
      const distance = (dx * dx + dy * dy * 0.6) * (avatar.person.resident === true ? 2.5 : 1);
      if (distance < bestDistance) [best, bestDistance] = [avatar, distance];
    }
    return best;
  }

  get own(): Avatar | null {
    return this.#own;
  }

  #people(link: Pick<Link, 'me' | 'others'> | null, nowMs: number, ms: number, calm: boolean): void {
    this.#frame++;
    if (link !== null) {
      this.lying.begin();
      for (const other of link.others) if (!this.lying.see(other)) this.#see(other, nowMs, ms, calm);
      this.lying.end();
      this.#own = link.me === null ? null : this.#see(link.me, nowMs, ms, calm);
    }
    const order = this.#order;
    let kept = 0;
    for (let i = 0; i < order.length; i++) {
      const avatar = order[i] as Avatar;
      if (avatar.seen === this.#frame) order[kept++] = avatar;
      else this.avatars.delete(avatar.id);
    }
    order.length = kept;
    for (let i = 1; i < kept; i++) {
      const avatar = order[i] as Avatar;
      let at = i - 1;
      while (at >= 0 && (order[at] as Avatar).y < avatar.y) {
        order[at + 1] = order[at] as Avatar;
        at--;
      }
      order[at + 1] = avatar;
    }
  }

  #see(person: Person, nowMs: number, ms: number, calm: boolean): Avatar {
    let avatar = this.avatars.get(person.id);
    if (avatar === undefined) {
      avatar = new Avatar(person);
      this.avatars.set(person.id, avatar);
      this.#order.push(avatar);
    }
    avatar.seen = this.#frame;
    avatar.update(person, nowMs, ms, calm);
    return avatar;
  }

  #place(): void {
    const { camera } = this;
    const grain = 1 / this.#renderer.resolution;
    this.#world.scale.set(camera.zoom);
    this.#world.position.set(
      Math.round((camera.width / 2 - camera.x * camera.zoom) / grain) * grain,
      Math.round((camera.height / 2 + camera.y * camera.zoom) / grain) * grain,
    );
  }

  #marks(own: Avatar | null, nowMs: number, calm: boolean): void {
    this.#ring.visible = own !== null;
    if (own !== null) {
      const pulse = calm ? 1 : 1 + 0.04 * Math.sin(nowMs / 420);
      this.#ring.position.set(own.x, -own.y);
      this.#ring.scale.set((1.5 * pulse) / 64);
    }
    const left = this.#targetUntilMs - nowMs;
    this.#target.visible = left > 0;
    if (left > 0) {
      this.#target.alpha = Math.min(1, left / 350);
      this.#target.scale.set((calm ? 1 : 0.8 + left / 1_800) / 64);
    }
  }

  #fillCrowd(nowMs: number, calm: boolean): void {
    const { camera } = this;
    const halfW = camera.width / camera.zoom / 2 + 1;
    const halfH = camera.height / camera.zoom / 2;
    const crowd = this.#crowd;
    crowd.begin();
    this.#moods.begin();
    for (const avatar of this.#order) {
      const dx = avatar.x - camera.x;
      const dy = avatar.y - camera.y;
      if (dx > halfW || dx < -halfW || dy > halfH + 0.5 || dy < -halfH - 2.2) continue;
      const { alpha } = avatar;
      const coat = alpha >= 1 ? avatar.coat : ((avatar.coat & 0xffffff) | (Math.floor(alpha * 255) << 24)) >>> 0;
      crowd.add(avatar.x, avatar.y + avatar.hop, avatar.frame, avatar.mirrored, coat, avatar.skin, avatar.hair);
      if (nowMs < avatar.moodUntilMs) this.#moods.show(avatar, nowMs, calm);
    }
    crowd.end();
    this.#moods.end();
  }
}
