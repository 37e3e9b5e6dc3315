import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiHeaders } from '@lifeverse/contracts';
import { open } from '@lifeverse/open';
import {
  ByteReader,
  decodeWelcome,
  encodeClientMessage,
  OLDEST_VERSION,
  PROTOCOL_VERSION,
  serverType,
} from '@lifeverse/protocol';
import { ClientCore, type Motion } from '@lifeverse/sync/client';
import { commandCodec, type MessageCodec } from '@lifeverse/sync/common';
import type { Applied, ConsumerProtocol, Link, Session, Show, Upgrade, WorldView } from '../../consumers/protocol.ts';
import { machineNowMs } from '../../machine-clock.ts';
import { HEADINGS } from '../../movement.ts';
import type { Scenario } from '../../scenario.ts';
import type { Target } from '../peer.ts';

type World = ReturnType<typeof open>;

/** What the players of a run share: the world, when it began, and whose entity is whose. */
interface Shared {
  readonly world: World;
  readonly commands: MessageCodec;
  readonly originMs: number;
  readonly periodMs: number;
  readonly stride: number;
  readonly playerOf: Map<number, number>;
  readonly tickets: Map<number, string>;
}

const HEARTBEAT_AFTER_MS = 1_000;

/** Players of ours over the bench's own cheap sockets; those that decode are the client that games use. */
export function lifeverseProtocol(scenario: Scenario, target: Target): ConsumerProtocol {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const world = open({ areaM2: scenario.sideM * scenario.sideM });
  const shared: Shared = {
    world,
    commands: commandCodec(world.layout),
    originMs: Number(target.details.originMs),
    periodMs: 1_000 / world.layout.tickHz,
    stride: scenario.truthStride,
    playerOf: new Map(),
    tickets: new Map(),
  };
  return {
    async admit(player: number): Promise<Upgrade> {
      shared.tickets.set(player, await ticketFor(agent, target, `p${player}`));
      return { path: '/ws', headers: {} };
    },
    open: (link: Link, player: number, applied: Applied | null): Session =>
      applied === null ? new Counting(shared, link, player) : new Decoding(shared, link, player, applied),
  };
}

function steering(heading: number): Record<string, unknown> {
  return { towards: (heading / HEADINGS) * 2 * Math.PI, pace: 'run' };
}

/** A player that joins, steers and is heard from, and does not look at what it receives. */
class Counting implements Session {
  joined = false;
  reads = true;
  readonly view = null;
  readonly #shared: Shared;
  readonly #link: Link;
  readonly #player: number;
  #sequence = 0;
  #sentMs = 0;

  constructor(shared: Shared, link: Link, player: number) {
    this.#shared = shared;
    this.#link = link;
    this.#player = player;
    const ticket = shared.tickets.get(player) as string;
    shared.tickets.delete(player);
    link.send(
      encodeClientMessage({
        type: 'hello',
        newest: PROTOCOL_VERSION,
        oldest: OLDEST_VERSION,
        layout: shared.world.fingerprint,
        ticket,
      }),
    );
  }

  message(payload: Uint8Array): void {
    if (payload[0] !== serverType.welcome) return;
    const from = new ByteReader(payload);
    from.u8();
    const welcome = decodeWelcome(from);
    if (welcome === undefined) {
      this.#link.fail('a welcome that cannot be read');
      return;
    }
    this.#shared.playerOf.set(welcome.entity, this.#player);
    this.joined = true;
    this.reads = false;
  }

  steer(heading: number): void {
    const { commands, originMs, periodMs } = this.#shared;
    const nowMs = machineNowMs();
    const message = commands.prepare('walk', steering(heading));
    if (typeof message === 'string') throw new RangeError(message);
    const tick = Math.floor((nowMs - originMs) / periodMs) + 1;
    this.#sentMs = nowMs;
    this.#link.send(
      encodeClientMessage({
        type: 'input',
        sequence: ++this.#sequence,
        tick,
        sentMs: Math.floor(nowMs),
        body: commands.encode([message]),
      }),
    );
  }

  keepAlive(nowMs: number): void {
    if (!this.joined || nowMs - this.#sentMs < HEARTBEAT_AFTER_MS) return;
    this.#sentMs = nowMs;
    this.#link.send(encodeClientMessage({ type: 'heartbeat', sentMs: Math.floor(nowMs) }));
  }
}

/** A player that is the client of a game, whole. */
class Decoding implements Session, WorldView {
  joined = false;
  readonly reads = true;
  readonly view = this;
  readonly #shared: Shared;
  readonly #player: number;
  readonly #applied: Applied;
  readonly #core: ClientCore;
  readonly #motion: Motion = { x: 0, y: 0, vx: 0, vy: 0 };
  #frames = 0;

  constructor(shared: Shared, link: Link, player: number, applied: Applied) {
    this.#shared = shared;
    this.#player = player;
    this.#applied = applied;
    this.#core = new ClientCore(shared.world as never, {
      send: (bytes) => link.send(bytes),
      joined: () => {
        this.joined = true;
      },
      entered: () => {},
      left: () => {},
      heard: () => {},
      refused: (code) => link.fail(`an input was refused: ${code}`),
    });
    this.#core.open(shared.tickets.get(player) as string);
    shared.tickets.delete(player);
  }

  message(payload: Uint8Array, nowMs: number): void {
    this.#core.receive(payload.slice(), nowMs);
    const { session, counters } = this.#core;
    if (session === null) return;
    if (payload[0] === serverType.welcome) this.#shared.playerOf.set(session.welcome.entity, this.#player);
    if (counters.frames === this.#frames) return;
    this.#frames = counters.frames;
    this.#applied.change(this.#shared.originMs + session.tick * this.#shared.periodMs, nowMs);
  }

  steer(heading: number): void {
    this.#core.command('walk', steering(heading), machineNowMs());
  }

  keepAlive(nowMs: number): void {
    this.#core.update(nowMs);
  }

  /** Others as they are drawn so long ago by the client's own idea of the server's time. */
  show(nowMs: number, delayMs: number, show: Show): void {
    this.#core.update(nowMs);
    const { originMs, periodMs, playerOf, stride } = this.#shared;
    const momentMs = this.#core.clock.serverMs(nowMs) - delayMs;
    for (const entity of this.#core.entities.values()) {
      const subject = playerOf.get(entity.id);
      if (subject === undefined || subject === this.#player || subject % stride !== 0) continue;
      entity.track.at(momentMs / periodMs, this.#motion);
      show(subject, this.#motion.x / 1_000, this.#motion.y / 1_000, originMs + momentMs);
    }
  }
}

/** Waits in line when many come at once, as every client does. */
async function ticketFor(agent: Agent, target: Target, name: string): Promise<string> {
  for (let place: string | undefined; ; ) {
    const answer = await ask(agent, target, { name, ...(place === undefined ? {} : { place }) });
    if ('ticket' in answer) return answer.ticket;
    place = answer.place;
    await sleep(answer.retryAfterMs * (1 + Math.random() / 4));
  }
}

type Answer = { readonly ticket: string } | { readonly place: string; readonly retryAfterMs: number };

function ask(agent: Agent, target: Target, body: object): Promise<Answer> {
  const text = JSON.stringify(body);
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    [apiHeaders.operator]: String(target.details.operatorToken),
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      { agent, host: target.host, port: target.port, path: '/api/tickets', method: 'POST', headers },
      (answer) => {
        let received = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece: string) => {
          received += piece;
        });
        answer.on('end', () => {
          if (answer.statusCode === 200 || answer.statusCode === 202) resolve(JSON.parse(received) as Answer);
          else reject(new Error(`the ticket was refused with ${answer.statusCode}: ${received.slice(0, 200)}`));
        });
        answer.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}
