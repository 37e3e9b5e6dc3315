import { ManualClock, Random } from '@lifeverse/base';
import { firstArrangement, type ZoneTree, zonesIn } from '@lifeverse/contracts';
import { choice, defineWorld, heading, plain, text, uint, vec2, type World, walker } from '@lifeverse/definition';
import type { ErrorCode, Go, WorldLayout } from '@lifeverse/protocol';
import { ClientCore } from '@lifeverse/sync/client';
import { type ServedWorld, serve, ZoneCore } from '@lifeverse/world';
import type { Connection } from './connection.ts';
import { GatewayCore } from './gateway-core.ts';

export const PERIOD_MS = 50;

const green = defineWorld({
  name: 'green',
  tickHz: 20,
  cellSizeM: 32,
  map: plain({ areaM2: 40_000 }),
  components: {
    position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity' }),
    name: text({ maxBytes: 32 }),
  },
  commands: {
    walk: {
      input: { towards: heading(), pace: choice('stand', 'run') },
      predict: walker({ tickHz: 20, radiusM: 0.3, paceMps: { stand: 0, run: 6 } }),
    },
    count: { input: { number: uint({ max: 1_000_000 }) } },
  },
});
type Green = (typeof green)['definition'];

interface Posted {
  readonly atTick: number;
  readonly bytes: Uint8Array;
}

/** From one of a player's sockets to a gateway and back: in order, and each message takes its time. */
class Line {
  readonly connection: Connection;
  readonly gateway: GatewayCore;
  closedWith: ErrorCode | null = null;
  readonly #inside: TwoGateways;
  readonly #up: Posted[] = [];
  readonly #down: Posted[] = [];

  constructor(inside: TwoGateways, gateway: GatewayCore) {
    this.#inside = inside;
    this.gateway = gateway;
    const port = {
      write: (bytes: Uint8Array) => this.#post(this.#down, bytes),
      bufferedBytes: () => 0,
      close: (code: ErrorCode) => {
        this.closedWith = code;
      },
    };
    this.connection = gateway.connect(port, inside.nowMs);
  }

  send(bytes: Uint8Array): void {
    if (this.closedWith === null) this.#post(this.#up, bytes);
  }

  close(): void {
    if (this.closedWith === null) this.gateway.disconnected(this.connection, this.#inside.nowMs);
    this.closedWith ??= 'session_left';
  }

  #post(to: Posted[], bytes: Uint8Array): void {
    to.push({ atTick: Math.max(to.at(-1)?.atTick ?? 0, this.#inside.tick + this.#inside.delay()), bytes });
  }

  arriveUp(): void {
    for (const bytes of this.#due(this.#up))
      if (this.closedWith === null) this.gateway.receive(this.connection, bytes, this.#inside.nowMs);
  }

  *arriveDown(): Generator<Uint8Array> {
    for (const bytes of this.#due(this.#down)) yield* messagesOf(bytes);
  }

  *#due(posted: Posted[]): Generator<Uint8Array> {
    for (let next = posted[0]; next !== undefined && next.atTick <= this.#inside.tick; next = posted[0]) {
      posted.shift();
      yield next.bytes;
    }
  }
}

/** A player who can go from one gateway to the other. */
export class Walker {
  readonly core: ClientCore;
  readonly name: string;
  /** What the application would have been told. */
  readonly told: string[] = [];
  /** When the gateway asks to go elsewhere. */
  asked: (go: Go) => void = () => {};
  moves = 0;
  counted = 0;
  readonly #inside: TwoGateways;
  #line: Line;
  #next: Line | null = null;

  constructor(inside: TwoGateways, name: string, gateway: number) {
    this.#inside = inside;
    this.name = name;
    this.core = new ClientCore(green as unknown as World, {
      send: (bytes) => this.#line.send(bytes),
      joined: () => this.told.push('joined'),
      entered: ({ id }) => this.told.push(`entered ${id}`),
      left: (id) => this.told.push(`left ${id}`),
      heard() {},
      refused: (code, sequence) => this.told.push(`${code} ${sequence}`),
      asked: (go) => this.asked(go),
      moved: () => this.moves++,
    });
    this.#line = new Line(inside, inside.gateways[gateway] as GatewayCore);
    this.core.open(name);
  }

  get closedWith(): ErrorCode | null {
    return this.#line.closedWith;
  }

  get id(): number {
    return this.core.session?.welcome.entity ?? 0;
  }

  /** As a client of that version would, from now on. */
  speaks(version: number): void {
    this.#line.connection.version = version;
  }

  get isMoving(): boolean {
    return this.#next !== null;
  }

  /** By a second connection, while the first plays on. */
  moveTo(gateway: number): void {
    const first = this.core.move(this.name);
    if (first === null) throw new Error(`${this.name} is not in the world`);
    this.#next = new Line(this.#inside, this.#inside.gateways[gateway] as GatewayCore);
    this.#next.send(first);
  }

  /** The second connection breaks. */
  breakNext(): void {
    this.#next?.close();
    this.#next = null;
  }

  /** False while as much is on its way as may be. */
  count(): boolean {
    const sent = this.core.command('count', { number: this.counted + 1 }, this.#inside.nowMs) !== undefined;
    if (sent) this.counted++;
    return sent;
  }

  walk(towards: number, pace: 'stand' | 'run' = 'run'): void {
    this.core.command('walk', { towards, pace }, this.#inside.nowMs);
  }

  up(): void {
    this.core.update(this.#inside.nowMs);
    this.#line.arriveUp();
    this.#next?.arriveUp();
  }

  down(): void {
    const [line, next] = [this.#line, this.#next];
    for (const bytes of line.arriveDown()) this.core.receive(bytes, this.#inside.nowMs);
    for (const bytes of next?.arriveDown() ?? []) {
      if (this.#next !== next) this.core.receive(bytes, this.#inside.nowMs);
      else if (this.core.receiveNext(bytes)) this.#take(next as Line);
    }
  }

  #take(next: Line): void {
    this.#line.close();
    this.#line = next;
    this.#next = null;
    this.core.taken(this.#inside.nowMs);
  }
}

/** Two gateways and the owners of the zones behind them, on virtual time; what is between them may lose, double and delay. */
export class TwoGateways {
  readonly gateways: GatewayCore[] = [];
  readonly zones = new Map<number, ZoneCore>();
  readonly walkers: Walker[] = [];
  /** By name: the numbers that each has counted, as the world has it. */
  readonly counted = new Map<string, number[]>();
  tick = 0;
  /** `late`: what players say and hear takes its time. `lossy`: so does all that goes over the bus, and may be lost or doubled. */
  ways: 'calm' | 'late' | 'lossy' = 'calm';
  /** Where players of a zone are better served. */
  better: (zone: number) => string | null = () => null;
  readonly #random: Random;
  readonly #clock = new ManualClock();
  readonly #incarnations = new Map<string, number>();
  #bus: { readonly atTick: number; readonly deliver: () => void }[] = [];

  /** `secondStep`: the fingerprint of the step that the second gateway tells of; left out: the same. */
  constructor(seed: number, tree: ZoneTree = { zone: 1 }, secondStep = green.layout.stepFingerprint) {
    this.#random = new Random(seed);
    for (const zone of zonesIn(tree)) this.zones.set(zone, this.#zone(zone, tree));
    this.gateways.push(this.#gateway('g1', tree, green.layout));
    this.gateways.push(this.#gateway('g2', tree, { ...green.layout, stepFingerprint: secondStep }));
  }

  get nowMs(): number {
    return this.#clock.nowMs();
  }

  /** Ticks that a message of a player is on its way. */
  delay(): number {
    return this.ways === 'calm' ? 0 : this.#random.below(3);
  }

  #post(deliver: () => void): void {
    const isLossy = this.ways === 'lossy';
    const copies = isLossy ? this.#random.pick([0, 1, 1, 1, 2]) : 1;
    for (let i = 0; i < copies; i++)
      this.#bus.push({ atTick: this.tick + (isLossy ? this.#random.below(4) : 0), deliver });
  }

  #zone(zone: number, tree: ZoneTree): ZoneCore {
    const served = serve(green as World<Green>, {
      join: ({ self, guest }) => {
        self.name = guest.name;
      },
      commands: {
        count: ({ self, input }) => {
          this.counted.set(self.name, [...(this.counted.get(self.name) ?? []), input.number]);
        },
      },
    }) as unknown as ServedWorld;
    const ports = {
      toGateway: (gateway: string, bytes: Uint8Array) =>
        this.#post(() => this.gateways[gateway === 'g1' ? 0 : 1]?.bundle(bytes.slice(), this.nowMs)),
      toZone: (other: number, bytes: Uint8Array) =>
        this.#post(() => this.zones.get(other)?.neighbour(bytes.slice(), this.nowMs)),
      truth() {},
      fault(where: string, error: unknown) {
        throw new Error(where, { cause: error });
      },
    };
    const arrangement = zonesIn(tree).length > 1 ? { arrangement: firstArrangement(tree) } : {};
    const clock = this.#clock;
    return new ZoneCore({ served, zone, epoch: zone, seed: zone, clock, options: {}, ports, ...arrangement });
  }

  #gateway(gateway: string, zones: ZoneTree, layout: WorldLayout): GatewayCore {
    return new GatewayCore({
      gateway,
      generation: 1,
      layout,
      zones,
      ports: {
        toZone: (zone, bytes) => this.#post(() => this.zones.get(zone)?.uplink(bytes.slice(), this.nowMs)),
        redeem: (name) => {
          const incarnation = (this.#incarnations.get(name) ?? 0) + 1;
          this.#incarnations.set(name, incarnation);
          return { character: name, incarnation, name };
        },
        better: (zone) => this.better(zone),
        allocate: (bytes) => new Uint8Array(bytes),
      },
    });
  }

  join(name: string, gateway: number): Walker {
    const walker = new Walker(this, name, gateway);
    this.walkers.push(walker);
    return walker;
  }

  run(ticks = 1): void {
    for (let i = 0; i < ticks; i++) {
      this.#clock.advanceTo(++this.tick * PERIOD_MS);
      for (const walker of this.walkers) walker.up();
      for (const gateway of this.gateways) {
        gateway.flush(this.nowMs);
        gateway.timer(this.nowMs);
      }
      this.#deliver();
      for (const zone of this.zones.values()) zone.tick(this.tick, this.nowMs);
      this.#deliver();
      for (const gateway of this.gateways) while (gateway.fanOut(100, this.nowMs));
      for (const walker of this.walkers) walker.down();
    }
  }

  #deliver(): void {
    const due = this.#bus.filter(({ atTick }) => atTick <= this.tick);
    this.#bus = this.#bus.filter(({ atTick }) => atTick > this.tick);
    for (const { deliver } of due) deliver();
  }

  /** Where that entity truly is, millimetres; undefined when nobody has it, or more than one zone. */
  truth(id: number): { readonly x: number; readonly y: number } | undefined {
    const stores = [...this.zones.values()].map(({ store }) => store).filter((store) => store.rowOf(id) !== undefined);
    const [store] = stores;
    const row = store?.rowOf(id);
    if (stores.length !== 1 || store === undefined || row === undefined) return undefined;
    return { x: store.x[row] as number, y: store.y[row] as number };
  }

  /** How far from the truth a player shows everybody, oneself included: millimetres, the farthest. */
  farthestOff({ core }: Walker): number {
    const shown = { x: 0, y: 0, vx: 0, vy: 0 };
    const off = [...core.entities].map(([id, { track }]) => {
      track.at(this.tick, shown);
      const at = this.truth(id);
      return at === undefined ? Number.POSITIVE_INFINITY : Math.sqrt((shown.x - at.x) ** 2 + (shown.y - at.y) ** 2);
    });
    return Math.max(...off);
  }
}

function* messagesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const short = bytes[at + 1] as number;
    const start = at + (short === 127 ? 10 : short === 126 ? 4 : 2);
    let length = short < 126 ? short : 0;
    for (let i = at + 2; i < start; i++) length = length * 256 + (bytes[i] as number);
    at = start + length;
    yield bytes.subarray(start, at);
  }
}
