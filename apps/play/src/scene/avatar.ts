import { FRAMES, frameOf, VIEWS } from '../draw/figure.ts';
import { coatColours, hairColours, skinColours } from '../draw/looks.ts';
import type { Mood, Person } from '../link.ts';

/** Metres walked in one cycle of the legs. */
const STRIDE_M = 1.35;
/** Slower than this one stands, metres a second. */
const STANDING_MPS = 0.25;
const WAVE_MS = 1_700;
const FADE_MS = 260;
export const MOOD_MS = 2_600;

/** How one person is shown: turned, stepping, waving, appearing. Everything that a frame needs and the world does not. */
export class Avatar {
  readonly id: number;
  x = 0;
  y = 0;
  /** Radians counter-clockwise from east. */
  heading: number;
  frame = 0;
  mirrored = false;
  coat = 0;
  skin = 0;
  hair = 0;
  moving = false;
  /** Marked by each frame that still saw the person. */
  seen = 0;
  person: Person;
  /** Height above the ground, metres. */
  hop = 0;
  /** Until when the mood is shown above the head. */
  moodUntilMs = 0;
  #cut = 0;
  #phase: number;
  #waveUntilMs = 0;
  #alpha = 0;
  #facing: number | undefined;
  #view = -1;
  #mood: Mood | undefined;
  readonly #phaseOfMood: number;

  constructor(person: Person) {
    this.id = person.id;
    this.person = person;
    this.x = person.position.x;
    this.y = person.position.y;
    this.heading = person.facing ?? -Math.PI / 2;
    this.#facing = person.facing;
    this.#phase = (person.id % 97) / 97;
    this.#phaseOfMood = (person.id % 41) / 10;
    this.#mood = person.mood;
    this.dress(person);
  }

  /** Takes on a look; a world that knows no looks gets one decided by who it is. */
  dress(person: Person): void {
    const any = Math.imul(person.id + 11, 0x9e3779b1) >>> 0;
    this.#cut = (person.cut ?? any % 6) % 6;
    this.coat = coatColours[(person.coat ?? any >>> 4) % coatColours.length] as number;
    this.skin = skinColours[(person.skin ?? any >>> 9) % skinColours.length] as number;
    this.hair = hairColours[(person.hair ?? any >>> 13) % hairColours.length] as number;
  }

  wave(nowMs: number): void {
    this.#waveUntilMs = nowMs + WAVE_MS;
  }

  /** Turns towards a point, as one does who is spoken to. */
  look(towards: number): void {
    if (!this.moving) this.heading = towards;
  }

  get alpha(): number {
    return this.#alpha;
  }

  /** One frame on; `calm`: no fading, no hopping. */
  update(person: Person, nowMs: number, ms: number, calm: boolean): void {
    const { x: vx, y: vy } = person.velocity;
    this.person = person;
    this.x = person.position.x;
    this.y = person.position.y;
    this.#alpha = calm ? 1 : Math.min(1, this.#alpha + ms / FADE_MS);
    const speed = Math.sqrt(vx * vx + vy * vy);
    this.moving = speed > STANDING_MPS;
    if (this.moving) {
      this.#turn(Math.atan2(vy, vx), ms);
      this.#phase = (this.#phase + (speed * ms) / 1_000 / (STRIDE_M * (0.7 + speed * 0.16))) % 1;
      this.#facing = person.facing;
    } else if (person.facing !== this.#facing) {
      this.#facing = person.facing;
      if (person.facing !== undefined) this.heading = person.facing;
    }
    this.#feel(person, nowMs, calm);
    this.#pose(nowMs);
  }

  /** A change of mood shows for a while; who is merry hops now and then. */
  #feel(person: Person, nowMs: number, calm: boolean): void {
    if (person.mood !== this.#mood) {
      if (this.#mood !== undefined) this.moodUntilMs = person.mood === 'calm' ? 0 : nowMs + MOOD_MS;
      this.#mood = person.mood;
    }
    const beat = (nowMs / 1_000 + this.#phaseOfMood) % 4;
    this.hop =
      !calm && person.mood === 'merry' && !this.moving && beat < 0.5 ? 0.16 * (1 - (4 * beat - 1) * (4 * beat - 1)) : 0;
  }

  /** Quickly, but not at once: a person is not a needle. */
  #turn(towards: number, ms: number): void {
    let by = towards - this.heading;
    if (by > Math.PI) by -= 2 * Math.PI;
    if (by < -Math.PI) by += 2 * Math.PI;
    this.heading += by * Math.min(1, ms / 70);
    if (this.heading > Math.PI) this.heading -= 2 * Math.PI;
    if (this.heading < -Math.PI) this.heading += 2 * Math.PI;
  }

  #pose(nowMs: number): void {
    // Eight directions from south, counter-clockwise; a new one only when it is clearly nearer than the last.
    const eighth = (this.heading / (Math.PI / 4) + 10) % 8;
    let off = Math.abs(eighth - this.#view);
    if (off > 4) off = 8 - off;
    if (this.#view < 0 || off > 0.62) this.#view = Math.round(eighth) % 8;
    this.mirrored = this.#view >= VIEWS;
    const view = this.mirrored ? 8 - this.#view : this.#view;
    let frame: number = FRAMES.idle;
    if (this.moving) frame = FRAMES.walk + (Math.floor(this.#phase * FRAMES.walkCount) % FRAMES.walkCount);
    else if (nowMs < this.#waveUntilMs) frame = FRAMES.wave + (Math.floor(nowMs / 170) % FRAMES.waveCount);
    this.frame = frameOf(this.#cut, view, frame);
  }
}
