import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type Bus, decodeTruthWanted, subjects } from '@lifeverse/contracts';
import { choice, defineWorld, heading, plain, vec2, walker } from '@lifeverse/definition';
import { createLog, LocalBus, type OptionValues, readOptions, SystemClock, signTicket } from '@lifeverse/node-kit';
import { encodeClientMessage, errorOfClose, OLDEST_VERSION, PROTOCOL_VERSION, serverType } from '@lifeverse/protocol';
import { type ServedWorld, serve, ZoneCore } from '@lifeverse/world';
import { onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { type RunningGateway, startGateway } from './gateway.ts';
import { gatewayOptions } from './options.ts';
import { startTestApi, type TestApi } from './test-api.ts';

const world = defineWorld({
  name: 'lawn',
  tickHz: 20,
  cellSizeM: 32,
  map: plain({ areaM2: 10_000 }),
  components: { position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity' }) },
  commands: {
    walk: {
      input: { towards: heading(), pace: choice('stand', 'walk') },
      predict: walker({ tickHz: 20, radiusM: 0.3, paceMps: { stand: 0, walk: 2 } }),
    },
  },
});

export interface TestGateway {
  readonly running: RunningGateway;
  readonly url: string;
  readonly logLines: readonly string[];
  /** The backend behind it. */
  readonly api: TestApi;
  readonly bus: Bus;
  /** Who was in a hello, the newest last. */
  readonly characters: readonly string[];
  /** A client's hello with a fresh ticket in it. */
  hello(): Promise<Uint8Array>;
  /** Joins as a new guest; resolves once the avatar stands. */
  join(options?: ClientOptions): Promise<WebSocket>;
  stop(): Promise<void>;
}

interface TestParts {
  readonly assets?: string;
  readonly withoutZone?: boolean;
  readonly publicUrl?: string;
}

/** A gateway on a free port, a small world ticking behind it; stopped when the test ends. */
export async function startTestGateway(
  options: Partial<OptionValues<typeof gatewayOptions>> & TestParts = {},
): Promise<TestGateway> {
  const bus = new LocalBus();
  const clock = new SystemClock();
  const ticketKey = new Uint8Array(randomBytes(32));
  const api = await startTestApi();
  const logLines: string[] = [];
  const gateway = await startGateway({
    gateway: 'gateway-1',
    zones: { zone: 1 },
    layout: world.layout,
    world: {
      name: world.name,
      options: {},
      layoutFingerprint: world.fingerprint,
      mapFingerprint: world.map.fingerprint,
    },
    options: { ...readOptions(gatewayOptions, ['--port', '0'], {}), ...options },
    assets: options.assets ?? null,
    publicUrl: options.publicUrl ?? null,
    ticketKey,
    api: api.access,
    bus,
    clock,
    log: createLog({ role: 'gateway', level: 'info', stream: { write: (line) => logLines.push(line) } }),
  });
  const endZone = options.withoutZone ? () => undefined : runZone(bus, clock);
  const stop = async (): Promise<void> => {
    await gateway.stop();
    endZone();
    bus.close();
  };
  onTestFinished(stop);
  const characters: string[] = [];
  const hello = async (): Promise<Uint8Array> => {
    const character = randomUUID();
    characters.push(character);
    const seat = { character, incarnation: 1, name: 'Merry Otter', login: `login of ${character}`, mutedUntilMs: 0 };
    const who = { player: `player of ${character}`, platform: 'web', cohorts: ['guest'] };
    const ticket = signTicket(ticketKey, { ...seat, ...who, expiresMs: clock.nowMs() + 30_000 });
    return encodeClientMessage({
      type: 'hello',
      newest: PROTOCOL_VERSION,
      oldest: OLDEST_VERSION,
      layout: world.fingerprint,
      ticket,
    });
  };
  const join = async (clientOptions: ClientOptions = {}): Promise<WebSocket> => {
    const socket = await openPlayer(gateway.url, clientOptions);
    socket.send(await hello());
    await nextMessage(socket, serverType.welcome);
    return socket;
  };
  return { running: gateway, url: gateway.url, logLines, api, bus, characters, hello, join, stop };
}

function runZone(bus: LocalBus, clock: SystemClock): () => void {
  const zone = new ZoneCore({
    served: serve(world, {}) as unknown as ServedWorld,
    zone: 1,
    epoch: 1,
    seed: 1,
    clock,
    options: {},
    ports: {
      toGateway: (gateway, bytes) => bus.publish(subjects.bundle(gateway), bytes),
      truth: (bytes) => bus.publish(subjects.truth(1), bytes),
      fault: (_where, error) => {
        throw error;
      },
    },
  });
  bus.subscribe(subjects.uplink(1), (bytes) => zone.uplink(bytes, clock.nowMs()));
  bus.subscribe(subjects.truthWanted(1), (bytes) => zone.wantTruth(decodeTruthWanted(bytes) ?? [], clock.nowMs()));
  const ticking = setInterval(() => zone.tick(Math.floor(clock.nowMs() / 50), clock.nowMs()), 50);
  return () => clearInterval(ticking);
}

/** An open WebSocket at /ws that has said nothing yet. */
export async function openPlayer(url: string, options: ClientOptions = {}): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, options);
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  return socket;
}

/** The next message of that type; several can come with one read, so all are looked at as they come. */
export function nextMessage(socket: WebSocket, type: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const look = (data: Buffer): void => {
      if (data[0] !== type) return;
      socket.off('message', look);
      resolve(data);
    };
    socket.on('message', look);
  });
}

/** The catalogue's code with which the server closed. */
export async function closeCode(socket: WebSocket): Promise<string> {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return errorOfClose(code) === reason.toString() ? reason.toString() : `${code} ${reason.toString()}`;
}
