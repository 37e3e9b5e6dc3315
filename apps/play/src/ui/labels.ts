import type { Avatar } from '../scene/avatar.ts';
import type { Camera } from '../scene/camera.ts';
import { element } from './element.ts';

const BUBBLES = 8;
const TAGS = 12;
/** Small talk of residents at once. */
const RESIDENT_BUBBLES = 4;
/** Of residents, so many of the nearest: a throng of names is unreadable. */
const RESIDENT_TAGS = 4;
/** Who speaks farther away is not read, metres. */
export const EARSHOT_M = 20;
/** Names of players are shown this near, of residents only very near, metres. */
const PLAYER_M = 20;
const RESIDENT_M = 4.5;
const HEAD_M = 1.95;
/** Between words and the head, or the words below, CSS pixels. */
const GAP_PX = 11;
/** Between words and the edge of the screen, CSS pixels. */
const EDGE_PX = 8;

/** As far inside that all of it is seen, if any of it would be. */
function onScreen(x: number, half: number, width: number): number {
  if (x < -half || x > width + half || width < 2 * half) return x;
  return Math.min(width - half, Math.max(half, x));
}

/** Of two labels that stand with their foot's middle at x, y. */
function overlap(a: Label, b: Label): boolean {
  return !b.covers && Math.abs(a.x - b.x) * 2 < a.width + b.width && a.y - a.height < b.y && b.y - b.height < a.y;
}

const labels = new Map<Element, Label>();
const sizes = new ResizeObserver((entries) => {
  for (const { target, borderBoxSize } of entries) {
    const [box] = borderBoxSize;
    const label = labels.get(target);
    if (label === undefined || box === undefined || box.inlineSize === 0) continue;
    label.width = box.inlineSize;
    label.height = box.blockSize + GAP_PX;
  }
});

class Label {
  readonly node: HTMLElement;
  readonly #text: Text;
  shown = false;
  owner = 0;
  untilMs = 0;
  /** Size of the words, CSS pixels; the page tells when it has laid them out, nobody waits for that. */
  width = 0;
  height = 0;
  x = 0;
  y = 0;
  /** A name that would stand over a more important one, and so is left out. */
  covers = false;
  #x = Number.NaN;
  #y = Number.NaN;

  constructor(parent: HTMLElement, kind: string) {
    this.node = document.createElement('div');
    this.node.className = kind;
    this.node.hidden = true;
    const inner = this.node.appendChild(document.createElement('span'));
    this.#text = inner.appendChild(document.createTextNode(''));
    parent.append(this.node);
    labels.set(inner, this);
    sizes.observe(inner);
  }

  set text(text: string) {
    if (this.#text.data !== text) this.#text.data = text;
  }

  place(x: number, y: number): void {
    const px = Math.round(x);
    const py = Math.round(y);
    if (!this.shown) {
      this.node.hidden = false;
      this.shown = true;
    }
    if (px === this.#x && py === this.#y) return;
    this.#x = px;
    this.#y = py;
    this.node.style.transform = `translate(${px}px, ${py}px)`;
  }

  hide(): void {
    if (!this.shown) return;
    this.node.hidden = true;
    this.shown = false;
  }
}

/** Names and spoken words above heads: text of the page, never markup, so that nobody can say more than words. */
export class Labels {
  readonly #bubbles: Label[];
  readonly #tags: Label[];
  readonly #avatars: ReadonlyMap<number, Avatar>;
  #near: { avatar: Avatar; distance: number }[] = [];
  #chosenMs = 0;

  constructor(avatars: ReadonlyMap<number, Avatar>) {
    const parent = element('labels', HTMLElement);
    this.#avatars = avatars;
    this.#tags = Array.from({ length: TAGS }, () => new Label(parent, 'tag'));
    this.#bubbles = Array.from({ length: BUBBLES }, () => new Label(parent, 'bubble'));
  }

  /** Shows what someone said; a new word of the same person replaces the old one. */
  say(from: number, text: string, own: Avatar | null, nowMs: number): void {
    const speaker = this.#avatars.get(from);
    if (speaker === undefined || (own !== null && Math.hypot(speaker.x - own.x, speaker.y - own.y) > EARSHOT_M)) return;
    const resident = speaker.person.resident === true;
    const bubble = this.#bubbleFor(from, resident && !text.includes(own?.person.name ?? '\n'));
    if (bubble === undefined) return;
    bubble.owner = from;
    bubble.untilMs = nowMs + 2_600 + text.length * 55;
    bubble.text = text;
    bubble.node.dataset.who = from === own?.id ? 'me' : resident ? 'resident' : 'player';
    bubble.hide();
  }

  /** Small talk takes nobody's place: a throng of words is unreadable, and hides what players say. */
  #bubbleFor(from: number, smallTalk: boolean): Label | undefined {
    const free = this.#bubbles.find((it) => it.owner === from) ?? this.#bubbles.find((it) => it.owner === 0);
    if (!smallTalk) return free ?? this.#bubbles.reduce((a, b) => (a.untilMs < b.untilMs ? a : b));
    const said = this.#bubbles.filter(
      (it) => it.owner !== 0 && it.owner !== from && it.node.dataset.who === 'resident',
    );
    return said.length < RESIDENT_BUBBLES ? free : undefined;
  }

  update(camera: Camera, own: Avatar | null, hovered: Avatar | null, nowMs: number): void {
    for (const bubble of this.#bubbles) {
      if (bubble.owner === 0) continue;
      const speaker = this.#avatars.get(bubble.owner);
      if (speaker === undefined || nowMs > bubble.untilMs) {
        bubble.owner = 0;
        bubble.hide();
        continue;
      }
      bubble.x = onScreen(camera.screenX(speaker.x), bubble.width / 2 + EDGE_PX, camera.width);
      bubble.y = camera.screenY(speaker.y + HEAD_M + speaker.hop);
    }
    this.#stack();
    if (own !== null) this.#names(camera, own, hovered, nowMs);
    else for (const tag of this.#tags) tag.hide();
  }

  /** From the lowest up: whoever's words would cover others' has them put above those. */
  #stack(): void {
    const bubbles = this.#bubbles;
    bubbles.sort((a, b) => b.y - a.y);
    for (let i = 0; i < bubbles.length; i++) {
      const bubble = bubbles[i] as Label;
      if (bubble.owner === 0) continue;
      for (let j = 0; j < i; j++) {
        const below = bubbles[j] as Label;
        if (below.owner === 0 || Math.abs(bubble.x - below.x) * 2 > bubble.width + below.width) continue;
        if (bubble.y > below.y - below.height && bubble.y - bubble.height < below.y) bubble.y = below.y - below.height;
      }
      bubble.place(bubble.x, bubble.y);
    }
  }

  /** Who is named is decided a few times a second; where the names stand, in every frame. */
  #names(camera: Camera, own: Avatar, hovered: Avatar | null, nowMs: number): void {
    if (nowMs - this.#chosenMs > 200) {
      this.#chosenMs = nowMs;
      this.#choose(own, hovered);
      this.#uncover(camera);
    }
    for (let i = 0; i < TAGS; i++) {
      const tag = this.#tags[i] as Label;
      const avatar = i < this.#near.length ? this.#near[i]?.avatar : undefined;
      if (avatar === undefined || tag.covers || this.#avatars.get(avatar.id) !== avatar || this.#speaks(avatar.id))
        tag.hide();
      else tag.place(camera.screenX(avatar.x), camera.screenY(avatar.y + HEAD_M));
    }
  }

  /** From the nearest on: a resident whose name would cover another one goes without. */
  #uncover(camera: Camera): void {
    for (let i = 0; i < this.#near.length; i++) {
      const tag = this.#tags[i] as Label;
      const { avatar } = this.#near[i] as { avatar: Avatar };
      tag.x = camera.screenX(avatar.x);
      tag.y = camera.screenY(avatar.y + HEAD_M);
      tag.covers = avatar.person.resident === true && this.#tags.slice(0, i).some((other) => overlap(tag, other));
    }
  }

  #choose(own: Avatar, hovered: Avatar | null): void {
    this.#near.length = 0;
    for (const avatar of this.#avatars.values()) {
      if (avatar.person.name === undefined || avatar.person.name === '') continue;
      const distance = Math.hypot(avatar.x - own.x, avatar.y - own.y);
      const reach = avatar.person.resident === true ? RESIDENT_M : PLAYER_M;
      if (avatar === own || avatar === hovered) this.#near.push({ avatar, distance: -1 });
      else if (distance < reach) this.#near.push({ avatar, distance: distance * (PLAYER_M / reach) });
    }
    this.#near.sort((a, b) => a.distance - b.distance);
    let residents = 0;
    this.#near = this.#near.filter(({ avatar }) => avatar.person.resident !== true || residents++ < RESIDENT_TAGS);
    if (this.#near.length > TAGS) this.#near.length = TAGS;
    this.#near.forEach(({ avatar }, i) => {
      const tag = this.#tags[i] as Label;
      tag.text = avatar.person.name ?? '';
      tag.node.dataset.who = avatar === own ? 'me' : avatar.person.resident === true ? 'resident' : 'player';
      tag.node.dataset.mood = avatar.person.mood ?? 'calm';
    });
  }

  #speaks(id: number): boolean {
    for (const bubble of this.#bubbles) if (bubble.owner === id) return true;
    return false;
  }
}
