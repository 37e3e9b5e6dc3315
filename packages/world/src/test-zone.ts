import { ManualClock } from '@lifeverse/base';
import {
  type Bundle,
  decodeBundle,
  decodeTruth,
  type SessionRecord,
  type TruthRecord,
  type UplinkOp,
  UplinkWriter,
  type ZoneArrangement,
} from '@lifeverse/contracts';
import {
  choice,
  defineWorld,
  entityRef,
  heading,
  kept,
  owned,
  TileMap,
  text,
  uint,
  vec2,
  type World,
  walker,
} from '@lifeverse/definition';
import { catalogue, type ErrorCode, errorOfClose } from '@lifeverse/protocol';
import { commandCodec, type PrivateBody, PrivateCodec } from '@lifeverse/sync/common';
import { type Rules, type ServedWorld, serve } from './serve.ts';
import type { ZoneCopies } from './standby.ts';
import type { TestDesk } from './test-desk.ts';
import { ZoneCore } from './zone-core.ts';

export const PERIOD_MS = 50;
export const RUN_MM_PER_TICK = 300;
/** Where newcomers appear, millimetres. */
export const SPAWN = { x: 100_500, y: 100_500 };
/** West edge of a wall that crosses the yard from south to north. */
export const WALL_X = 110_000;

const SIDE = 200;
const wall = Array.from({ length: SIDE }, (_, row) => row * SIDE + WALL_X / 1_000);

/** 200 m square, a wall through it, all that rules can use. */
export const yard = defineWorld({
  name: 'yard',
  tickHz: 20,
  cellSizeM: 32,
  map: new TileMap({ tileM: 1, columns: SIDE, rows: SIDE, solid: wall, spawns: [100 * SIDE + 100] }),
  components: {
    position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity' }),
    name: text({ maxBytes: 32 }),
    mood: kept(choice('calm', 'merry', 'tired')),
    purse: kept(owned(uint({ max: 1_000_000 }))),
    secret: owned(uint({ max: 100 })),
  },
  commands: {
    walk: {
      input: { towards: heading(), pace: choice('stand', 'run') },
      predict: walker({ tickHz: 20, radiusM: 0.3, paceMps: { stand: 0, run: 6 } }),
    },
    wave: { input: { at: entityRef({ withinM: 12 }) } },
    call: { input: { whom: entityRef() } },
    say: { input: { text: text({ maxBytes: 40 }) }, speech: true },
  },
  effects: { cheered: {}, paid: { amount: uint({ max: 100 }) } },
  events: { speech: { text: text({ maxBytes: 40 }) } },
  audiences: ['staff', 'ghosts'],
});

export type Yard = (typeof yard)['definition'];

export interface ZoneSetup {
  readonly seed?: number;
  readonly zone?: number;
  readonly arrangement?: ZoneArrangement;
  readonly populates?: boolean;
  /** What it says to other zones. */
  readonly toZone?: (zone: number, bytes: Uint8Array) => void;
  /** What it lets its standby have. */
  readonly toStandby?: (bytes: Uint8Array) => void;
  /** As whose successor it begins. */
  readonly copies?: ZoneCopies | null;
  readonly epoch?: number;
  readonly options?: Readonly<Record<string, string | number>>;
  /** Who answers what must last; without, the zone forgets everybody. */
  readonly desk?: TestDesk;
}

/** The owner of a yard on virtual time, and gateways that are no more than what they say. */
export class TestZone {
  readonly zone: ZoneCore;
  readonly faults: { readonly where: string; readonly error: unknown }[] = [];
  readonly truths: TruthRecord[] = [];
  readonly voices = new Map<string, Voice>();
  tick = 0;

  constructor(rules: Rules<Yard> = {}, setup: ZoneSetup = {}) {
    const { seed = 1, zone = 1, epoch = 1, options = {}, desk, arrangement, populates, toZone, toStandby } = setup;
    this.zone = new ZoneCore({
      served: serve(yard as World<Yard>, rules) as unknown as ServedWorld,
      zone,
      ...(arrangement !== undefined && { arrangement }),
      ...(populates !== undefined && { populates }),
      copies: setup.copies ?? null,
      epoch,
      seed,
      clock: new ManualClock(),
      options,
      ports: {
        toGateway: (gateway, bytes) => this.voices.get(gateway)?.take(bytes),
        truth: (bytes) => this.truths.push(decodeTruth(bytes) as TruthRecord),
        fault: (where, error) => this.faults.push({ where, error }),
        ...(toZone !== undefined && { toZone }),
        ...(toStandby !== undefined && { toStandby }),
        ...(desk === undefined ? {} : desk.ports(this)),
      },
    });
  }

  get nowMs(): number {
    return this.tick * PERIOD_MS;
  }

  voice(gateway = 'g1', generation = 1): Voice {
    const voice = new Voice(this, gateway, generation);
    this.voices.set(gateway, voice);
    return voice;
  }

  run(ticks = 1): void {
    for (let i = 0; i < ticks; i++) this.zone.tick(++this.tick, this.nowMs);
  }

  /** Where that entity is, millimetres; null when it is not in the world. */
  at(id: number): { readonly x: number; readonly y: number } | null {
    const { store } = this.zone;
    const row = store.rowOf(id);
    return row === undefined ? null : { x: store.x[row] as number, y: store.y[row] as number };
  }
}

const commands = commandCodec(yard.layout);
const privates = new PrivateCodec(yard.layout);

export type Command = readonly [name: string, input: Readonly<Record<string, unknown>>];

export function bodyOf(...said: readonly Command[]): Uint8Array {
  return commands.encode(
    said.map(([name, input]) => {
      const message = commands.prepare(name, input);
      if (typeof message === 'string') throw new Error(message);
      return message;
    }),
  );
}

/** One gateway, as the zone hears it and speaks to it. */
export class Voice {
  readonly bundles: Bundle[] = [];
  readonly #zone: TestZone;
  readonly #writer: UplinkWriter;

  constructor(zone: TestZone, gateway: string, generation: number) {
    this.#zone = zone;
    this.#writer = new UplinkWriter(gateway, generation);
  }

  take(bytes: Uint8Array): void {
    this.bundles.push(decodeBundle(bytes.slice()) as Bundle);
  }

  say(...ops: readonly UplinkOp[]): void {
    for (const op of ops) this.#writer.add(op);
    this.#zone.zone.uplink(this.#writer.take(), this.#zone.nowMs);
  }

  attach(session: number, character: string, incarnation = 1, mutedUntilMs = 0): void {
    this.say({ op: 'attach', session, character, incarnation, name: character, mutedUntilMs });
  }

  /** Comes with the next incarnation, to go on with what that one has begun. */
  move(session: number, character: string, continues: number, incarnation = continues + 1): void {
    this.say({ op: 'attach', session, character, incarnation, name: character, continues });
  }

  detach(session: number, character: string, left: boolean, incarnation = 1): void {
    this.say({ op: 'detach', session, character, incarnation, left });
  }

  /** Attached, and the tick run that answers it; returns the entity. */
  join(session: number, character: string, incarnation = 1): number {
    this.attach(session, character, incarnation);
    this.#zone.run();
    return this.records(session).at(-1)?.attached?.entity as number;
  }

  input(session: number, sequence: number, tick: number, ...said: readonly Command[]): void {
    this.say({ op: 'input', session, sequence, tick: tick & 0xffff, body: bodyOf(...said) });
  }

  records(session: number): SessionRecord[] {
    return this.bundles.flatMap((bundle) => bundle.sessions.filter((record) => record.session === session));
  }

  bodies(session: number): PrivateBody[] {
    return this.records(session).flatMap(({ body }) =>
      body === undefined ? [] : [privates.decode(body) as PrivateBody],
    );
  }

  /** Sequence and code of every refusal so far. */
  refusals(session: number): (readonly [sequence: number, code: ErrorCode])[] {
    return this.bodies(session).flatMap(({ refused }) =>
      refused.map(
        ({ sequence, code }) =>
          [sequence, errorOfClose(code + catalogue.malformed_message.close) as ErrorCode] as const,
      ),
    );
  }

  /** Why sessions ended, as far as they did. */
  ends(session: number): (ErrorCode | undefined)[] {
    return this.records(session).flatMap(({ ended }) => (ended === undefined ? [] : [errorOfClose(ended)]));
  }
}

export const east = { towards: 0, pace: 'run' } as const;
export const west = { towards: Math.PI, pace: 'run' } as const;
export const north = { towards: Math.PI / 2, pace: 'run' } as const;
export const stand = { towards: 0, pace: 'stand' } as const;
