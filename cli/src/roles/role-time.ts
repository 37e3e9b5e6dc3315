import type { Bus } from '@lifeverse/contracts';
import {
  openBusTime,
  openDatabaseTime,
  type ServerTime,
  type TimeOptions,
  type TimeStanding,
} from '@lifeverse/node-kit';
import { CLOCK_UNCERTAINTY_MS } from '@lifeverse/world';
import { endWhenLost } from '../start/own-lease.ts';
import type { RoleStart } from './run-role.ts';
import { stepSentence, type TimeSource, timeWait } from './time-wait.ts';

/** Beyond this, clients set their clocks anew rather than slew them. */
const FOR_PLAYERS_MS = 250;

/** The world's time for who owns zones. Waits until it is known well enough for that. */
export function ownersTime(databaseUrl: string, start: RoleStart): Promise<ServerTime> {
  return open(start, { teller: 'database', withinMs: CLOCK_UNCERTAINTY_MS }, (options) =>
    openDatabaseTime(databaseUrl, options),
  );
}

/** The world's time for a backend. Waits until the database tells it. */
export function backendsTime(databaseUrl: string, start: RoleStart): Promise<ServerTime> {
  return open(start, { teller: 'database', withinMs: FOR_PLAYERS_MS }, (options) =>
    openDatabaseTime(databaseUrl, options),
  );
}

/** The world's time for a gateway, which has no database. Waits for a backend. */
export function gatewaysTime(bus: Bus, gateway: string, start: RoleStart): Promise<ServerTime> {
  return open(start, { teller: 'backend', withinMs: FOR_PLAYERS_MS }, (options) => openBusTime(bus, gateway, options));
}

function open(
  { life, log, signal, waits }: RoleStart,
  source: TimeSource,
  from: (options: TimeOptions) => Promise<ServerTime>,
): Promise<ServerTime> {
  let stepped = false;
  const asked = (standing: TimeStanding): void => {
    const wait = timeWait(standing, source);
    for (const what of ['time', 'backend'] as const) if (wait?.what !== what) waits.end(what);
    if (wait !== null) waits.begin(wait.what, wait.why);
    if (standing.steppedMs === 0 || stepped) return;
    stepped = true;
    endWhenLost(life, log)(stepSentence(standing.steppedMs));
  };
  return life.start(
    'time',
    () => from({ signal, withinMs: source.withinMs, asked }),
    (it) => it.stop(),
  );
}
