import type { Random } from '@lifeverse/base';
import { Client, type ClientState, type SocketLike } from '@lifeverse/client';
import { type Counting, marginM } from './counting-world.ts';
import type { Count, PlayerRecord, Sighting, Walk } from './record.ts';
import { lived, WireRecord } from './wire-record.ts';

const COURSE_MS = { least: 1_000, most: 3_000 } as const;

export interface CountedPlayerPorts {
  readonly world: Counting['world'];
  readonly sideM: number;
  /** Of all gateways, in order. */
  readonly urls: readonly URL[];
  /** Index of the one that this player is given; it tells of the others. */
  readonly gateway: number;
  readonly name: string;
  /** To join with; as a new guest when undefined. */
  readonly session: string | undefined;
  readonly random: Random;
}

/** One player, by the SDK: walks about, sends an input in every turn, and keeps what went over the wire. */
export class CountedPlayer {
  readonly #ports: CountedPlayerPorts;
  readonly #client: Client<Counting['world']['definition']>;
  readonly #wires: WireRecord[] = [];
  #sending: Count | Walk | null = null;
  #number = 0;
  #turnsAtMs = 0;
  #disconnects = 0;
  #played = false;
  #ended: string | null = null;

  constructor(ports: CountedPlayerPorts) {
    this.#ports = ports;
    this.#client = new Client(ports.world, ports.urls[ports.gateway] as URL, {
      name: ports.name,
      session: ports.session,
      openSocket: (url) => this.#open(url),
      random: () => ports.random.float(),
      nowMs: () => performance.now(),
    });
    this.#client.on('state', (state: ClientState) => this.#state(state));
    this.#client.on('closed', ({ code }) => {
      this.#ended = code;
    });
  }

  /** Index of the one by which this player is there. */
  get gateway(): number {
    return this.#wires.at(-1)?.gateway ?? this.#ports.gateway;
  }

  get ended(): string | null {
    return this.#ended;
  }

  /** Stands in the world, and something was acknowledged since that moment. */
  playsSince(ms: number): boolean {
    const life = this.#wires.at(-1)?.life;
    const acked = life?.inputs.findLast(({ ackedMs }) => ackedMs !== null);
    return this.#client.state === 'playing' && (life?.told[0]?.atMs ?? 0) > ms && acked !== undefined;
  }

  get record(): PlayerRecord {
    const { name } = this.#ports;
    return { name, lives: lived(this.#wires), disconnects: this.#disconnects, ended: this.#ended };
  }

  /** Everyone in view, oneself included. */
  get sightings(): Sighting[] {
    const { me, others } = this.#client;
    return [...(me === null ? [] : [me]), ...others].map(({ name, id }) => ({ name, entity: id }));
  }

  /** Once in every tick. */
  turn(): void {
    if (this.#client.state !== 'playing') return;
    this.#client.update();
    const at = this.#client.me?.position;
    const nowMs = performance.now();
    if (at !== undefined && nowMs >= this.#turnsAtMs) this.#walk(at, nowMs);
    const number = ++this.#number;
    this.#send({ count: number }, () => this.#client.send.count({ number }));
  }

  leave(): void {
    this.#client.close();
  }

  #walk(at: { readonly x: number; readonly y: number }, nowMs: number): void {
    const { random, sideM } = this.#ports;
    this.#turnsAtMs = nowMs + random.between(COURSE_MS.least, COURSE_MS.most);
    const middle = sideM / 2;
    const astray = Math.max(Math.abs(at.x - middle), Math.abs(at.y - middle)) > middle - marginM;
    const towards = astray ? Math.atan2(middle - at.y, middle - at.x) : random.between(0, 2 * Math.PI);
    this.#send({ towards }, () => this.#client.send.walk({ towards, pace: 'walk' }));
  }

  #send(does: Count | Walk, send: () => void): void {
    this.#sending = does;
    send();
    this.#sending = null;
  }

  #open(url: URL): SocketLike {
    const socket = new WebSocket(url);
    const wire = new WireRecord(this.#ports.urls.findIndex(({ host }) => host === url.host));
    this.#wires.push(wire);
    socket.addEventListener('message', ({ data }) => {
      if (data instanceof ArrayBuffer) wire.received(new Uint8Array(data), performance.now());
    });
    const send = socket.send.bind(socket);
    socket.send = (bytes) => {
      if (bytes instanceof Uint8Array) wire.sent(bytes, this.#sending, performance.now());
      send(bytes);
    };
    return socket as unknown as SocketLike;
  }

  #state(state: ClientState): void {
    if (state === 'reconnecting' && this.#played) this.#disconnects++;
    // A walk that was not acknowledged is over with its connection: whoever comes back stands.
    if (state === 'playing') this.#turnsAtMs = 0;
    this.#played = state === 'playing';
  }
}
