import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BackendSetup, migrations, type RunningBackend, startBackend } from '@lifeverse/backend';
import { decodeTruth, encodeTruthWanted, subjects, type TruthRecord } from '@lifeverse/contracts';
import { gatewayOptions, startGateway } from '@lifeverse/gateway';
import {
  createLog,
  decodeTelemetry,
  keepHeapSmall,
  LocalBus,
  migrate,
  openDatabase,
  SystemClock,
  startEmbeddedServer,
} from '@lifeverse/node-kit';
import { open } from '@lifeverse/open';
import { rules } from '@lifeverse/open/server';
import { type ServedWorld, serve } from '@lifeverse/world';
import { startZone } from '@lifeverse/zone';
import { Course } from '../../movement.ts';
import type { Scenario } from '../../scenario.ts';
import type { ServerSettings } from '../peer.ts';
import { type MeasuredServer, serveHarness } from '../server-side.ts';
import { truthSubjects, WindowLog } from '../window-log.ts';

const HOST = '127.0.0.1';
const ZONE = 1;
const TRUTH_EVERY_MS = 2_000;
const PLAYERS_PER_RULE = 1_000_000;

/** The world of a scenario: everyone appears where their course begins; a name is `p` and the player's number. */
function served(scenario: Scenario, joined: (player: number, id: number) => void): ServedWorld {
  const world = open({ areaM2: scenario.sideM * scenario.sideM });
  const { systems = [] } = rules(world, { storm: scenario.kind === 'storm' }).rules;
  const served = serve(world, {
    systems,
    join: ({ self, guest }) => {
      const player = Number(guest.name.slice(1)) % PLAYERS_PER_RULE;
      const course = new Course(scenario, player);
      self.teleport({ x: course.xM, y: course.yM });
      joined(player, self.id);
    },
  });
  return served as unknown as ServedWorld;
}

/** Figures that the roles tell once a second, of the measured window. */
class Told {
  tickMs: number[] = [];
  fanoutMs: number[] = [];
  skippedAtBegin = 0;
  skipped = 0;

  take(bytes: Uint8Array): void {
    const report = decodeTelemetry(bytes);
    if (report === undefined) return;
    const { step_ms = [], encode_ms = [], fan_out_ms = [] } = report.samples;
    step_ms.forEach((ms, i) => {
      this.tickMs.push(ms + (encode_ms[i] ?? 0));
    });
    this.fanoutMs.push(...fan_out_ms);
    this.skipped = report.counters.ticks_skipped ?? this.skipped;
  }

  begin(): void {
    this.tickMs = [];
    this.fanoutMs = [];
    this.skippedAtBegin = this.skipped;
  }
}

/** The backend with a database of its own, forgotten with the process. */
async function startKept(setup: Pick<BackendSetup, 'bus' | 'clock' | 'log'>): Promise<RunningBackend> {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-bench-'));
  // The database ends a moment after this process.
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  const { url } = await startEmbeddedServer({ folder });
  const database = openDatabase({ url, maxConnections: 1 });
  await migrate(database, migrations);
  await database.close();
  const operatorToken = randomBytes(32).toString('base64url');
  return startBackend({
    ...setup,
    databaseUrl: url,
    publicUrl: 'http://127.0.0.1',
    socketFolder: folder,
    operatorToken,
  });
}

/** The whole server as `npm start` runs it: zone, gateway and backend in one thread, on the bus within it. */
async function start({ scenario }: ServerSettings): Promise<MeasuredServer> {
  keepHeapSmall();
  const clock = new SystemClock();
  const bus = new LocalBus();
  const log = createLog({ role: 'bench', level: 'error' });
  const window = new WindowLog(truthSubjects(scenario));
  const idOf = new Map<number, number>();
  const world = served(scenario, (player, id) => idOf.set(player, id));
  const { ticketKey, api } = await startKept({ bus, clock, log });
  await startZone({ zone: ZONE, epoch: 1, seed: scenario.seed, served: world, worldOptions: {}, bus, clock, log });
  const defaults = Object.fromEntries(Object.entries(gatewayOptions).map(([name, option]) => [name, option.default]));
  const { layout, fingerprint } = world.world;
  const gateway = await startGateway({
    gateway: 'bench',
    zones: { zone: ZONE },
    layout,
    world: { name: 'open', options: {}, layoutFingerprint: fingerprint, mapFingerprint: layout.mapFingerprint },
    options: { ...defaults, port: 0, host: HOST, unjoinedPerAddress: 1_000 } as never,
    assets: null,
    ticketKey,
    api,
    bus,
    clock,
    log,
  });
  const told = new Told();
  bus.subscribe(subjects.telemetry, (bytes) => told.take(bytes));
  bus.subscribe(subjects.truth(ZONE), (bytes) => {
    const record = decodeTruth(bytes);
    if (record !== undefined) recordTick(window, record, idOf, clock.originMachineMs, layout.tickHz);
  });
  const wanted = (): void => {
    const ids = [...truthSubjects(scenario)].map((player) => idOf.get(player) ?? 0);
    bus.publish(subjects.truthWanted(ZONE), encodeTruthWanted(ids));
  };
  wanted();
  setInterval(wanted, TRUTH_EVERY_MS);
  return {
    target: {
      host: HOST,
      port: Number(new URL(gateway.url).port),
      details: { originMs: clock.originMachineMs, operatorToken: api.operatorToken ?? '' },
    },
    settle: () => Promise.resolve(),
    begin: () => {
      wanted();
      told.begin();
      window.begin();
    },
    end: () =>
      window.end({
        tickMs: Float64Array.from(told.tickMs),
        fanoutMs: Float64Array.from(told.fanoutMs),
        ticksSkipped: told.skipped - told.skippedAtBegin,
      }),
  };
}

/** One record of the truth is one tick. */
function recordTick(
  window: WindowLog,
  record: TruthRecord,
  idOf: Map<number, number>,
  originMs: number,
  tickHz: number,
): void {
  window.worked(idOf.size, 0);
  const places = new Map(record.entities.map((entity) => [entity.id, entity]));
  window.truth(originMs + (record.tick * 1_000) / tickHz, (row, subjects) => {
    subjects.forEach((player, i) => {
      const place = places.get(idOf.get(player) ?? 0);
      row[i * 2] = (place?.xMm ?? 0) / 1_000;
      row[i * 2 + 1] = (place?.yMm ?? 0) / 1_000;
    });
  });
}

serveHarness(start);
