import type { Random } from '@lifeverse/base';
import { firstArrangement } from '@lifeverse/contracts';
import type { Rules } from './serve.ts';
import type { ZoneCopies } from './standby.ts';
import type { TestDesk } from './test-desk.ts';
import { TestZone, type Voice, type Yard } from './test-zone.ts';

export const SOUTH = 1;
export const NORTH = 2;
/** The border lies at y = 128 m: four cells of 32 m. Who walks north is over it when they are a metre behind it. */
const arrangement = firstArrangement({ axis: 'y', at: 4, low: { zone: SOUTH }, high: { zone: NORTH } });

const ALIVE_TICKS = 20;

interface Underway {
  readonly zone: number;
  readonly bytes: Uint8Array;
  readonly tick: number;
}

export interface BorderSetup {
  readonly rules?: Rules<Yard>;
  readonly desks?: readonly [south: TestDesk, north: TestDesk];
  /** The bus between them loses, delays, doubles and reorders; left out: what one says, the other hears before its next tick. */
  readonly random?: Random;
}

/** Two zones of one yard, side by side, and a bus between them. */
export class TestBorder {
  south: TestZone;
  north: TestZone;
  /** Nothing passes between the zones. */
  cut = false;
  readonly #random: Random | undefined;
  readonly #open: (zone: number, epoch: number, desk: TestDesk | undefined, copies?: ZoneCopies | null) => TestZone;
  /** What the southern zone lets its standby have. */
  toStandby: (bytes: Uint8Array) => void = () => undefined;
  #underway: Underway[] = [];
  /** They say something every second, as gateways do that are there. */
  readonly kept = new Set<Voice>();
  tick = 0;

  constructor({ rules = {}, desks, random }: BorderSetup = {}) {
    this.#random = random;
    const toZone = (zone: number, bytes: Uint8Array): void => this.#post(zone, bytes);
    const [southDesk, northDesk] = desks ?? [];
    const toStandby = (bytes: Uint8Array): void => this.toStandby(bytes);
    this.#open = (zone, epoch, desk, copies = null) => {
      const own = { ...(desk !== undefined && { desk }), ...(zone === SOUTH && { toStandby }) };
      return new TestZone(rules, { zone, epoch, seed: zone, arrangement, toZone, copies, ...own });
    };
    this.south = this.#open(SOUTH, SOUTH, southDesk);
    this.north = this.#open(NORTH, NORTH, northDesk);
    // Until each knows who owns the other.
    this.run(3);
  }

  get zones(): readonly [TestZone, TestZone] {
    return [this.south, this.north];
  }

  /** Another owner takes the southern zone, by that epoch; the former one is heard no more. */
  replaceSouth(epoch: number, desk?: TestDesk, copies: ZoneCopies | null = null): TestZone {
    this.south = this.#open(SOUTH, epoch, desk, copies);
    this.south.tick = this.tick;
    return this.south;
  }

  /** Or the northern one. */
  replaceNorth(epoch: number, copies: ZoneCopies | null): void {
    this.north = this.#open(NORTH, epoch, undefined, copies);
    this.north.tick = this.tick;
  }

  /** One gateway, as both hear it. */
  voices(gateway = 'g1', generation = 1): readonly [south: Voice, north: Voice] {
    return [this.south.voice(gateway, generation), this.north.voice(gateway, generation)];
  }

  #post(zone: number, bytes: Uint8Array): void {
    const random = this.#random;
    const copies = this.cut ? 0 : (random?.pick([0, 1, 1, 1, 2]) ?? 1);
    for (let i = 0; i < copies; i++)
      this.#underway.push({ zone, bytes: bytes.slice(), tick: this.tick + (random?.below(4) ?? 0) });
  }

  run(ticks = 1): void {
    for (let i = 0; i < ticks; i++) {
      this.tick++;
      if (this.tick % ALIVE_TICKS === 0) for (const voice of this.kept) voice.say();
      for (const zone of this.zones) zone.run();
      const due = this.#underway.filter(({ tick }) => tick <= this.tick);
      this.#underway = this.#underway.filter(({ tick }) => tick > this.tick);
      for (const { zone, bytes } of due) {
        const to = zone === SOUTH ? this.south : this.north;
        to.zone.neighbour(bytes, to.nowMs);
      }
    }
  }

  /** The zones that have that entity. */
  having(id: number): number[] {
    return [SOUTH, NORTH].filter((_, i) => this.zones[i]?.zone.store.rowOf(id) !== undefined);
  }

  at(id: number): { readonly x: number; readonly y: number } | null {
    return this.south.at(id) ?? this.north.at(id);
  }
}
