import type { Server as TlsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@lifeverse/base';
import {
  type ApiAccess,
  decodeExpulsion,
  decodeMutings,
  decodeZonePlan,
  followToggles,
  LiveToggles,
  subjects,
  type ZoneTree,
} from '@lifeverse/contracts';
import {
  type CountingBus,
  decodeTelemetry,
  Lifecycle,
  type Log,
  MetricsPage,
  type OptionValues,
  publishTelemetry,
  type TicketClaims,
  TicketDoor,
  Waits,
} from '@lifeverse/node-kit';
import type { ErrorCode, WorldLayout } from '@lifeverse/protocol';
import { GatewayCore, type Redeemed } from './core/index.ts';
import { Draining } from './draining.ts';
import { FanOutPump } from './fan-out-pump.ts';
import { GatewayFigures, type GatewayParts } from './gateway-figures.ts';
import { addressOf, exchangeNotices, type Notices } from './gateway-notices.ts';
import { createWebApp, type WorldDescription } from './http/app.ts';
import {
  type CertificatePaths,
  certificatePaths,
  readCertificate,
  watchCertificate,
} from './http/certificate-files.ts';
import { TicketLimit } from './http/ticket-limit.ts';
import { createWebServer, listen, secureOptions, type WebServer } from './http/web-server.ts';
import { KnownGateways } from './known-gateways.ts';
import type { gatewayOptions } from './options.ts';
import { hostAndPort } from './sockets/address.ts';
import { Visits } from './sockets/visits.ts';
import { acceptUpgrades } from './upgrades.ts';

export interface GatewaySetup {
  /** This gateway's name on the bus. */
  readonly gateway: string;
  /** Which zone has which cells, to begin with. */
  readonly zones: ZoneTree;
  /** Of the arrangement that they are of; the first when left out. */
  readonly generation?: number;
  readonly layout: WorldLayout;
  readonly world: WorldDescription;
  readonly options: OptionValues<typeof gatewayOptions>;
  /**
   * Where players find this gateway when they lose another one: an origin, or `listening` for where it listens. Nobody is
   * told when left out.
   */
  readonly publicUrl?: string | null;
  /** Another process may listen at the same port: one that takes the place of this one. */
  readonly sharePort?: boolean;
  /** Folder of the built page; null when there is none. */
  readonly assets: string | null;
  readonly ticketKey: Uint8Array;
  /** Where the backend answers HTTP. */
  readonly api: ApiAccess;
  readonly bus: CountingBus;
  readonly clock: Clock;
  readonly log: Log;
  /** What its process waits for besides; the gateway adds what it lacks itself. */
  readonly waits?: Waits;
}

export interface RunningGateway {
  /** For people: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** In the world by this gateway, or on the way into it. */
  readonly players: number;
  readonly draining: boolean;
  /**
   * Hands its players over to other gateways while they play, and takes no new ones. They are asked within half of the time, ms,
   * and told how much there is; nobody is cut off at its end. False, and nothing is done, while no other gateway is heard.
   */
  drain(withinMs?: number): boolean;
  /** Keeps the players who are still here, and takes others again. Rejects with a ConfigurationError when it cannot listen any more. */
  resume(): Promise<void>;
  /** Closes every player with `server_stopping`, then everything else. */
  stop(): Promise<void>;
}

const TIMER_MS = 50;
const DRAIN_MS = 60_000;
/** Without a bundle for so long, what else there is to be told does not wait for one. */
const SILENT_MS = 250;
/** A zone whose bundles stop for so long is not one to send players to. */
const READY_MS = 2_000;
/** How long closing sockets may take to tell their players why. */
const FAREWELL_MS = 1_000;
const FAREWELL_LOOK_MS = 20;

/** Builds and starts a gateway. Throws a ConfigurationError when it cannot listen as told. */
export async function startGateway(setup: GatewaySetup): Promise<RunningGateway> {
  const life = new Lifecycle();
  try {
    return await start(setup, life);
  } catch (error) {
    await life.stop();
    throw error;
  }
}

async function start(setup: GatewaySetup, life: Lifecycle): Promise<RunningGateway> {
  const { bus, clock, options } = setup;
  const [tls, toggles] = [certificatePaths(options), new LiveToggles(clock)];
  const gateways = new KnownGateways(setup.gateway);
  const { homes, better } = steering(setup, gateways);
  const parts = buildParts(setup, toggles, better);
  const { core, visits } = parts;
  const [figures, page] = [new GatewayFigures(parts), new MetricsPage(clock)];
  const allows = (origin: string): boolean => options.allowedOrigins.includes(origin) || gateways.has(origin);
  let stopping = false;
  const server = countedServer(options, visits);
  const app = await createWebApp({
    ...setup,
    server,
    gateways,
    better,
    allows,
    waitsFor: waitsFor(setup, core, () => stopping),
    players: () => core.gauges().players ?? 0,
    metrics: () => page.render(),
    mayHaveTicket: ticketLimit(setup),
    counted: (what) => figures.count(what),
  });
  await life.start(
    'web app',
    () => app,
    () => app.close(),
  );
  await life.start(
    'bus',
    () => subscribe(setup, page, parts, { live: toggles, homes }),
    (end) => end(),
  );
  await life.start('timer', () => startTimer(parts, clock), clearInterval);
  await life.start(
    'telemetry',
    () => publishTelemetry({ bus, clock, role: 'gateway', instance: setup.gateway, figures: () => figures.take() }),
    (end) => end(),
  );
  acceptUpgrades(server, {
    ...setup,
    core,
    visits,
    allows,
    heard: flushSoon(core, clock),
    joined: (socket) => visits.joined(socket),
    listening: () => listeningAddress(server),
    stopping: () => stopping || core.leaves,
    refused: (code) => figures.count(`refusals/${code}`),
    upgraded: () => figures.count('upgrades'),
  });
  const place = { ...options, isShared: setup.sharePort === true };
  const { port } = await life.start(
    'listening',
    () => listen(server, place),
    () => closeServer(server, core, visits, clock),
  );
  const url = `${tls === null ? 'http' : 'https'}://${hostAndPort(options.host, port)}`;
  await startRenewals(setup, { life, server, tls, figures });
  const { say } = await startNotices(setup, { life, known: gateways, url, players: () => core.players });
  const draining = new Draining({
    ...{ core, clock, known: gateways, say, region: options.region ?? '' },
    closeDoor: () => server.close(),
    openDoor: async () => void (await listen(server, { ...place, port })),
  });
  return running({ url, core, draining }, () => {
    stopping = true;
    return life.stop();
  });
}

interface Running {
  readonly url: string;
  readonly core: GatewayCore;
  readonly draining: Draining;
}

function running({ url, core, draining }: Running, stop: () => Promise<void>): RunningGateway {
  return {
    url,
    get players() {
      return core.players;
    },
    get draining() {
      return draining.begun;
    },
    drain: (withinMs = DRAIN_MS) => draining.begin(withinMs),
    resume: () => draining.end(),
    stop,
  };
}

interface NoticeParts {
  readonly life: Lifecycle;
  readonly known: KnownGateways;
  /** Where it listens. */
  readonly url: string;
  players(): number;
}

function startNotices(
  { gateway: name, bus, clock, options, publicUrl = null }: GatewaySetup,
  { life, known, url, players }: NoticeParts,
): Promise<Notices> {
  const address = addressOf(publicUrl, url);
  const region = options.region ?? '';
  return life.start(
    'notices',
    () => exchangeNotices({ bus, clock, known, name, address, region, players }),
    (it) => it.end(),
  );
}

interface Renewals {
  readonly life: Lifecycle;
  readonly server: WebServer;
  readonly tls: CertificatePaths | null;
  readonly figures: GatewayFigures;
}

async function startRenewals({ log }: GatewaySetup, { life, server, tls, figures }: Renewals): Promise<void> {
  if (tls === null) return;
  await life.start(
    'certificates',
    () => renewing(server as TlsServer, tls, figures, log),
    (end) => end(),
  );
}

function countedServer(options: GatewaySetup['options'], visits: Visits): WebServer {
  const tls = certificatePaths(options);
  const server = createWebServer(tls === null ? null : readCertificate(tls), options);
  server.on('connection', (socket) => visits.enter(socket));
  server.on('drop', () => visits.refused++);
  return server;
}

function buildParts(
  { bus, clock, gateway, zones, layout, ticketKey, options }: GatewaySetup,
  toggles: LiveToggles,
  better: (zone: number) => string | null,
): GatewayParts {
  const door = new TicketDoor(ticketKey);
  const core = new GatewayCore({
    gateway,
    // Milliseconds since 1970: later with every start, and never compared with a time.
    generation: Date.now(),
    layout,
    zones,
    viewRadiusCellsFor: (audience) => toggles.get('viewRadiusCells', audience),
    bytesPerSFor: (audience) => toggles.get('bytesPerSPerPlayer', audience),
    ports: {
      toZone: (to, bytes) => bus.publish(subjects.uplink(to), bytes),
      redeem: (ticket, nowMs) => redeemed(door.redeem(ticket, nowMs), options.region),
      better,
      allocate: (bytes) => Buffer.allocUnsafeSlow(bytes),
    },
  });
  return { core, pump: new FanOutPump(core, clock), visits: new Visits(options) };
}

function redeemed(claims: TicketClaims | ErrorCode, region: string | null): Redeemed | ErrorCode {
  if (typeof claims === 'string') return claims;
  const { player, platform, cohorts, ...seat } = claims;
  const where = { ...(platform === '' ? {} : { platform }), ...(region === null ? {} : { region }) };
  return { ...seat, audience: { targetingKey: player, cohort: cohorts, ...where } };
}

function ticketLimit({ clock, options }: GatewaySetup): (address: string) => boolean {
  const limit = new TicketLimit(options);
  return (address) => limit.take(address, clock.nowMs());
}

function subscribe(
  setup: GatewaySetup,
  page: MetricsPage,
  { core, pump }: GatewayParts,
  { live, homes }: { live: LiveToggles; homes: ZoneHomes },
): () => void {
  const { bus, clock, gateway, log } = setup;
  const refused = (toggle: object): void => log.error(toggle, 'a toggle has a version that this gateway does not take');
  const ends = [
    followToggles({ bus, clock, live, refused }),
    bus.subscribe(subjects.expulsion, (bytes) => {
      const expulsion = decodeExpulsion(bytes);
      if (expulsion !== undefined) core.verdicts.expel(expulsion, clock.nowMs());
      core.flush(clock.nowMs());
    }),
    bus.subscribe(subjects.muting, (bytes) => {
      const mutings = decodeMutings(bytes);
      if (mutings !== undefined) core.verdicts.mute(mutings, clock.nowMs());
      core.flush(clock.nowMs());
    }),
    bus.subscribe(subjects.bundle(gateway), (bytes) => pump.bundle(bytes)),
    followPlan(setup, core, homes),
    bus.subscribe(subjects.telemetry, (bytes) => {
      const report = decodeTelemetry(bytes);
      if (report !== undefined) page.take(report);
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Cells go from zone to zone as the plan says, and players to the gateways of these. Where there is one zone, nobody tells one. */
function followPlan({ bus, clock, generation = 1 }: GatewaySetup, core: GatewayCore, homes: ZoneHomes): () => void {
  let known = generation;
  return bus.subscribe(subjects.plan, (bytes) => {
    const plan = decodeZonePlan(bytes);
    if (plan === undefined) return;
    if (plan.generation > homes.generation) Object.assign(homes, { generation: plan.generation, of: plan.homes });
    const { arrangement } = plan;
    if (arrangement.generation <= known) return;
    known = arrangement.generation;
    core.rearrange(arrangement.zones, clock.nowMs(), arrangement.former);
  });
}

/** Where players of a zone are better served, by the homes that the plan tells. */
function steering({ options }: GatewaySetup, gateways: KnownGateways) {
  const homes: ZoneHomes = { generation: 0, of: new Map() };
  const better = (zone: number): string | null => gateways.better(homes.of.get(zone) ?? [], options.region ?? '');
  return { homes, better };
}

/** Which gateways are to have the players of which zones, by the newest plan. */
interface ZoneHomes {
  generation: number;
  of: ReadonlyMap<number, readonly string[]>;
}

/** What newcomers would miss: of the gateway itself, and of its process. */
function waitsFor(
  { clock, log, waits = new Waits(log) }: GatewaySetup,
  core: GatewayCore,
  stopping: () => boolean,
): () => string[] {
  waits.look(() => {
    if (stopping()) return { what: 'start', why: 'it is being stopped' };
    if (core.leaves) return { what: 'start', why: 'its players are handed over to other gateways' };
    const isHeard = clock.nowMs() - core.lastBundleMs < READY_MS;
    return isHeard ? null : { what: 'zone', why: 'it has not been heard for 2 s' };
  });
  return () => waits.list().map(({ what }) => what);
}

/** Looks after deadlines, and writes what is to be told though no bundle comes. */
function startTimer({ core, pump }: GatewayParts, clock: Clock): NodeJS.Timeout {
  return setInterval(() => {
    const nowMs = clock.nowMs();
    core.timer(nowMs);
    if (nowMs - core.lastBundleMs > SILENT_MS) pump.whileSilent();
  }, TIMER_MS);
}

/** Passes on what a turn's messages led to, once, when the turn's sockets are read. */
function flushSoon(core: GatewayCore, clock: Clock): () => void {
  let scheduled = false;
  const flush = (): void => {
    scheduled = false;
    core.flush(clock.nowMs());
  };
  return () => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  };
}

function listeningAddress(server: WebServer): string {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.address : '';
}

function renewing(server: TlsServer, paths: CertificatePaths, figures: GatewayFigures, log: Log): () => void {
  return watchCertificate(
    paths,
    (renewed) => {
      if (renewed instanceof Error) {
        figures.count('tls_renewal_failures');
        log.error({ reason: renewed.message }, 'the renewed certificate cannot be used; the former stays');
        return;
      }
      server.setSecureContext(secureOptions(renewed));
      figures.count('tls_renewals');
      log.info({ certificate: paths.certPath }, 'the renewed certificate is in use');
    },
    log,
  );
}

async function closeServer(server: WebServer, core: GatewayCore, visits: Visits, clock: Clock): Promise<void> {
  server.close();
  core.stop('server_stopping', clock.nowMs());
  server.closeIdleConnections();
  const untilMs = clock.nowMs() + FAREWELL_MS;
  while (visits.open > 0 && clock.nowMs() < untilMs) await sleep(FAREWELL_LOOK_MS);
  visits.destroy();
}
