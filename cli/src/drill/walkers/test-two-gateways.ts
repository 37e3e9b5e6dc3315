import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiAccess, subjects } from '@lifeverse/contracts';
import { gatewayOptions, type RunningGateway, startGateway } from '@lifeverse/gateway';
import { createLog, LocalBus, readOptions, SystemClock, signTicket } from '@lifeverse/node-kit';
import { ZoneCore } from '@lifeverse/world';
import { onTestFinished } from 'vitest';
import type { Counting } from './counting-world.ts';

const TICK_MS = 50;
const TICKET_MS = 30_000;

export interface TwoGateways {
  readonly gateways: readonly RunningGateway[];
  readonly urls: readonly URL[];
}

/** Two gateways on free ports, one zone of that world behind them, and who gives tickets; stopped when the test ends. */
export async function startTwoGateways(served: Counting): Promise<TwoGateways> {
  const bus = new LocalBus();
  const clock = new SystemClock();
  const ticketKey = new Uint8Array(randomBytes(32));
  const api = await startTickets(ticketKey, clock);
  const log = createLog({ role: 'gateway', level: 'silent' });
  const { world } = served;
  const about = { layoutFingerprint: world.fingerprint, mapFingerprint: world.map.fingerprint };
  const gateways: RunningGateway[] = [];
  for (const gateway of ['gateway-1', 'gateway-2'])
    gateways.push(
      await startGateway({
        ...{ gateway, zones: { zone: 1 }, layout: world.layout, world: { name: world.name, options: {}, ...about } },
        ...{ options: readOptions(gatewayOptions, ['--port', '0'], {}), assets: null, publicUrl: 'listening' },
        ...{ ticketKey, api, bus, clock, log },
      }),
    );
  const endZone = runZone(served, bus, clock);
  onTestFinished(async () => {
    for (const gateway of gateways) await gateway.stop();
    endZone();
    bus.close();
  });
  return { gateways, urls: gateways.map(({ url }) => new URL(`${url}/`)) };
}

function runZone(served: Counting, bus: LocalBus, clock: SystemClock): () => void {
  const zone = new ZoneCore({
    ...{ served: served as never, zone: 1, epoch: 1, seed: 1, clock, options: {} },
    ports: {
      toGateway: (gateway, bytes) => bus.publish(subjects.bundle(gateway), bytes),
      truth: () => undefined,
      fault: (_where, error) => {
        throw error;
      },
    },
  });
  bus.subscribe(subjects.uplink(1), (bytes) => zone.uplink(bytes, clock.nowMs()));
  const ticking = setInterval(() => zone.tick(Math.floor(clock.nowMs() / TICK_MS), clock.nowMs()), TICK_MS);
  return () => clearInterval(ticking);
}

/** What a backend is to a gateway here: each session is a character of its own, each of whose tickets has the next incarnation. */
async function startTickets(ticketKey: Uint8Array, clock: SystemClock): Promise<ApiAccess> {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-tickets-'));
  const place = { socketPath: join(folder, 'api.sock') };
  const incarnations = new Map<string, number>();
  const server = createServer((request, response) => {
    void bodyOf(request).then(({ name = 'Nobody', session = randomUUID() }) => {
      const incarnation = (incarnations.get(session) ?? 0) + 1;
      incarnations.set(session, incarnation);
      const seat = { character: session, incarnation, name, login: session, mutedUntilMs: 0 };
      const who = { player: session, platform: '', cohorts: [], expiresMs: clock.nowMs() + TICKET_MS };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ticket: signTicket(ticketKey, { ...seat, ...who }), session, name }));
    });
  });
  server.listen(place.socketPath);
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });
  return { place, secret: randomBytes(32).toString('base64url'), operatorToken: null };
}

async function bodyOf(request: IncomingMessage): Promise<{ readonly name?: string; readonly session?: string }> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString());
}
