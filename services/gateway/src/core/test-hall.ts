import { ManualClock, type Random } from '@lifeverse/base';
import {
  decodeBundle,
  decodeUplink,
  firstArrangement,
  type UplinkOp,
  type ZoneArrangement,
  type ZoneTree,
  zonesIn,
} from '@lifeverse/contracts';
import { choice, defineWorld, heading, plain, text, vec2, type World, walker } from '@lifeverse/definition';
import { type ClientMessage, type ErrorCode, encodeClientMessage, PROTOCOL_VERSION } from '@lifeverse/protocol';
import { ClientCore } from '@lifeverse/sync/client';
import { type ServedWorld, serve, system, ZoneCore } from '@lifeverse/world';
import type { Connection, Rates } from './connection.ts';
import { GatewayCore } from './gateway-core.ts';
import type { Redeemed } from './gateway-ports.ts';

export const PERIOD_MS = 50;

/** A plain where one walks, speaks and hides. */
export const hall = defineWorld({
  name: 'hall',
  tickHz: 20,
  cellSizeM: 32,
  map: plain({ areaM2: 250_000 }),
  components: {
    position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity' }),
    note: text({ maxBytes: 1_000 }),
  },
  commands: {
    walk: {
      input: { towards: heading(), pace: choice('stand', 'run') },
      predict: walker({ tickHz: 20, radiusM: 0.3, paceMps: { stand: 0, run: 6 } }),
    },
    say: { input: { text: text({ maxBytes: 1_000 }) }, speech: true },
    go: { input: { x: text({ maxBytes: 10 }), y: text({ maxBytes: 10 }) } },
    wear: { input: { text: text({ maxBytes: 1_000 }) } },
  },
  events: { speech: { text: text({ maxBytes: 1_000 }) } },
  audiences: ['staff'],
});
type Hall = (typeof hall)['definition'];

const served = serve(hall as World<Hall>, {
  populate: ({ option, spawn }) => {
    const [x, y] = [option('lampX', 0), option('lampY', 0)];
    if (x > 0) spawn('lamp', { x, y }, { note: String(option('zone', 0)) });
  },
  systems: [
    system<Hall>({ kind: 'lamp' }, ({ self, tick }) => {
      self.note = `${self.note.charAt(0)} ${tick}`;
    }),
  ],
  commands: {
    say: ({ self, input }) => {
      if (input.text === 'hide') self.hideIn('staff');
      else if (input.text === 'watch') self.watch('staff', true);
      else self.emit('speech', { text: input.text });
    },
    go: ({ self, input }) => self.teleport({ x: Number(input.x), y: Number(input.y) }),
    wear: ({ self, input }) => {
      self.note = input.text;
    },
  },
}) as unknown as ServedWorld;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** One socket of a player, and the client behind it. */
export class Guest {
  readonly core: ClientCore;
  readonly connection: Connection;
  /** What was written to the socket, write by write; the very bytes. */
  readonly writes: Uint8Array[] = [];
  readonly heard: string[] = [];
  readonly refused: ErrorCode[] = [];
  closedWith: ErrorCode | null = null;
  /** A socket that takes nothing: bytes are kept instead of arriving. */
  stalled = false;
  #kept: Uint8Array[] = [];
  readonly #hall: TestHall;

  constructor(inside: TestHall) {
    this.#hall = inside;
    this.core = new ClientCore(hall as unknown as World, {
      send: (bytes) => this.sendBytes(bytes),
      joined() {},
      entered() {},
      left() {},
      heard: (_event, _from, values) => this.heard.push(values.text as string),
      refused: (code) => this.refused.push(code),
    });
    this.connection = inside.gateway.connect(
      {
        write: (bytes) => this.#take(bytes),
        bufferedBytes: () => this.bufferedBytes,
        close: (code) => {
          this.closedWith = code;
        },
      },
      inside.nowMs,
    );
  }

  get bufferedBytes(): number {
    return this.#kept.reduce((sum, bytes) => sum + bytes.length, 0);
  }

  get id(): number {
    return this.core.session?.welcome.entity ?? 0;
  }

  #take(bytes: Uint8Array): void {
    this.writes.push(bytes);
    if (this.stalled) this.#kept.push(bytes);
    else this.#arrive(bytes);
  }

  #arrive(bytes: Uint8Array): void {
    for (const message of messagesOf(bytes)) this.core.receive(message, this.#hall.nowMs);
  }

  /** The socket takes bytes again. */
  resume(): void {
    this.stalled = false;
    for (const bytes of this.#kept.splice(0)) this.#arrive(bytes);
    this.#hall.gateway.drained(this.connection, this.#hall.nowMs);
  }

  sendBytes(bytes: Uint8Array): void {
    this.#hall.gateway.receive(this.connection, bytes, this.#hall.nowMs);
  }

  send(message: ClientMessage): void {
    this.sendBytes(encodeClientMessage(message));
  }

  hello(ticket: string, versions: { newest?: number; oldest?: number; layout?: string } = {}): void {
    const { newest = PROTOCOL_VERSION, oldest = 1, layout = hall.fingerprint } = versions;
    this.send({ type: 'hello', newest, oldest, layout, ticket });
  }

  command(name: string, input: Readonly<Record<string, unknown>>): void {
    const sequence = this.core.command(name, input, this.#hall.nowMs);
    if (typeof sequence !== 'number') throw new Error(`${name}: ${sequence}`);
  }

  walk(towards: number): void {
    this.command('walk', { towards, pace: 'run' });
  }

  /** First bytes of the messages in the writes from that one on. */
  types(fromWrite = 0): number[] {
    return this.writes
      .slice(fromWrite)
      .flatMap((bytes) => [...messagesOf(bytes)].map((message) => message[0] as number));
  }
}

/** A gateway between clients and the owner of a zone, on virtual time, one phase of a tick after the other. */
export class TestHall {
  readonly gateway: GatewayCore;
  readonly zones = new Map<number, ZoneCore>();
  /** Those that the gateway has spoken to. */
  readonly toldZones = new Set<number>();
  readonly guests: Guest[] = [];
  /** What tickets are good for; a ticket that is none of these is for who is named in it. */
  readonly tickets = new Map<string, Redeemed | ErrorCode>();
  /** Everything that the gateway has said. */
  readonly said: UplinkOp[] = [];
  tick = 0;
  /** Bundles on their way down, for a test to lose. */
  down: Uint8Array[] = [];
  #up: { readonly zone: number; readonly bytes: Uint8Array }[] = [];
  readonly #clock = new ManualClock();

  /** What anybody is sent at most, bytes per second; null: anything. */
  bytesPerS: number | null = null;
  /** How far anybody sees, cells; some may see otherwise. */
  viewRadiusCells = 8;
  readonly viewRadiusCellsOf = new Map<string, number>();
  /** How often a second the zone tells changes. */
  updateHz = 20;

  /** What zones say to each other is lost, late or doubled; left out: it is there in the next tick. */
  random: Random | null = null;
  #beside: { readonly zone: number; readonly bytes: Uint8Array; readonly tick: number }[] = [];

  /**
   * `tree`: who has which cells. A zone with a lamp has it there, saying zone and tick in every tick. `neighbours`: zones
   * know of each other, and hand over who goes from one to the other; else each has all for itself.
   */
  constructor(
    rates: Partial<Rates> = {},
    {
      tree = { zone: 1 },
      lamps = new Map(),
      neighbours = false,
    }: { tree?: ZoneTree; lamps?: ReadonlyMap<number, Place>; neighbours?: boolean } = {},
  ) {
    for (const zone of new Set([...zonesIn(tree), ...lamps.keys()]))
      this.startZone(zone, neighbours ? firstArrangement(tree) : undefined, lamps.get(zone));
    this.gateway = new GatewayCore({
      gateway: 'g1',
      generation: 1,
      layout: hall.layout,
      zones: tree,
      rates,
      viewRadiusCellsFor: ({ targetingKey = '' }) => this.viewRadiusCellsOf.get(targetingKey) ?? this.viewRadiusCells,
      bytesPerSFor: () => this.bytesPerS ?? Number.MAX_SAFE_INTEGER,
      ports: {
        toZone: (zone, bytes) => {
          this.said.push(...(decodeUplink(bytes)?.ops ?? []));
          this.toldZones.add(zone);
          this.#up.push({ zone, bytes });
        },
        redeem: (ticket) =>
          this.tickets.get(ticket) ?? {
            character: ticket,
            incarnation: 1,
            name: ticket,
            audience: { targetingKey: `player-${ticket}` },
          },
        allocate: (bytes) => new Uint8Array(bytes),
      },
    });
  }

  startZone(zone: number, arrangement: ZoneArrangement | undefined, lamp?: Place, epoch = zone): void {
    const core = new ZoneCore({
      served,
      zone,
      ...(arrangement !== undefined && { arrangement, populates: arrangement.former === null }),
      epoch,
      seed: zone,
      clock: this.#clock,
      options: lamp === undefined ? {} : { lampX: lamp.x, lampY: lamp.y, zone },
      updateHz: () => this.updateHz,
      ports: {
        toGateway: (_gateway, bytes) => this.down.push(bytes),
        toZone: (other, bytes) => this.#post(other, bytes),
        truth() {},
        fault(where, error) {
          throw new Error(where, { cause: error });
        },
      },
    });
    this.zones.set(zone, core);
  }

  /** Everybody is told of another arrangement; zones that are new begin with it. */
  rearrange(arrangement: ZoneArrangement): void {
    for (const zone of this.zones.values()) zone.rearrange(arrangement);
    for (const zone of zonesIn(arrangement.zones)) if (!this.zones.has(zone)) this.startZone(zone, arrangement);
    this.gateway.rearrange(arrangement.zones, this.nowMs, arrangement.former);
  }

  get zone(): ZoneCore {
    return this.zones.get(1) as ZoneCore;
  }

  get nowMs(): number {
    return this.#clock.nowMs();
  }

  advance(ms: number): void {
    this.#clock.advanceTo(this.nowMs + ms);
  }

  /** An open socket that has said nothing. */
  connect(): Guest {
    const guest = new Guest(this);
    this.guests.push(guest);
    return guest;
  }

  /** In the world, everything around it known. */
  join(...tickets: readonly string[]): Guest[] {
    const joining = tickets.map((ticket) => {
      const guest = this.connect();
      guest.core.open(ticket);
      return guest;
    });
    this.run(6);
    return joining;
  }

  /** What clients have said goes up, the zone makes its tick; what it says waits in `down`. */
  zoneTick(): void {
    this.#clock.advanceTo(++this.tick * PERIOD_MS);
    for (const guest of this.guests) if (guest.closedWith === null && !guest.stalled) guest.core.update(this.nowMs);
    this.gateway.flush(this.nowMs);
    this.gateway.timer(this.nowMs);
    for (const { zone, bytes } of this.#up.splice(0)) this.zones.get(zone)?.uplink(bytes, this.nowMs);
    for (const zone of this.zones.values()) zone.tick(this.tick, this.nowMs);
    const due = this.#beside.filter(({ tick }) => tick <= this.tick);
    this.#beside = this.#beside.filter(({ tick }) => tick > this.tick);
    for (const { zone, bytes } of due) this.zones.get(zone)?.neighbour(bytes, this.nowMs);
  }

  #post(zone: number, bytes: Uint8Array): void {
    const { random } = this;
    const copies = random?.pick([0, 1, 1, 1, 2]) ?? 1;
    for (let i = 0; i < copies; i++)
      this.#beside.push({ zone, bytes: bytes.slice(), tick: this.tick + (random?.below(4) ?? 0) });
  }

  /** What zones have said comes down, and out to all; what is not `meant` waits. */
  deliver(meant: (zone: number, tick: number) => boolean = () => true): void {
    for (const bytes of this.down.splice(0)) {
      const bundle = decodeBundle(bytes);
      if (bundle !== undefined && !meant(bundle.zone, bundle.tick)) {
        this.down.push(bytes);
        continue;
      }
      this.gateway.bundle(bytes, this.nowMs);
      while (this.gateway.fanOut(7, this.nowMs));
    }
  }

  run(ticks = 1): void {
    for (let i = 0; i < ticks; i++) {
      this.zoneTick();
      this.deliver();
    }
  }

  /** Where that entity truly is, millimetres. */
  truth(id: number): { readonly x: number; readonly y: number } {
    const zone = [...this.zones.values()].find((each) => each.store.rowOf(id) !== undefined);
    const { store } = zone ?? this.zone;
    const row = store.rowOf(id) as number;
    return { x: store.x[row] as number, y: store.y[row] as number };
  }

  /** Whom a client shows farther from the truth than the tolerance, or does not show though it should. */
  wrongFor(guest: Guest): number[] {
    return [...this.zones.values()].flatMap((zone) => this.#wrongOf(guest, zone));
  }

  #wrongOf(guest: Guest, { store }: ZoneCore): number[] {
    const shown = { x: 0, y: 0, vx: 0, vy: 0 };
    const wrong: number[] = [];
    for (let row = 0; row < store.end; row++) {
      const id = store.id[row] as number;
      if (id === 0 || id === guest.id || store.audience[row] !== 0) continue;
      const entity = guest.core.entities.get(id);
      const { x, y } = this.truth(id);
      entity?.track.at(this.tick, shown);
      if (entity === undefined || Math.hypot(shown.x - x, shown.y - y) > 50) wrong.push(id);
    }
    return wrong;
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
