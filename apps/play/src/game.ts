import { one } from './dealing.ts';
import { FrameMeter } from './frame-meter.ts';
import { listenToKeys } from './input/keyboard.ts';
import { Pointer } from './input/pointer.ts';
import { Steering } from './input/steering.ts';
import { findWay } from './input/way.ts';
import type { Link, LinkEvents } from './link.ts';
import { refusals } from './refusals.ts';
import type { Avatar } from './scene/avatar.ts';
import type { LyingThing } from './scene/lying.ts';
import type { Scene } from './scene/scene.ts';
import { describeSurroundings, nearestTo } from './surroundings.ts';
import type { AccountPanel } from './ui/account-panel.ts';
import { Announcer } from './ui/announcer.ts';
import type { Banner } from './ui/banner.ts';
import { Doings } from './ui/doings.ts';
import { element } from './ui/element.ts';
import { EARSHOT_M, Labels } from './ui/labels.ts';
import { muteWords } from './ui/mute-words.ts';
import { NetworkOverlay } from './ui/network-overlay.ts';
import { Notice } from './ui/notice.ts';
import { fitting, SpeakBox } from './ui/speak-box.ts';
import { type Near, ThingsPanel } from './ui/things-panel.ts';
import { TradePanel } from './ui/trade-panel.ts';

/** As far as a wave reaches, metres; the server has the last word. */
const WAVE_M = 11.5;
const DRIFT_MS = 26_000;
/** After a pause (a hidden tab) the picture does not catch up: it goes on. */
const LONGEST_FRAME_MS = 100;

/** Why one is not in the world: what a player can make something of. */
const worthTelling: ReadonlySet<string> = new Set(['character_frozen', 'character_unreachable', 'player_suspended']);

export interface GameParts {
  readonly scene: Scene;
  /** Where one looks before one has joined, metres. */
  readonly view: { readonly x: number; readonly y: number };
  readonly banner: Banner;
  readonly accountPanel: AccountPanel;
  calm(): boolean;
  /** Null: not known, or not at all. */
  mutedUntil(): Promise<Date | null>;
}

/** The page once there is a world to draw: frames, keys, fingers, words. Before one has joined it shows the town alone. */
export class Game {
  readonly meter = new FrameMeter();
  readonly #scene: Scene;
  readonly #view: GameParts['view'];
  readonly #calm: () => boolean;
  readonly #mutedUntil: () => Promise<Date | null>;
  readonly #banner: Banner;
  readonly #account: AccountPanel;
  readonly #steering = new Steering();
  readonly #announcer = new Announcer();
  readonly #notice = new Notice();
  readonly #labels: Labels;
  readonly #overlay = new NetworkOverlay();
  readonly #pointer: Pointer;
  readonly #speakBox: SpeakBox;
  readonly #doings = new Doings((sentence) => this.#announcer.say(sentence, true));
  readonly #things: ThingsPanel;
  readonly #trade: TradePanel;
  readonly #help = element('help', HTMLDialogElement);
  readonly #canvas = element('world', HTMLCanvasElement);
  #link: Link | null = null;
  /** Why the player is not in the world, when there is more to tell than that. */
  #trouble: string | null = null;
  #lastMs = 0;
  #hover: { x: number; y: number } | null = null;

  constructor({ scene, view, banner, accountPanel, calm, mutedUntil }: GameParts) {
    this.#scene = scene;
    this.#view = view;
    this.#banner = banner;
    this.#account = accountPanel;
    this.#calm = calm;
    this.#mutedUntil = mutedUntil;
    this.#labels = new Labels(scene.avatars);
    this.#speakBox = new SpeakBox(
      (text) => this.#say(text),
      () => this.#canvas.focus({ preventScroll: true }),
    );
    const back = (): void => this.#canvas.focus({ preventScroll: true });
    this.#things = new ThingsPanel(this.#doings, {
      trade: (other) => this.#tradeWith(other),
      goTo: ({ x, y }) => this.#goTo(x, y, true),
      back,
    });
    this.#trade = new TradePanel(this.#doings, (sentence) => this.#announcer.say(sentence, true), back);
    this.#pointer = new Pointer(this.#canvas, element('stick', HTMLElement), this.#steering, scene.camera, {
      waveAt: (x, y, reachPx) => this.#waveAt(x, y, reachPx),
      goTo: (x, y, marked) => this.#goTo(x, y, marked),
      hover: (x, y) => {
        this.#hover = { x, y };
      },
      zoom: (factor) => scene.camera.zoomBy(factor),
    });
    this.#listen();
    const frame = (): void => {
      this.#frame();
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  get link(): Link | null {
    return this.#link;
  }

  /** Everyone drawn in the last frame. */
  get drawn(): number {
    return this.#scene.drawn;
  }

  /** What happens in the world, for the link to tell. */
  readonly events: LinkEvents = {
    speech: (from, text) => this.#heard(from, text),
    gesture: (from, at) => this.#gestured(from, at),
    state: (state) => this.#stateIs(state),
    refused: (code) => {
      if (code === 'muted') void this.#tellMuted();
      const sentence = refusals[code];
      if (sentence !== undefined) this.#banner.flash(sentence);
    },
    trouble: (code, sentence) => this.#troubled(code, sentence),
    closed: () => {},
  };

  /** The player stands in the world. */
  enter(link: Link): void {
    this.#link = link;
    this.#steering.renew();
    document.body.dataset.stage = 'playing';
    element('hud', HTMLElement).hidden = false;
    element('do-speak', HTMLButtonElement).hidden = link.say === undefined;
    element('do-wave', HTMLButtonElement).hidden = link.wave === undefined;
    element('do-things', HTMLButtonElement).hidden = link.dealing === undefined;
    this.#canvas.tabIndex = 0;
    this.#canvas.focus({ preventScroll: true });
    this.#announcer.say(
      `You are in the world as ${link.me?.name ?? 'a guest'}. Press H for help, L to look around.`,
      true,
    );
  }

  /** Back to looking on. */
  leave(): void {
    this.#link = null;
    document.body.dataset.stage = 'joining';
    element('hud', HTMLElement).hidden = true;
    this.#speakBox.close();
    this.#things.close();
    this.#trade.update(null, () => '');
    this.#account.close();
  }

  #frame(): void {
    const startMs = performance.now();
    const sinceMs = startMs - this.#lastMs;
    const ms = Math.min(LONGEST_FRAME_MS, sinceMs);
    this.#lastMs = startMs;
    const link = this.#link;
    if (link === null) this.#drift(startMs);
    else {
      this.#pointer.update(startMs);
      this.#steering.update(link, startMs);
      link.update();
    }
    this.#scene.pace(sinceMs);
    this.#scene.frame(link, startMs, ms);
    const hovered = this.#hover === null ? null : this.#scene.avatarAt(this.#hover.x, this.#hover.y, 22);
    this.#labels.update(this.#scene.camera, this.#scene.own, hovered, startMs);
    if (link !== null) this.#showDealing(link);
    this.#notice.show(link?.me?.notice ?? '');
    if (link !== null) this.#overlay.update(link, this.meter, this.#scene.drawn, startMs);
    this.meter.frame(startMs, performance.now());
  }

  /** A slow walk around the square, for who has not come in yet. */
  #drift(nowMs: number): void {
    const angle = this.#calm() ? 0 : (nowMs / DRIFT_MS) * Math.PI * 2;
    this.#scene.camera.look(this.#view.x + Math.cos(angle) * 9, this.#view.y + Math.sin(angle) * 5);
  }

  #listen(): void {
    const { camera } = this.#scene;
    const actions = {
      speak: () => this.#speak(),
      wave: () => this.#waveNearest(),
      lookAround: () => this.#lookAround(),
      toggleNetwork: () => this.#overlay.toggle(),
      toggleHelp: () => this.#toggleHelp(),
      zoom: (factor: number) => camera.zoomBy(factor),
      escape: () => {
        if (this.#inDialog) return;
        this.#speakBox.close();
        this.#things.close();
      },
      toggleThings: () => this.#toggleThings(),
      openAccount: () => this.#account.open(),
      trade: () => this.#tradeNearest(),
      pickUp: () => this.#pickUpNearest(),
    };
    listenToKeys(this.#steering, actions, () => this.#link !== null && !this.#inDialog);
    const buttons: readonly (readonly [string, () => void])[] = [
      ['do-speak', () => (this.#speakBox.isOpen ? this.#speakBox.close() : this.#speak())],
      ['do-wave', actions.wave],
      ['do-things', actions.toggleThings],
      ['do-account', actions.openAccount],
      ['do-help', actions.toggleHelp],
      ['zoom-in', () => camera.zoomBy(1.25)],
      ['zoom-out', () => camera.zoomBy(0.8)],
    ];
    for (const [id, run] of buttons) {
      element(id, HTMLButtonElement).addEventListener('click', (event) => {
        // Who clicked goes on with the keyboard in town; who pressed a key stays on the button.
        if (event.detail > 0) this.#canvas.focus({ preventScroll: true });
        run();
      });
    }
  }

  /** What is pressed there is not for the world behind it. */
  get #inDialog(): boolean {
    return this.#help.open || this.#account.isOpen;
  }

  #toggleHelp(): void {
    if (this.#help.open) this.#help.close();
    else this.#help.showModal();
  }

  #toggleThings(): void {
    if (this.#link?.dealing === undefined) return;
    this.#things.toggle();
  }

  #showDealing({ dealing, me }: Link): void {
    if (dealing === undefined || me === null) return;
    this.#trade.update(dealing, (id) => this.#scene.avatars.get(id)?.person.name ?? 'somebody');
    const { position: at } = me;
    const near = (x: number, y: number): boolean => Math.hypot(x - at.x, y - at.y) <= dealing.reachM;
    const people: Near[] = [];
    if (this.#things.isOpen)
      for (const { id, x, y, person } of this.#scene.avatars.values())
        if (id !== me.id && person.resident !== true && near(x, y))
          people.push({ id, name: person.name ?? 'somebody' });
    const lying = this.#scene.lying.all.filter(({ x, y }) => near(x, y)).map(({ id, ware }) => ({ id, name: ware }));
    this.#things.update({ dealing, at, people, lying });
    element('do-things', HTMLButtonElement).setAttribute('aria-expanded', String(this.#things.isOpen));
  }

  #tradeWith({ id, name }: Near): void {
    const dealing = this.#link?.dealing;
    if (dealing === undefined) return;
    void this.#doings
      .run(`Asking ${name} to trade`, `You and ${name} are at a table.`, () => dealing.trade(id))
      .then((open) => {
        if (open) this.#trade.focus();
      });
  }

  /** The table that is open, or one with the nearest player. */
  #tradeNearest(): void {
    if (this.#trade.isOpen) {
      this.#trade.focus();
      return;
    }
    const own = this.#scene.own;
    const dealing = this.#link?.dealing;
    if (own === null || dealing === undefined) return;
    const players = [...this.#scene.avatars.values()].filter(({ person }) => person.resident !== true);
    const other = nearestTo(own, players, dealing.reachM);
    if (other === null) this.#banner.flash('Nobody is near enough to trade with.');
    else this.#tradeWith({ id: other.id, name: other.person.name ?? 'somebody' });
  }

  #pickUpNearest(): void {
    const own = this.#scene.own;
    if (own === null || this.#link?.dealing === undefined) return;
    const apart = ({ x, y }: LyingThing): number => Math.hypot(x - own.x, y - own.y);
    const nearest = this.#scene.lying.all.sort((one, other) => apart(one) - apart(other))[0];
    if (nearest === undefined || apart(nearest) > this.#link.dealing.reachM)
      this.#banner.flash('Nothing lies within reach.');
    else this.#pickUp(nearest);
  }

  #pickUp({ id, ware }: LyingThing): void {
    const dealing = this.#link?.dealing;
    if (dealing === undefined) return;
    void this.#doings.run(`Picking up ${one(ware)}`, `You have picked up ${one(ware)}.`, () => dealing.pickUp(id));
  }

  /** A click on something that lies within reach. */
  #pickUpAt(screenX: number, screenY: number, reachPx: number): boolean {
    const own = this.#scene.own;
    const dealing = this.#link?.dealing;
    if (own === null || dealing === undefined) return false;
    const { camera, lying } = this.#scene;
    const meant = lying.all.find(
      ({ x, y }) =>
        Math.hypot(camera.screenX(x) - screenX, camera.screenY(y) - screenY) <= reachPx &&
        Math.hypot(x - own.x, y - own.y) <= dealing.reachM,
    );
    if (meant !== undefined) this.#pickUp(meant);
    return meant !== undefined;
  }

  #goTo(x: number, y: number, marked: boolean): void {
    const link = this.#link;
    if (link?.me === null || link === null) return;
    const way = findWay(link.map, link.me.position, { x, y });
    const end = way?.at(-1);
    if (way === null || end === undefined) return;
    this.#steering.follow(way, performance.now());
    if (marked) this.#scene.showTarget(end.x, end.y, performance.now());
  }

  #speak(): void {
    if (this.#link?.say !== undefined) this.#speakBox.open();
  }

  #say(text: string): boolean {
    const link = this.#link;
    const fits = link === null ? '' : fitting(text, link.speechBytes);
    return fits !== '' && link?.say?.(fits) === true;
  }

  #waveNearest(): void {
    const own = this.#scene.own;
    if (own === null || this.#link?.wave === undefined) return;
    const other = nearestTo(own, this.#scene.avatars.values(), WAVE_M);
    if (other === null) this.#banner.flash('Nobody is near enough to wave at.');
    else this.#wave(own, other);
  }

  #waveAt(x: number, y: number, reachPx: number): boolean {
    if (this.#pickUpAt(x, y, reachPx)) return true;
    const own = this.#scene.own;
    const other = this.#scene.avatarAt(x, y, reachPx);
    if (own === null || other === null || other === own || this.#link?.wave === undefined) return false;
    if (Math.hypot(other.x - own.x, other.y - own.y) > WAVE_M) return false;
    this.#wave(own, other);
    return true;
  }

  #wave(own: Avatar, other: Avatar): void {
    if (this.#link?.wave?.(other.id) !== true) return;
    own.look(Math.atan2(other.y - own.y, other.x - own.x));
    own.wave(performance.now());
  }

  #lookAround(): void {
    const own = this.#scene.own;
    if (own === null) return;
    const sentence = describeSurroundings(own, this.#scene.avatars.values());
    this.#announcer.say(sentence, true);
    this.#banner.flash(sentence, 5_000);
  }

  #heard(from: number, text: string): void {
    const own = this.#scene.own;
    this.#labels.say(from, text, own, performance.now());
    const speaker = this.#scene.avatars.get(from);
    if (speaker === undefined || own === null || speaker === own) return;
    if (Math.hypot(speaker.x - own.x, speaker.y - own.y) > EARSHOT_M) return;
    this.#announcer.say(`${speaker.person.name ?? 'Someone'}: ${text}`, speaker.person.resident !== true);
  }

  #gestured(from: number, at: number): void {
    const avatar = this.#scene.avatars.get(from);
    if (avatar === undefined || avatar === this.#scene.own) return;
    avatar.wave(performance.now());
    if (at === this.#scene.own?.id)
      this.#announcer.say(`${avatar.person.name ?? 'Someone'} waves at you.`, avatar.person.resident !== true);
  }

  /** Until when is for the server to know, which is asked each time: it may be over, or longer, by now. */
  async #tellMuted(): Promise<void> {
    const sentence = muteWords(await this.#mutedUntil(), new Date());
    this.#banner.flash(sentence, 5_000);
    this.#announcer.say(sentence, true);
  }

  #troubled(code: string, sentence: string): void {
    if (!worthTelling.has(code) || sentence === this.#trouble) return;
    this.#trouble = sentence;
    this.#tellTrouble(sentence);
  }

  #tellTrouble(sentence: string): void {
    this.#banner.show(sentence);
    this.#announcer.say(sentence, true);
  }

  #stateIs(state: Link['state']): void {
    if (state === 'reconnecting') {
      if (this.#trouble === null) this.#tellTrouble('The connection was lost. Coming back…');
    } else if (state === 'playing') {
      this.#trouble = null;
      this.#steering.renew();
      this.#banner.flash('You are back.', 1_800);
      this.#announcer.say('You are back in the world.', true);
    }
  }
}
