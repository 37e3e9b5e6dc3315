import { Agent, request } from 'node:http';
import { type Decoder, decode, Reflection } from '@colyseus/schema';
import { InterpolatedTracks } from '../../consumers/interpolated-tracks.ts';
import type { Applied, ConsumerProtocol, Link, Session, Show, Upgrade, WorldView } from '../../consumers/protocol.ts';
import type { Scenario } from '../../scenario.ts';
import type { Target } from '../peer.ts';
import { HEADING_MESSAGE, type PlainState, TIME_STEPS_PER_MS } from './state.ts';

/** Codes of `@colyseus/shared-types`, in the low five bits of a message's first byte. */
const JOIN_ROOM = 10;
const ERROR = 11;
const ROOM_DATA = 13;
const ROOM_STATE = 14;
const ROOM_STATE_PATCH = 15;
const CODE_MASK = 0x1f;

interface Reservation {
  readonly sessionId: string;
  readonly roomId: string;
  readonly processId: string;
}

/** The join and the messages of `@colyseus/sdk` 0.18, with its decoder, over the bench's own cheap socket. */
export function colyseusProtocol(scenario: Scenario, target: Target): ConsumerProtocol {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const originMs = Number(target.details.originMs);
  return {
    async admit(player: number): Promise<Upgrade> {
      const path = `/matchmake/joinById/${target.details.roomId}`;
      const seat = (await post(agent, target, path, { player })) as Reservation;
      return { path: `/${seat.processId}/${seat.roomId}?sessionId=${seat.sessionId}`, headers: {} };
    },
    open: (link: Link, player: number, applied: Applied | null): Session =>
      new ColyseusSession(link, player, applied, originMs, scenario.truthStride),
  };
}

class ColyseusSession implements Session {
  joined = false;
  reads = true;
  readonly view: ColyseusView | null;
  readonly #link: Link;
  readonly #input = new Uint8Array(4);

  constructor(link: Link, player: number, applied: Applied | null, originMs: number, stride: number) {
    this.#link = link;
    this.view = applied === null ? null : new ColyseusView(player, applied, originMs, stride);
  }

  message(payload: Uint8Array, nowMs: number): void {
    const code = (payload[0] as number) & CODE_MASK;
    if (code === JOIN_ROOM) {
      this.view?.handshake(payload);
      this.#link.send(Uint8Array.of(JOIN_ROOM));
    } else if (code === ROOM_STATE || code === ROOM_STATE_PATCH) {
      this.view?.patch(payload, nowMs);
      this.joined = true;
      this.reads = this.view !== null;
    } else if (code === ERROR) {
      this.#link.fail(`Colyseus answered with error ${decode.number(payload, { offset: 1 })}`);
    }
  }

  /** As `room.send(0, heading)`: code, type, the number by msgpack. */
  steer(heading: number): void {
    const bytes = this.#input;
    bytes[0] = ROOM_DATA;
    bytes[1] = HEADING_MESSAGE;
    const small = heading < 128;
    bytes[2] = small ? heading : 0xcc;
    bytes[3] = heading;
    this.#link.send(small ? bytes.subarray(0, 3) : bytes);
  }
}

class ColyseusView implements WorldView {
  readonly #player: number;
  readonly #applied: Applied;
  readonly #originMs: number;
  readonly #stride: number;
  readonly #tracks = new InterpolatedTracks();
  #decoder: Decoder<PlainState> | null = null;
  #time = -1;
  #visible = new Set<number>();

  constructor(player: number, applied: Applied, originMs: number, stride: number) {
    this.#player = player;
    this.#applied = applied;
    this.#originMs = originMs;
    this.#stride = stride;
  }

  /** Reads the state's reflection behind the two names of JOIN_ROOM, as the SDK does. */
  handshake(payload: Uint8Array): void {
    const it = { offset: 1 };
    for (let name = 0; name < 2; name++) it.offset += 1 + (payload[it.offset] as number);
    const length = decode.number(payload, it);
    this.#decoder = Reflection.decode<PlainState>(payload.subarray(0, it.offset + length), it);
  }

  patch(payload: Uint8Array, nowMs: number): void {
    const decoder = this.#decoder;
    if (decoder === null) throw new Error('a state before the handshake');
    decoder.decode(payload, { offset: 1 });
    const state = decoder.state;
    if (state.time === this.#time) return;
    this.#time = state.time;
    const atMs = this.#originMs + state.time / TIME_STEPS_PER_MS;
    this.#applied.change(atMs, nowMs);
    const visible = new Set<number>();
    state.walkers.forEach((walker, key) => {
      const subject = Number(key);
      if (subject === this.#player || subject % this.#stride !== 0) return;
      visible.add(subject);
      this.#tracks.take(subject, atMs, walker.x, walker.y);
    });
    for (const subject of this.#visible) if (!visible.has(subject)) this.#tracks.forget(subject);
    this.#visible = visible;
  }

  show(nowMs: number, delayMs: number, show: Show): void {
    this.#tracks.show(nowMs - delayMs, show);
  }
}

function post(agent: Agent, target: Target, path: string, body: unknown): Promise<unknown> {
  const text = JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: target.host, port: target.port, path, method: 'POST', headers }, (answer) => {
      let received = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => {
        received += piece;
      });
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(JSON.parse(received));
        else reject(new Error(`matchmaking answered ${answer.statusCode}: ${received.slice(0, 200)}`));
      });
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(text);
  });
}
