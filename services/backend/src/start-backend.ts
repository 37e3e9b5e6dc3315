import { randomBytes } from 'node:crypto';
import { assert, type Clock, type ContentDeclarations } from '@lifeverse/base';
import type { ApiAccess, ApiPlace, SessionInfo } from '@lifeverse/contracts';
import {
  type CountingBus,
  type Database,
  Lifecycle,
  type Log,
  openDatabase,
  problem,
  publishTelemetry,
} from '@lifeverse/node-kit';
import { LifeverseError } from '@lifeverse/protocol';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Admission } from './admission/admission.ts';
import { startAdmission } from './admission/start-admission.ts';
import { Looks } from './audit/looks.ts';
import { auditRoutes } from './audit/routes.ts';
import { belongingsDesk } from './belongings/belongings-desk.ts';
import { serveDesk } from './characters/desk-service.ts';
import { PostgresDesk } from './characters/postgres-desk.ts';
import { characterRoutes } from './characters/routes.ts';
import { prices, stallPrices } from './content/market-prices.ts';
import { playerContentRoutes } from './content/player-routes.ts';
import { contentRoutes } from './content/routes.ts';
import { type RunningContent, startContent } from './content/start-content.ts';
import { sendProblem } from './http/answer-errors.ts';
import { createBackendApp } from './http/app.ts';
import { Callers } from './http/callers.ts';
import { listen } from './http/listen.ts';
import { ProblemSchema } from './http/problem-schema.ts';
import { StaffEntrance } from './http/staff-door.ts';
import { Journal, journalRoutes, PostgresStore } from './journal/index.ts';
import { BackendFigures } from './metrics/backend-figures.ts';
import { NameOffers } from './name-offers.ts';
import type { AccountLimits } from './players/account-limits.ts';
import type { OidcProviderOptions } from './players/oidc-provider.ts';
import { Players } from './players/players.ts';
import { playerRoutes } from './players/routes.ts';
import { StandingTeller } from './players/standing-teller.ts';
import type { Refunds } from './staff/refunds.ts';
import { staffRoutes } from './staff/routes.ts';
import { Sanctions } from './staff/sanctions.ts';
import { startRefunds } from './staff/start-refunds.ts';
import { knownCaller } from './toggles/known-caller.ts';
import { ofrepRoutes } from './toggles/ofrep-routes.ts';
import { toggleRoutes } from './toggles/routes.ts';
import { type RunningToggles, startToggles } from './toggles/start-toggles.ts';
import { PlanKeeper, type PlanKeeperOptions } from './zones/plan-keeper.ts';

export interface BackendSetup {
  /** In figures; there may be several on one database. */
  readonly name?: string;
  /** Its schema is up to date. */
  readonly databaseUrl: string;
  readonly bus: CountingBus;
  /** Of the gateways as well: tickets name its time. */
  readonly clock: Clock;
  readonly log: Log;
  /** Where browsers find this server: `https://play.example.org`. */
  readonly publicUrl: string;
  /** Where this server stands, as toggles name regions. */
  readonly region?: string | null;
  /** A folder for the socket of the HTTP API that one backend at a time uses; null: a temporary one. */
  readonly socketFolder: string | null;
  /** Where the HTTP API answers instead. */
  readonly apiPlace?: ApiPlace;
  /** Shared with gateways; drawn at random when left out, for gateways that this process starts. */
  readonly keys?: BackendKeys;
  /** Who brings it is not slowed down as a peer. */
  readonly operatorToken?: string;
  readonly accountLimits?: AccountLimits;
  /** Where players can log in besides; none when left out. */
  readonly providers?: readonly OidcProviderOptions[];
  /** Documents that the world declares. */
  readonly content?: ContentDeclarations;
  /** Of a cluster: how the world is parted into zones where it never was before. */
  readonly zones?: Pick<PlanKeeperOptions, 'first' | 'cells'>;
  /** Others than usual: for tests, which have no minutes to wait. */
  readonly patience?: Partial<Patience>;
}

/** What gateways and backends know, and nobody else. */
export interface BackendKeys {
  /** 32 bytes. */
  readonly ticketKey: Uint8Array;
  readonly apiSecret: string;
}

/** How long a database that does not answer is waited for. */
export interface Patience {
  /** For a connection, or one answer: then it cannot be reached. */
  readonly answerMs: number;
  /** Until the outcome of an operation is said to be unknown. */
  readonly outcomeMs: number;
  /** Until a character is frozen whose save has an unknown outcome. */
  readonly saveMs: number;
}

/** Below the six seconds in which a client takes a server for dead that does not answer. */
const usualPatience: Patience = { answerMs: 5_000, outcomeMs: 30_000, saveMs: 5_000 };

export interface RunningBackend {
  /** 32 secret bytes, for gateways to hold tickets against. */
  readonly ticketKey: Uint8Array;
  /** For gateways to reach the HTTP API. */
  readonly api: ApiAccess;
  stop(): Promise<void>;
}

const CONNECTIONS = 10;
const KEY_BYTES = 32;
const SWEEP_MS = 600_000;
/** The only one. */
const USUAL_NAME = 'backend';
/** What can be changed of every world while it runs; other documents are the world's own. */
const documents = { prices };

/** Builds and starts the backend: what must last, and the HTTP API to it. */
export async function startBackend(setup: BackendSetup): Promise<RunningBackend> {
  const life = new Lifecycle();
  try {
    return await start(setup, life);
  } catch (error) {
    await life.stop();
    throw error;
  }
}

/** What requests are answered with. */
interface Rooms {
  readonly database: Database;
  readonly players: Players;
  readonly admission: Admission;
  readonly refunds: Refunds;
  readonly toggles: RunningToggles;
  readonly content: RunningContent<typeof documents>;
  readonly characters: PostgresDesk;
}

async function start(setup: BackendSetup, life: Lifecycle): Promise<RunningBackend> {
  const { ticketKey, apiSecret: secret } = setup.keys ?? drawnKeys();
  const operatorToken = setup.operatorToken ?? null;
  const rooms = await startRooms(setup, ticketKey, life);
  const callers = new Callers({ secret, operatorToken, publicUrl: setup.publicUrl });
  const app = await createBackendApp({ log: setup.log, secret, routes: routesOf(rooms, callers, setup) });
  const place = await life.start(
    'HTTP API',
    () => listen(app, setup, life),
    () => app.close(),
  );
  return {
    ticketKey,
    api: { place, secret, operatorToken },
    stop: () => life.stop(),
  };
}

function drawnKeys(): BackendKeys {
  return {
    ticketKey: new Uint8Array(randomBytes(KEY_BYTES)),
    apiSecret: randomBytes(KEY_BYTES).toString('base64url'),
  };
}

async function startRooms(setup: BackendSetup, ticketKey: Uint8Array, life: Lifecycle): Promise<Rooms> {
  const { databaseUrl, bus, clock, log, publicUrl, accountLimits, providers = [] } = setup;
  const { answerMs, saveMs } = { ...usualPatience, ...setup.patience };
  const figures = new BackendFigures();
  const database = await life.start(
    'connections',
    () => openDatabase({ url: databaseUrl, maxConnections: CONNECTIONS, name: 'lifeverse-backend', answerMs }),
    (it) => it.close(),
  );
  const toggles = await life.start(
    'toggles',
    () => startToggles({ database, bus, clock, log }),
    (it) => it.stop(),
  );
  const content = await life.start(
    'content',
    () => startContent({ database, bus, log, declarations: documentsOf(setup) }),
    (it) => it.stop(),
  );
  const limits = accountLimits === undefined ? {} : { limits: accountLimits };
  const players = await life.start(
    'players',
    () => new Players({ database, clock, ticketKey, names: new NameOffers(), publicUrl, providers, ...limits }),
    (it) => it.close(),
  );
  await players.start();
  const teller = await life.start(
    'standing',
    () => new StandingTeller({ database, sessions: players.sessions, bus, clock, log }),
    (it) => it.stop(),
  );
  teller.start();
  await life.start('sweeping', () => sweeping(players, log), clearInterval);
  const { admission } = await life.start(
    'admission',
    () => startAdmission({ database, bus, clock, log, toggles: toggles.live, figures }),
    (it) => it.stop(),
  );
  const journal = await startJournal(setup, figures, life);
  const { refunds } = await life.start(
    'refunds',
    () => startRefunds({ database, journal, log }),
    (it) => it.stop(),
  );
  const durable = belongingsDesk({ database, journal, prices: stallPrices(content.live) });
  const desk = await life.start(
    'characters',
    () => new PostgresDesk({ database, log, durable, graceMs: saveMs }),
    (it) => it.stop(),
  );
  await life.start(
    'desk',
    () => serveDesk(bus, desk, figures, clock),
    (it) => it.stop(),
  );
  if (setup.zones !== undefined) await startPlan({ ...setup.zones, database, bus, clock, log }, life);
  await life.start(
    'telemetry',
    () =>
      publishTelemetry({
        bus,
        clock,
        role: 'backend',
        instance: setup.name ?? USUAL_NAME,
        figures: () => figures.take(),
      }),
    (end) => end(),
  );
  return { database, players, admission, refunds, toggles, content, characters: desk };
}

async function startPlan(options: PlanKeeperOptions, life: Lifecycle): Promise<void> {
  const keeper = await life.start(
    'plan of the zones',
    () => new PlanKeeper(options),
    (it) => it.stop(),
  );
  keeper.start();
}

async function startJournal(
  { databaseUrl, clock, log, patience }: BackendSetup,
  figures: BackendFigures,
  life: Lifecycle,
): Promise<Journal> {
  const store = await life.start(
    'journal store',
    () => new PostgresStore(databaseUrl, patience?.answerMs),
    (it) => it.close(),
  );
  const failed = (error: unknown): void => log.error({ err: error }, 'the journal failed');
  const journal = await life.start(
    'journal',
    () => new Journal({ store, clock, failed, figures, unknownMs: patience?.outcomeMs ?? usualPatience.outcomeMs }),
    (it) => it.close(),
  );
  figures.gauges(() => ({ journal_waiting: journal.waiting, journal_down: journal.down ? 1 : 0 }));
  return journal;
}

function documentsOf({ content = {} }: BackendSetup): typeof documents {
  for (const name of Object.keys(documents))
    assert(!Object.hasOwn(content, name), `a document ${name} is there already`);
  return { ...content, ...documents };
}

function sweeping(players: Players, log: Log): NodeJS.Timeout {
  return setInterval(() => {
    players.sweep().catch((error: unknown) => log.warn({ err: error }, 'what is over could not be removed'));
  }, SWEEP_MS);
}

function routesOf(
  rooms: Rooms,
  callers: Callers,
  { publicUrl, clock, region = null }: BackendSetup,
): FastifyPluginAsync[] {
  const { database, players, admission, refunds, toggles, content, characters } = rooms;
  const staff = new StaffEntrance(callers, players.sessions);
  const looks = new Looks(database, clock);
  const session = async (request: FastifyRequest): Promise<SessionInfo> => {
    const info = await players.sessions.verify(callers.caller(request).token ?? '');
    if (typeof info === 'string') throw new LifeverseError(info);
    return info;
  };
  return [
    playerRoutes({
      players,
      admission,
      publicUrl,
      seams: {
        caller: (request) => callers.caller(request),
        keepSession: (reply, session) => callers.keepSession(reply, session),
        refuse: (reply, { refused, retryAfterMs }) => sendProblem(reply, problem(refused), retryAfterMs),
        problem: ProblemSchema,
      },
    }),
    toggleRoutes({ desk: toggles.desk, staff }),
    ofrepRoutes({ live: toggles.live, known: knownCaller({ database, sessions: players.sessions, callers, region }) }),
    contentRoutes({ desk: content.desk, staff }),
    playerContentRoutes(content.live),
    auditRoutes({ database, staff, looks }),
    staffRoutes({
      database,
      entrance: staff,
      sanctions: new Sanctions(database, players.sessions),
      refunds,
      freezer: characters.freezer,
      looks,
      problem: ProblemSchema,
    }),
    characterRoutes({ database, problem: ProblemSchema, session }),
    journalRoutes({ database, problem: ProblemSchema, session }),
  ];
}
