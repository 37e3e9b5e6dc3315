import type { Random } from '@lifeverse/base';
import { Client, type ClientState, type SocketLike } from '@lifeverse/client';
import type { EntityId } from '@lifeverse/definition';
import type { Shown } from '../books/judge.ts';
import type { Counting } from './counting-world.ts';
import { Giver, type Partner } from './giver.ts';
import type { Deal, Does, Heard, PlayerRecord, Screen, Sighting } from './record.ts';
import type { Steering } from './steering.ts';
import { lived, WireRecord } from './wire-record.ts';

/** Who has heard nothing for so long sees everything stand, and does not turn. */
const UNHEARD_MS = 250;

const NORMAL_RATE = 256;
/** Beyond a border, one reaches as far as a cell. */
const NEAR_M = 20;

export interface CountedPlayerPorts {
  readonly world: Counting['world'];
  readonly steering: Steering;
  /** For how long what was heard is kept as bytes. */
  readonly heardMs: number;
  /** Of all gateways, in order. */
  readonly urls: readonly URL[];
  /** Index of the one that this player is given; it tells of the others. */
  readonly gateway: number;
  readonly name: string;
  /** To join with; as a new guest when undefined. */
  readonly session: string | undefined;
  readonly random: Random;
  /** Who gets their coins; null while nobody is there. Left out: they give none. */
  readonly partner?: (giver: CountedPlayer) => Partner | null;
}

/** One player, by the SDK: walks about, sends an input in every turn, and keeps what went over the wire. */
export class CountedPlayer {
  readonly #ports: CountedPlayerPorts;
  readonly #client: Client<Counting['world']['definition']>;
  readonly #wires: WireRecord[] = [];
  #sending: Does | null = null;
  /** Given to the SDK while there was no connection to send it by. */
  #unsent: Does[] = [];
  #number = 0;
  #turnsAtMs = 0;
  readonly #lostMs: number[] = [];
  readonly #screens: Screen[] = [];
  readonly giver: Giver;
  #played = false;
  #ended: string | null = null;

  constructor(ports: CountedPlayerPorts) {
    this.#ports = ports;
    this.giver = new Giver(ports.name);
    this.#client = new Client(ports.world, ports.urls[ports.gateway] as URL, {
      name: ports.name,
      session: ports.session,
      openSocket: (url) => this.#open(url),
      random: () => ports.random.float(),
      newKey: () => this.giver.newKey(),
      nowMs: () => performance.now(),
    });
    this.#client.on('state', (state: ClientState) => this.#state(state));
    this.#client.on('trouble', ({ message }) => this.#screens.push({ atMs: performance.now(), says: message }));
    this.#client.on('closed', ({ code }) => {
      this.#ended = code;
    });
  }

  /** Index of the one by which this player is there. */
  get gateway(): number {
    return (this.#living ?? this.#wires.at(-1))?.gateway ?? this.#ports.gateway;
  }

  /** The connection that is played by; while one moves, the former. */
  get #living(): WireRecord | undefined {
    return this.#wires.findLast(({ life }) => life !== null);
  }

  get ended(): string | null {
    return this.#ended;
  }

  /** Stands in the world, and something was acknowledged since that moment. */
  playsSince(ms: number): boolean {
    const life = this.#living?.life;
    const acked = life?.inputs.findLast(({ ackedMs }) => ackedMs !== null);
    return this.#client.state === 'playing' && (life?.told[0]?.atMs ?? 0) > ms && acked !== undefined;
  }

  /** Something of the present life was acknowledged since that moment. */
  ackedSince(ms: number): boolean {
    const acked = this.#living?.life?.inputs.findLast(({ ackedMs }) => ackedMs !== null);
    return this.#client.state === 'playing' && (acked?.ackedMs ?? 0) > ms;
  }

  get record(): PlayerRecord {
    const { name } = this.#ports;
    const [lives, rates] = [lived(this.#wires), this.#wires.flatMap((wire) => wire.rates)];
    return { name, lives, rates, screens: this.#screens, lostMs: this.#lostMs, ended: this.#ended };
  }

  /** What the server said in the last seconds, as bytes: oldest first. */
  get heard(): Heard[] {
    return this.#wires.flatMap(({ heard }) => heard).map((one) => ({ ...one, name: this.#ports.name }));
  }

  get deals(): readonly Deal[] {
    return this.giver.deals;
  }

  /** Null while not in the world. */
  get asPartner(): Partner | null {
    const { me, state } = this.#client;
    return me === null || state !== 'playing' ? null : { name: this.#ports.name, entity: me.id };
  }

  /** Somebody who stands near; null where nobody does. */
  get neighbour(): Partner | null {
    const [one] = [...this.#client.near(NEAR_M)].filter(({ name }) => name !== '');
    return one === undefined ? null : { name: one.name, entity: one.id };
  }

  /** For whoever waits for this player. */
  get doing(): string {
    const { me, state } = this.#client;
    const at = me === null ? 'nowhere' : `at ${me.position.x.toFixed(1)}, ${me.position.y.toFixed(1)} m`;
    const partner = this.#ports.partner?.(this)?.name ?? 'nobody';
    return `${this.#ports.name} (${state}, ${at}, ${partner} to give to, ${this.giver.doing(performance.now())})`;
  }

  get shown(): Shown {
    const { purse, items } = this.#client;
    return { player: this.#ports.name, purse, items: items.map(({ id }) => id) };
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
    const heardMs = this.#living?.life?.told.at(-1)?.atMs ?? 0;
    if (at !== undefined && nowMs >= this.#turnsAtMs && nowMs - heardMs < UNHEARD_MS) this.#walk(at, nowMs);
    const number = this.#number + 1;
    if (this.#send({ count: number }, () => this.#client.send.count({ number }))) this.#number = number;
    this.giver.turn(nowMs, this.#ports.partner?.(this) ?? null, (to) =>
      this.#client.give({ to: to as EntityId, money: 1 }),
    );
  }

  /** In every tick from now on, the world's rules are to take so much longer for this player. False: it could not be said. */
  toil(ms: number): boolean {
    return this.#send({ toilMs: ms }, () => this.#client.send.toil({ ms }));
  }

  /** How fast time goes, as this player was told last; 256 is normal. */
  get rate(): number {
    return this.#living?.rates.at(-1)?.rate ?? NORMAL_RATE;
  }

  leave(): void {
    this.#client.close();
  }

  #walk(at: { readonly x: number; readonly y: number }, nowMs: number): void {
    const { random, steering } = this.#ports;
    const { towards, forMs } = steering(at, random);
    this.#turnsAtMs = nowMs + forMs;
    this.#send({ towards }, () => this.#client.send.walk({ towards, pace: 'walk' }));
  }

  #send(does: Does, send: () => boolean): boolean {
    this.#sending = does;
    const sent = send();
    if (sent && this.#sending !== null) this.#unsent.push(does);
    this.#sending = null;
    return sent;
  }

  /** What the next input is, each once. */
  #does(): Does | null {
    const does = this.#unsent.shift() ?? this.#sending;
    if (does === this.#sending) this.#sending = null;
    return does;
  }

  #open(url: URL): SocketLike {
    const { urls, heardMs } = this.#ports;
    const socket = new WebSocket(url);
    const gateway = urls.findIndex(({ host }) => host === url.host);
    const former = this.#client?.state === 'playing' ? this.#living : undefined;
    const wire = new WireRecord(gateway, former ?? null, heardMs);
    this.#wires.push(wire);
    socket.addEventListener('message', ({ data }) => {
      if (data instanceof ArrayBuffer) wire.received(new Uint8Array(data), performance.now());
    });
    const send = socket.send.bind(socket);
    socket.send = (bytes) => {
      if (bytes instanceof Uint8Array) wire.sent(bytes, () => this.#does(), performance.now());
      send(bytes);
    };
    return socket as unknown as SocketLike;
  }

  #state(state: ClientState): void {
    if (state === 'reconnecting' && this.#played) this.#lostMs.push(performance.now());
    if (state === 'reconnecting') this.#unsent = [];
    // A walk that was not acknowledged is over with its connection: whoever comes back stands.
    if (state === 'playing') this.#turnsAtMs = 0;
    this.#played = state === 'playing';
  }
}
