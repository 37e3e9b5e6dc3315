import { decodeExpulsion, decodeMutings, type Expulsion, type Muting, subjects } from '@lifeverse/contracts';
import { createLog, LocalBus, openDatabase, SystemClock } from '@lifeverse/node-kit';
import { TestProxy } from '@lifeverse/node-kit/test-proxy';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StandingTeller, type StandingTellerOptions } from './standing-teller.ts';
import { caller, granted, playersGround } from './test-players.ts';

const ground = await playersGround();
const players = await ground.players();
const clock = new SystemClock();
const log = createLog({ role: 'test', level: 'silent' });
/** Nothing is ever heard: whatever is told was looked up. */
const deaf: StandingTellerOptions['sessions'] = { onChange: () => () => undefined, onListening: () => () => undefined };
const NEVER_MS = 1_000_000;
const OFTEN_MS = 20;

interface Told {
  readonly logins: string[];
  readonly suspended: string[];
  readonly mutings: Muting[];
}

/** What gateways are told from now on by a teller of its own. */
function tell({
  sessions = deaf,
  againMs = OFTEN_MS,
  url = ground.url,
}: Partial<StandingTellerOptions & { url: string }>) {
  const bus = new LocalBus();
  const told: Told = { logins: [], suspended: [], mutings: [] };
  bus.subscribe(subjects.expulsion, (bytes) => {
    const { logins, seats } = decodeExpulsion(bytes) as Expulsion;
    told.logins.push(...logins);
    told.suspended.push(...seats.map(({ character }) => character));
  });
  bus.subscribe(subjects.muting, (bytes) => told.mutings.push(...(decodeMutings(bytes) ?? [])));
  const database = openDatabase({ url, maxConnections: 1 });
  const teller = new StandingTeller({ database, sessions, bus, clock, log, againMs });
  teller.start();
  onTestFinished(async () => {
    teller.stop();
    await database.close();
    bus.close();
  });
  return told;
}

async function somebody() {
  const { player, session: token } = granted(await players.guest(undefined, caller()));
  const [row] = await ground.database.query<{ session: string; character: string }>(
    `SELECT s.id AS session, c.id AS character FROM sessions s JOIN characters c ON c.player = s.player
     WHERE s.player = $1`,
    [player],
  );
  return { player, token, session: row?.session ?? '', character: row?.character ?? '' };
}

const set = (player: string, change: string) =>
  ground.database.query(`UPDATE players SET ${change} WHERE id = $1`, [player]);
const within = { timeout: 10_000 };

describe('[GW21] gateways are told', () => {
  it('what was decided while nobody listened, and what was while there was no backend', async () => {
    const [ended, expired, quiet, out] = [await somebody(), await somebody(), await somebody(), await somebody()];
    await players.sessions.end(ended.player, ended.session);
    const told = tell({});
    await expect.poll(() => told.logins, within).toContain(ended.session);
    await ground.database.query(`UPDATE sessions SET expires_at = now() WHERE id = $1`, [expired.session]);
    await set(quiet.player, `muted_until = now() + interval '1 hour'`);
    await set(out.player, `suspended_until = now() + interval '1 hour'`);
    await expect.poll(() => told.logins, within).toContain(expired.session);
    await expect.poll(() => told.suspended, within).toContain(out.character);
    await expect.poll(() => told.mutings.map(({ character }) => character), within).toContain(quiet.character);
    const untilMs = told.mutings.find(({ character }) => character === quiet.character)?.untilMs ?? 0;
    expect(untilMs - clock.nowMs()).toBeGreaterThan(3_500_000);
    expect(untilMs - clock.nowMs()).toBeLessThanOrEqual(3_600_001);
    await set(quiet.player, 'muted_until = NULL');
    await expect.poll(() => told.mutings.at(-1), within).toMatchObject({ untilMs: 0 });
    expect([told.logins.includes(quiet.session), told.suspended.includes(quiet.character)]).toEqual([false, false]);
  });

  it('what was decided while the line that is listened on was cut, and only that one', async () => {
    const told = tell({ sessions: players.sessions, againMs: NEVER_MS });
    const [before, meanwhile] = [await somebody(), await somebody()];
    await players.sessions.end(before.player, before.session);
    await expect.poll(() => told.logins, within).toContain(before.session);
    // The end of the line is known after this; nothing is listened on for half a second.
    await ground.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN session_changed' AND datname = current_database()`,
    );
    await ground.database.query('UPDATE sessions SET revoked_at = now() WHERE id = $1', [meanwhile.session]);
    await expect.poll(() => told.logins, within).toContain(meanwhile.session);
  });

  it('what was decided while the database could not be asked, as soon as it can', async () => {
    const proxy = await TestProxy.start(ground.url);
    onTestFinished(() => proxy.stop());
    const told = tell({ url: proxy.url, sessions: players.sessions });
    const [before, meanwhile] = [await somebody(), await somebody()];
    await players.sessions.end(before.player, before.session);
    await expect.poll(() => told.logins, within).toContain(before.session);
    proxy.up = false;
    await players.sessions.end(meanwhile.player, meanwhile.session);
    await set(meanwhile.player, `suspended_until = now() + interval '1 hour'`);
    expect(told.logins).not.toContain(meanwhile.session);
    proxy.up = true;
    await expect.poll(() => told.logins, within).toContain(meanwhile.session);
    await expect.poll(() => told.suspended, within).toContain(meanwhile.character);
  });
});
