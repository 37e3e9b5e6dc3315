import { Random } from '@lifeverse/base';
import type { Rules } from './serve.ts';
import { Standby } from './standby.ts';
import { type Command, TestZone, type Voice, type Yard } from './test-zone.ts';

interface Said {
  readonly session: number;
  readonly sequence: number;
  readonly tick: number;
  readonly commands: readonly Command[];
}

export interface FailOverSetup {
  readonly rules?: Rules<Yard>;
  readonly options?: Readonly<Record<string, number>>;
  /** Of what the zone and its standby say to each other, one in so many is lost; left out: nothing is. */
  readonly lost?: { readonly seed: number; readonly oneIn: number };
}

/** A zone with a standby that takes over from it, once and again, and a gateway that holds what is not stable. */
export class TestFailOver {
  zone: TestZone;
  voice: Voice;
  readonly standby: Standby;
  readonly characters = new Map<number, string>();
  /** Nothing passes between the zone and its standby. */
  cut = false;
  readonly #setup: FailOverSetup;
  readonly #random: Random;
  #epoch = 1;
  #unstable: Said[] = [];
  #toZone: Uint8Array[] = [];

  constructor(setup: FailOverSetup = {}) {
    this.#setup = setup;
    this.#random = new Random(setup.lost?.seed ?? 1);
    this.standby = new Standby({ zone: 1, life: 1, send: (bytes) => this.#toZone.push(bytes) });
    this.zone = this.#open(this.#epoch, null);
    this.voice = this.zone.voice();
  }

  #open(epoch: number, copies: ReturnType<Standby['copies']>): TestZone {
    const { rules = {}, options = {} } = this.#setup;
    const toStandby = (bytes: Uint8Array): void => {
      if (epoch === this.#epoch && this.#arrives()) this.standby.receive(bytes.slice(), this.zone.nowMs);
    };
    return new TestZone(rules, { epoch, seed: epoch, copies, toStandby, options });
  }

  #arrives(): boolean {
    const oneIn = this.#setup.lost?.oneIn;
    return !this.cut && (oneIn === undefined || this.#random.below(oneIn) > 0);
  }

  get tick(): number {
    return this.zone.tick;
  }

  join(session: number, character: string): number {
    this.characters.set(session, character);
    return this.voice.join(session, character);
  }

  input(session: number, sequence: number, tick: number, ...commands: readonly Command[]): void {
    this.#unstable.push({ session, sequence, tick, commands });
    this.voice.input(session, sequence, tick, ...commands);
  }

  /** What a client says while nobody owns the zone. */
  inputUnheard(session: number, sequence: number, tick: number, ...commands: readonly Command[]): void {
    this.#unstable.push({ session, sequence, tick, commands });
  }

  run(ticks = 1): void {
    for (let i = 0; i < ticks; i++) {
      this.standby.flush(this.zone.nowMs);
      for (const bytes of this.#toZone.splice(0)) if (this.#arrives()) this.zone.zone.copied(bytes, this.zone.nowMs);
      this.zone.run();
      for (const { session, stable = 0 } of this.voice.bundles.at(-1)?.sessions ?? [])
        this.#unstable = this.#unstable.filter((said) => said.session !== session || said.sequence > stable);
    }
  }

  /** The owner is gone; so many ticks later the standby's server goes on, and gateways say what is not stable. */
  takeOver(afterTicks: number): void {
    const tick = this.zone.tick + afterTicks;
    this.zone = this.#open(++this.#epoch, this.standby.copies());
    this.zone.tick = tick;
    const former = this.voice;
    this.voice = this.zone.voice();
    this.voice.bundles.push(...former.bundles);
    this.voice.say();
    this.run();
    for (const [session, character] of this.characters) this.voice.attach(session, character);
    this.run();
    for (const { session, sequence, tick: at, commands } of this.#unstable)
      this.voice.input(session, sequence, at, ...commands);
  }
}
