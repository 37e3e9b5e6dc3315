import { setTimeout as sleep } from 'node:timers/promises';
import { LINGER_MS } from '@lifeverse/world';
import { Crowd } from '../trial/crowd.ts';
import type { Exposition } from '../trial/exposition.ts';
import { ServerProcess } from '../trial/server-process.ts';
import type { SoakFigures } from './soak-verdict.ts';
import { growthPerMinute, type Sample } from './trend.ts';
import { Visitor } from './visitor.ts';

export interface SoakOptions {
  readonly minutes: number;
  readonly players: number;
  readonly residents: number;
  readonly seed: number;
  readonly progress: (what: string) => void;
}

const MIB = 1_048_576;
const MINUTE_MS = 60_000;
const LOOK_MS = 5_000;
const PROGRESS_LOOKS = 12;
/** Before, memory fills: code is compiled, tables grow to the size they need. */
const WARM_UP_SHARE = 0.3;
const DECODING = 60;
/** One in so many of those leaves without a word. */
const VANISHING = 4;
/** Who vanished stands about for a while; then, and a little later, all must be gone. */
const GONE_MS = LINGER_MS + 20_000;

/** A town, its residents, and players who come and go for some minutes. Answers what was measured. */
export async function soak(options: SoakOptions): Promise<SoakFigures> {
  const args = ['--residents', String(options.residents), '--seed', String(options.seed)];
  const server = await ServerProcess.start(args, { readHeap: true });
  try {
    const empty = await settledMetrics(server);
    const stay = await visits(server, options);
    const gone = await everyoneGone(server, empty);
    const end = await server.stop();
    return { ...stay, ...gone, exit_code: end };
  } finally {
    await server.stop();
  }
}

type Stay = Omit<SoakFigures, keyof Gone | 'exit_code'>;
type Gone = Pick<SoakFigures, 'players_left' | 'connections_left' | 'avatars_left' | 'entities_more'>;

async function visits(server: ServerProcess, { minutes, players, seed, progress }: SoakOptions): Promise<Stay> {
  const crowd = await Crowd.gather({
    server: server.url,
    players,
    decoding: DECODING,
    seed,
    vanishing: VANISHING,
    newDriver: (map, random) => new Visitor(map, random),
  });
  const fromMs = performance.now();
  const warmMs = fromMs + minutes * MINUTE_MS * WARM_UP_SHARE;
  const rss: Sample[] = [];
  let playing = 0;
  let now = await server.metrics();
  for (let look = 1; performance.now() - fromMs < minutes * MINUTE_MS; look++) {
    await sleep(LOOK_MS);
    now = await server.metrics();
    rss.push({ atMs: performance.now(), value: now.total('process_resident_memory_bytes') / MIB });
    playing += crowd.playing;
    if (look % PROGRESS_LOOKS === 0)
      progress(`${look / PROGRESS_LOOKS} min, ${crowd.playing} players, ${told(server)}`);
  }
  crowd.leave();
  const { measures } = crowd;
  for (const [sentence, times] of measures.said()) progress(`a player: ${sentence} (${times} times)`);
  const heap = server.heapReadings.map(({ atMs, heapUsed }) => ({ atMs, value: heapUsed / MIB }));
  const warm = (samples: readonly Sample[]) => samples.filter(({ atMs }) => atMs >= warmMs);
  return {
    minutes,
    players_mean: rounded(playing / rss.length, 0),
    joins: measures.joinMs.count,
    rss_mib_end: rounded(rss.at(-1)?.value ?? 0, 1),
    rss_mib_per_min: orNull(growthPerMinute(warm(rss))),
    heap_mib_end: orNull(heap.at(-1)?.value ?? null),
    heap_mib_per_min: orNull(growthPerMinute(warm(heap))),
    ticks: now.total('lifeverse_zone_ticks_total'),
    ticks_skipped: now.total('lifeverse_zone_ticks_skipped_total'),
    disconnects: measures.disconnects,
    protocol_errors: measures.protocolErrors,
    staleness_ms_p99: orNull(measures.stalenessMs.quantile(0.99)),
  };
}

function told(server: ServerProcess): string {
  const heap = server.heapReadings.at(-1)?.heapUsed;
  return heap === undefined ? 'heap unknown' : `heap ${(heap / MIB).toFixed(1)} MiB`;
}

/** What roles report is up to a second old: so the town is there when the zone has told of it. */
async function settledMetrics(server: ServerProcess): Promise<Exposition> {
  for (;;) {
    const metrics = await server.metrics();
    if (metrics.total('lifeverse_zone_ticks_total') > 0) return metrics;
    await sleep(LOOK_MS / 10);
  }
}

async function everyoneGone(server: ServerProcess, empty: Exposition): Promise<Gone> {
  const untilMs = performance.now() + GONE_MS;
  for (;;) {
    const now = await server.metrics();
    const left = {
      players_left: now.total('lifeverse_gateway_players'),
      connections_left: now.total('lifeverse_gateway_connections'),
      avatars_left: now.total('lifeverse_zone_players'),
      entities_more: now.total('lifeverse_zone_entities') - empty.total('lifeverse_zone_entities'),
    };
    if (performance.now() > untilMs || Object.values(left).every((amount) => amount === 0)) return left;
    await sleep(LOOK_MS / 5);
  }
}

function orNull(value: number | null): number | null {
  return value === null ? null : rounded(value, 3);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
