import { ManualClock, Random } from '@lifeverse/base';
import {
  bool,
  choice,
  defineWorld,
  entityRef,
  heading,
  owned,
  plain,
  text,
  uint,
  vec2,
  walker,
} from '@lifeverse/definition';
import { type ClientMessage, type ErrorCode, encodeClientMessage, PROTOCOL_VERSION } from '@lifeverse/protocol';
import { commandCodec, type MessageCodec } from '@lifeverse/sync/common';
import { type ServedWorld, serve, system, ZoneCore } from '@lifeverse/world';
import { expect } from 'vitest';
import type { Connection } from './connection.ts';
import { GatewayCore } from './gateway-core.ts';

/** Whoever is named so is seen by owls alone, and sees them. */
const OWL = /^owl/;
/** Whoever is named so stands in the cell of that number. */
const KEEPER = /^keeper-(\d)$/;
const CELL_M = 16;
const CELLS_A_SIDE = 3;

const woodAt = (tickHz: number) =>
  defineWorld({
    name: 'wood',
    tickHz,
    cellSizeM: CELL_M,
    viewCells: 1,
    map: plain({ areaM2: (CELLS_A_SIDE * CELL_M) ** 2 }),
    audiences: ['owls'],
    components: {
      position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity', maxSpeedMps: 6 }),
      mood: choice('calm', 'merry', 'tired'),
      cheers: owned(uint({ max: 1_000 })),
    },
    commands: {
      walk: {
        input: { towards: heading(), pace: choice('stand', 'run') },
        predict: walker({ tickHz, radiusM: 0.3, paceMps: { stand: 0, run: 6 } }),
      },
      say: { input: { text: text({ maxBytes: 40 }) } },
      cheer: { input: { at: entityRef() } },
      feel: { input: { merry: bool() } },
    },
    effects: { cheered: {} },
    events: { speech: { text: text({ maxBytes: 40 }) } },
  });

type Wood = ReturnType<typeof woodAt>;

/** `wildOwls`: owls that are no players, and whether they do anything. */
export interface StageOptions {
  readonly wildOwls?: 'still' | 'lively';
  readonly tickHz?: number;
}

/** What a wild owl does, by a random sequence of its own: the world's is everybody's. */
const live = system<Wood['definition']>({ kind: 'owl' }, ({ self, tick, near }) => {
  const random = new Random(self.id * 100_003 + tick);
  const doing = random.below(30);
  if (doing < 3) self.act('walk', { towards: random.float() * 6, pace: doing === 0 ? 'stand' : 'run' });
  else if (doing === 3) self.emit('speech', { text: `hoo ${tick}` });
  else if (doing === 4) self.mood = random.pick(['calm', 'merry', 'tired']);
  else if (doing === 5) self.teleport({ x: 1 + random.below(46), y: 1 + random.below(46) });
  // Looks at everyone, and lets nobody know.
  for (const other of near(10)) self.memory.seen = other.id;
  if (doing === 6 && self.id % 5 === 0) self.leave();
});

const hide = system<Wood['definition']>({ kind: 'owl' }, ({ self }) => self.hideIn('owls'));

function rules(wood: Wood, { wildOwls }: StageOptions) {
  return serve(wood, {
    populate: ({ spawn, random }) => {
      if (wildOwls === undefined) return;
      for (let i = 0; i < 12; i++) spawn('owl', { x: random.between(1, 47), y: random.between(1, 47) });
    },
    join: ({ self, guest }) => {
      const keeper = KEEPER.exec(guest.name)?.[1];
      if (keeper !== undefined) {
        const [x, y] = [Number(keeper) % CELLS_A_SIDE, Math.floor(Number(keeper) / CELLS_A_SIDE)];
        self.teleport({ x: (x + 0.5) * CELL_M, y: (y + 0.5) * CELL_M });
      }
      if (!OWL.test(guest.name)) return;
      self.hideIn('owls');
      self.watch('owls', true);
    },
    commands: {
      say: ({ self, input }) => self.emit('speech', { text: input.text }),
      cheer: ({ at }) => at.tell('cheered'),
      feel: ({ self, input }) => {
        self.mood = input.merry ? 'merry' : 'tired';
      },
    },
    effects: {
      cheered: ({ self }) => {
        self.cheers = Math.min(1_000, self.cheers + 1);
        self.mood = 'merry';
      },
    },
    systems: wildOwls === 'lively' ? [hide, live] : [hide],
  });
}

/** A gateway and its zone on virtual time; players are bytes in, bytes out. */
export class RawStage {
  readonly zone: ZoneCore;
  readonly gateway: GatewayCore;
  tick = 0;
  readonly wood: Wood;
  readonly commands: MessageCodec;
  readonly #clock = new ManualClock();
  readonly #up: Uint8Array[] = [];
  readonly #down: Uint8Array[] = [];

  constructor(options: StageOptions = {}) {
    this.wood = woodAt(options.tickHz ?? 20);
    this.commands = commandCodec(this.wood.layout);
    this.zone = new ZoneCore({
      served: rules(this.wood, options) as unknown as ServedWorld,
      zone: 1,
      epoch: 1,
      seed: 1,
      clock: this.#clock,
      options: {},
      ports: {
        toGateway: (_gateway, bytes) => this.#down.push(bytes),
        truth() {},
        fault: (where, error) => expect.fail(`${where}: ${error}`),
      },
    });
    this.gateway = new GatewayCore({
      gateway: 'g1',
      generation: 1,
      layout: this.wood.layout,
      zones: { zone: 1 },
      ports: {
        toZone: (_zone, bytes) => this.#up.push(bytes),
        redeem: (ticket) => ({ character: ticket, incarnation: 1, name: ticket }),
        allocate: (bytes) => new Uint8Array(bytes),
      },
    });
  }

  get nowMs(): number {
    return this.#clock.nowMs();
  }

  join(name: string, newest = PROTOCOL_VERSION): RawPlayer {
    const player = new RawPlayer(this, name);
    player.send({ type: 'hello', newest, oldest: 1, layout: this.wood.fingerprint, ticket: name });
    return player;
  }

  /** So many ticks; `each` is what players do before one of them. */
  run(ticks: number, each: () => void = () => {}): void {
    for (let i = 0; i < ticks; i++) {
      this.#clock.advanceTo((++this.tick * 1_000) / this.wood.layout.tickHz);
      each();
      this.gateway.flush(this.nowMs);
      this.gateway.timer(this.nowMs);
      for (const bytes of this.#up.splice(0)) this.zone.uplink(bytes, this.nowMs);
      this.zone.tick(this.tick, this.nowMs);
      for (const bytes of this.#down.splice(0)) this.gateway.bundle(bytes, this.nowMs);
      while (this.gateway.fanOut(100, this.nowMs));
    }
  }
}

export class RawPlayer {
  readonly name: string;
  /** What was written, one piece a write. */
  readonly written: Uint8Array[] = [];
  closedWith: ErrorCode | null = null;
  /** The socket takes nothing. */
  stalled = false;
  readonly #stage: RawStage;
  readonly #connection: Connection;
  readonly #random: Random;
  #sequence = 0;

  constructor(stage: RawStage, name: string) {
    this.#stage = stage;
    this.name = name;
    this.#random = new Random([...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7));
    this.#connection = stage.gateway.connect(
      {
        write: (bytes) => this.written.push(bytes.slice()),
        bufferedBytes: () => (this.stalled ? 70_000 : 0),
        close: (code) => {
          this.closedWith = code;
        },
      },
      stage.nowMs,
    );
  }

  send(message: ClientMessage): void {
    this.#stage.gateway.receive(this.#connection, encodeClientMessage(message), this.#stage.nowMs);
  }

  heartbeat(): void {
    this.send({ type: 'heartbeat', sentMs: Math.floor(this.#stage.nowMs) });
  }

  command(name: string, values: Record<string, unknown>): void {
    const { tick, nowMs, commands } = this.#stage;
    const prepared = commands.prepare(name, values);
    if (typeof prepared === 'string') throw new Error(prepared);
    const body = commands.encode([prepared]);
    this.send({ type: 'input', sequence: ++this.#sequence, tick: tick + 1, sentMs: nowMs, body });
  }

  /** Something or nothing, by a random sequence of one's own. `others`: whom to cheer. */
  act(others: readonly number[]): void {
    const random = this.#random;
    const doing = random.below(40);
    if (doing < 3) this.command('walk', { towards: random.float() * 6, pace: doing === 0 ? 'stand' : 'run' });
    else if (doing === 3) this.command('say', { text: `${this.name} ${random.below(1_000)}` });
    else if (doing === 4) this.command('cheer', { at: random.pick(others) });
    else if (doing === 5) this.command('feel', { merry: random.chance(0.5) });
  }

  /** Every message that came, its type first. */
  messages(): Uint8Array[] {
    return this.written.flatMap((bytes) => [...unframed(bytes)]);
  }
}

/** The messages within WebSocket frames. */
export function* unframed(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const extended = bytes[at + 1] === 126;
    const length = extended ? (bytes[at + 2] as number) * 256 + (bytes[at + 3] as number) : (bytes[at + 1] as number);
    at += extended ? 4 : 2;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}
