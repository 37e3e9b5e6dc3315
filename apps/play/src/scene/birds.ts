import type { Decor } from '@lifeverse/town/decor';
import { Container, type Sprite } from 'pixi.js';
import { chanceAt } from '../draw/chance.ts';
import type { Avatar } from './avatar.ts';
import type { Camera } from './camera.ts';
import type { SpriteTextures } from './sprite-textures.ts';

const FLOCK = 7;
const SHY_M = 1.7;
const AWAY_MS = 9_000;
const FLIGHT_MS = 1_300;
const SIZE_M = 0.62;

interface Bird {
  readonly sprite: Sprite;
  readonly seed: number;
  readonly homeX: number;
  readonly homeY: number;
  x: number;
  y: number;
  /** When it took off, and whereto; 0 while it is on the ground. */
  fledMs: number;
  awayX: number;
  awayY: number;
}

/** Doves around the fountains. They are each player's own: nobody else's doves fly up when you walk by. */
export class Birds {
  /** On the ground they are below people, in the air above them. */
  readonly below = new Container();
  readonly above = new Container();
  readonly #birds: Bird[] = [];
  readonly #textures: SpriteTextures;
  #frame = 0;

  constructor(fountains: Decor['fountains'], textures: SpriteTextures) {
    this.#textures = textures;
    fountains.forEach((fountain, flock) => {
      for (let i = 0; i < FLOCK; i++) {
        const seed = flock * 16 + i;
        const side = chanceAt(flock, 0, 61) < 0.5 ? -1 : 1;
        const homeX = fountain.x + side * (fountain.radiusM + 2.2) + (chanceAt(seed, 1, 62) - 0.5) * 3.4;
        const homeY = fountain.y - 1 + (chanceAt(seed, 2, 63) - 0.5) * 4.5;
        const sprite = this.below.addChild(textures.sprite('birdStand', SIZE_M));
        this.#birds.push({ sprite, seed, homeX, homeY, x: homeX, y: homeY, fledMs: 0, awayX: 0, awayY: 0 });
      }
    });
  }

  update(camera: Camera, people: readonly Avatar[], nowMs: number, calm: boolean): void {
    this.#frame++;
    const reachX = camera.width / camera.zoom / 2 + 14;
    const reachY = camera.height / camera.zoom / 2 + 14;
    for (const bird of this.#birds) {
      const near = Math.abs(bird.homeX - camera.x) < reachX && Math.abs(bird.homeY - camera.y) < reachY;
      bird.sprite.visible = near;
      if (!near) continue;
      if (bird.fledMs > 0) this.#fly(bird, nowMs, calm);
      else {
        this.#stand(bird, nowMs, calm);
        if ((this.#frame + bird.seed) % 5 === 0) this.#heed(bird, people, nowMs);
      }
    }
  }

  #stand(bird: Bird, nowMs: number, calm: boolean): void {
    const beat = calm ? 0 : nowMs / 640 + bird.seed * 0.37;
    const step = Math.floor(beat / 9);
    const wander = Math.min(1, (beat / 9 - step) * 6);
    const from = (salt: number, at: number): number => (chanceAt(bird.seed, at, salt) - 0.5) * 1.2;
    bird.x = bird.homeX + from(64, step - 1) * (1 - wander) + from(64, step) * wander;
    bird.y = bird.homeY + from(65, step - 1) * (1 - wander) + from(65, step) * wander;
    const pecks = !calm && chanceAt(bird.seed, Math.floor(beat * 1.6), 66) < 0.35;
    bird.sprite.texture = this.#textures.small(pecks ? 'birdPeck' : 'birdStand');
    this.#show(bird, bird.x, bird.y, from(64, step) > from(64, step - 1));
    bird.sprite.alpha = 1;
  }

  #heed(bird: Bird, people: readonly Avatar[], nowMs: number): void {
    for (const avatar of people) {
      const dx = bird.x - avatar.x;
      const dy = bird.y - avatar.y;
      if (dx * dx + dy * dy > SHY_M * SHY_M) continue;
      bird.fledMs = nowMs;
      bird.awayX = bird.x + Math.sign(dx || 1) * (7 + chanceAt(bird.seed, nowMs, 67) * 5);
      bird.awayY = bird.y + 7 + chanceAt(bird.seed, nowMs, 68) * 4;
      this.above.addChild(bird.sprite);
      return;
    }
  }

  #fly(bird: Bird, nowMs: number, calm: boolean): void {
    const age = nowMs - bird.fledMs;
    const leaving = age < FLIGHT_MS;
    const returning = age > AWAY_MS;
    if (age > AWAY_MS + FLIGHT_MS) {
      bird.fledMs = 0;
      this.below.addChild(bird.sprite);
      return;
    }
    bird.sprite.visible = leaving || returning;
    const t = leaving ? age / FLIGHT_MS : 1 - (age - AWAY_MS) / FLIGHT_MS;
    bird.sprite.texture = this.#textures.small(!calm && Math.floor(nowMs / 90) % 2 === 0 ? 'birdFly1' : 'birdFly2');
    const landX = leaving ? bird.x : bird.homeX;
    const landY = leaving ? bird.y : bird.homeY;
    this.#show(
      bird,
      landX + (bird.awayX - landX) * t,
      landY + (bird.awayY - landY) * t * (0.4 + 0.6 * t),
      bird.awayX > landX === leaving,
    );
    bird.sprite.alpha = Math.min(1, (1 - t) * 3);
  }

  /** Drawn looking left. */
  #show(bird: Bird, x: number, y: number, right: boolean): void {
    bird.sprite.position.set(x, -(y + 0.22));
    const scale = SIZE_M / 64;
    bird.sprite.scale.set(right ? -scale : scale, scale);
  }
}
