import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, Random } from '@lifeverse/base';
import { type Bus, decodeDeskRequest, decodePresence, type LiveToggles, subjects } from '@lifeverse/contracts';
import type { Database, Log } from '@lifeverse/node-kit';
import type { BackendFigures } from '../metrics/backend-figures.ts';
import { PRESENCE_LEASE_S } from '../presence/presence-query.ts';
import { Admission } from './admission.ts';
import { lastingSecret } from './lasting-secret.ts';
import { Seats } from './seats.ts';
import { Visitors } from './visitors.ts';
import { defaultRoomLimits, type RoomLimits, WaitingRoom } from './waiting-room.ts';

export interface AdmissionSetup {
  readonly database: Database;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly toggles: Pick<LiveToggles, 'get'>;
  readonly limits?: RoomLimits;
  readonly figures?: BackendFigures;
}

export interface RunningAdmission {
  readonly admission: Admission;
  stop(): void;
}

const TICK_MS = 1_000;
const PROBE_MS = 500;

/** The gate, with what it has to know: who is in the world, by what owners of zones tell, and how many may be. */
export async function startAdmission(setup: AdmissionSetup): Promise<RunningAdmission> {
  const { database, bus, clock, log, toggles, limits = defaultRoomLimits } = setup;
  // The wall clock once: set back later, it changes no order.
  const offsetMs = Date.now() - clock.nowMs();
  const wallMs = (): number => offsetMs + clock.nowMs();
  const key = await lastingSecret(database, 'places');
  const room = new WaitingRoom(limits, new Random(Date.now() % 0xffff_ffff), wallMs());
  const seats = new Seats((nowMs, freed) => room.freed(nowMs, freed));
  await restore(seats, database, wallMs());
  const stopped = new AbortController();
  const admission = new Admission({
    key,
    room,
    seats,
    visitors: new Visitors(database),
    limits: () => ({ capacity: toggles.get('worldCapacity'), joinsPerS: toggles.get('joinsPerS') }),
    wallMs,
    ...(setup.figures === undefined ? {} : { figures: setup.figures }),
    recovery: () => recovered(database, log, stopped.signal),
  });
  const unsubscribe = bus.subscribe(subjects.desk, (bytes) => {
    const request = decodeDeskRequest(bytes);
    if (request?.kind !== 'presence') return;
    const changes = decodePresence(request.body);
    if (changes !== undefined) seats.said(request.zone, request.epoch, changes, wallMs());
  });
  const timer = setInterval(() => admission.tick(), TICK_MS);
  return {
    admission,
    stop: () => {
      stopped.abort();
      clearInterval(timer);
      unsubscribe();
    },
  };
}

/** Who stood in the world when this process began, while zones speak that were there before. */
async function restore(seats: Seats, database: Database, nowMs: number): Promise<void> {
  const rows = await database.query<{ zone: bigint; epoch: bigint; characters: string[] }>(
    `SELECT l.zone, l.epoch, array_agg(p.character::text) AS characters
     FROM presence_leases l JOIN presence p ON p.zone = l.zone AND p.epoch = l.epoch AND p.state <> 'offline'
     WHERE l.said_at > now() - make_interval(secs => ${PRESENCE_LEASE_S}) GROUP BY l.zone, l.epoch`,
  );
  for (const { zone, epoch, characters } of rows) seats.restore(Number(zone), Number(epoch), characters, nowMs);
}

/** Resolves when the database answers again. */
async function recovered(database: Database, log: Log, stopped: AbortSignal): Promise<void> {
  log.warn('nobody can be let in: the database cannot be asked');
  while (!stopped.aborted) {
    await sleep(PROBE_MS, undefined, { signal: stopped }).catch(() => undefined);
    const answers = await database.query('SELECT 1').then(
      () => true,
      () => false,
    );
    if (!answers) continue;
    log.info('the database answers again: who waits is let in');
    return;
  }
}
