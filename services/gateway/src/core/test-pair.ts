import { ManualClock } from '@lifeverse/base';
import { choice, defineWorld, heading, plain, vec2, type World, walker } from '@lifeverse/definition';
import type { ErrorCode } from '@lifeverse/protocol';
import { ClientCore } from '@lifeverse/sync/client';
import { type ServedWorld, serve, ZoneCore } from '@lifeverse/world';
import type { Connection } from './connection.ts';
import { GatewayCore } from './gateway-core.ts';

const lawn = defineWorld({
  name: 'lawn',
  tickHz: 20,
  cellSizeM: 32,
  map: plain({ areaM2: 40_000 }),
  components: { position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity' }) },
  commands: {
    walk: {
      input: { towards: heading(), pace: choice('stand', 'walk') },
      predict: walker({ tickHz: 20, radiusM: 0.3, paceMps: { stand: 0, walk: 2 } }),
    },
  },
});

const PERIOD_MS = 50;

/** What the bus between the two does with messages; as they are unless a test says otherwise. */
export interface TestBus {
  up: (messages: Uint8Array[]) => Uint8Array[];
  down: (messages: Uint8Array[]) => Uint8Array[];
}

export interface TestPlayer {
  readonly core: ClientCore;
  readonly connection: Connection;
  closedWith: ErrorCode | null;
}

/** A gateway and the owner of its zone on virtual time, real clients, and the bus between them in the test's hands. */
export class TestPair {
  gateway: GatewayCore;
  zone: ZoneCore;
  readonly bus: TestBus = { up: (messages) => messages, down: (messages) => messages };
  /** Incarnation of each character's last ticket. */
  readonly #tickets = new Map<string, number>();
  tick = 0;
  readonly #clock = new ManualClock();
  #up: Uint8Array[] = [];
  #down: Uint8Array[] = [];
  readonly #players: TestPlayer[] = [];

  constructor() {
    this.zone = this.#startZone(1);
    this.gateway = this.#startGateway(1);
  }

  #startGateway(generation: number): GatewayCore {
    return new GatewayCore({
      gateway: 'g1',
      generation,
      layout: lawn.layout,
      zones: { zone: 1 },
      ports: {
        toZone: (_zone, bytes) => this.#up.push(bytes),
        redeem: (character) => {
          const incarnation = (this.#tickets.get(character) ?? 0) + 1;
          this.#tickets.set(character, incarnation);
          return { character, incarnation, name: character };
        },
        allocate: (bytes) => new Uint8Array(bytes),
      },
    });
  }

  readonly layout = lawn.layout;

  get nowMs(): number {
    return this.#clock.nowMs();
  }

  #startZone(epoch: number): ZoneCore {
    return new ZoneCore({
      served: serve(lawn, {}) as unknown as ServedWorld,
      zone: 1,
      epoch,
      seed: 1,
      clock: this.#clock,
      options: {},
      ports: {
        toGateway: (gateway, bytes) => {
          if (gateway === 'g1') this.#down.push(bytes);
        },
        truth() {},
        fault(where, error) {
          throw new Error(where, { cause: error });
        },
      },
    });
  }

  /** The gateway's process died, and the next one runs; what was on its way to it comes to its successor. */
  restartGateway(generation: number): void {
    this.#players.length = 0;
    this.gateway = this.#startGateway(generation);
  }

  /** Another process owns the zone from now on, with an empty world. */
  takeOver(epoch: number): void {
    this.zone = this.#startZone(epoch);
  }

  join(character: string): TestPlayer {
    const core: ClientCore = new ClientCore(lawn as unknown as World, {
      send: (bytes) => this.gateway.receive(player.connection, bytes, this.nowMs),
      joined() {},
      entered() {},
      left() {},
      heard() {},
      refused() {},
    });
    const connection = this.gateway.connect(
      {
        write: (bytes) => {
          for (const message of messagesOf(bytes)) core.receive(message, this.nowMs);
        },
        bufferedBytes: () => 0,
        close: (code) => {
          player.closedWith = code;
        },
      },
      this.nowMs,
    );
    const player: TestPlayer = { core, connection, closedWith: null };
    this.#players.push(player);
    core.open(character);
    return player;
  }

  /** So many ticks of everything. */
  run(ticks: number): void {
    for (let i = 0; i < ticks; i++) {
      this.#clock.advanceTo(++this.tick * PERIOD_MS);
      for (const player of this.#players) if (player.closedWith === null) player.core.update(this.nowMs);
      this.gateway.flush(this.nowMs);
      this.gateway.timer(this.nowMs);
      for (const bytes of this.bus.up(this.#up.splice(0))) this.zone.uplink(bytes, this.nowMs);
      this.zone.tick(this.tick, this.nowMs);
      for (const bytes of this.bus.down(this.#down.splice(0))) this.gateway.bundle(bytes, this.nowMs);
      while (this.gateway.fanOut(100, this.nowMs));
    }
  }
}

/** Only short, whole frames come here. */
function* messagesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const extended = bytes[at + 1] === 126;
    const length = extended ? (bytes[at + 2] as number) * 256 + (bytes[at + 3] as number) : (bytes[at + 1] as number);
    at += extended ? 4 : 2;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}
