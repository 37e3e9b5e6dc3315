import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Wanderer } from '../load/wanderer.ts';
import { Crowd } from '../trial/crowd.ts';
import { ServerProcess } from '../trial/server-process.ts';
import { ConnectionWatch } from './connection-watch.ts';
import type { StormFigures } from './storm-verdict.ts';

export interface StormOptions {
  readonly players: number;
  readonly seed: number;
  readonly areaM2: number;
  readonly threads: boolean;
  readonly progress: (what: string) => void;
}

const DECODING = 10;
const TICKETS_AT_ONCE = 256;
/** So long all walk about before it happens: what is kept of them is as old as it ever gets. */
const CALM_MS = 5_000;
const PATIENCE_MS = 180_000;
const LOOK_MS = 100;
const PROGRESS_LOOKS = 50;

/** A world full of players whose server is killed and started again: when are they all back? */
export async function storm(options: StormOptions): Promise<StormFigures> {
  const data = mkdtempSync(join(tmpdir(), 'lifeverse-storm-'));
  const args = ['--world', 'open', '--area-m2', String(options.areaM2), ...(options.threads ? ['--threads'] : [])];
  const server = await ServerProcess.start(args, { data });
  const watch = new ConnectionWatch(join(data, 'postgres'));
  let next: ServerProcess | undefined;
  try {
    const crowd = await gathered(server, options);
    const arrived = crowd.playing;
    options.progress(`${arrived} players are in the world; the server is killed`);
    const waitsBefore = crowd.waits;
    crowd.takeLateness();
    const fromMs = performance.now();
    await server.kill();
    next = await ServerProcess.start(args, { data, port: Number(server.url.port) });
    const downMs = performance.now() - fromMs;
    const back = await everyoneBack(crowd, fromMs, options);
    const late = crowd.takeLateness();
    crowd.leave();
    for (const [sentence, times] of crowd.measures.said()) options.progress(`a player: ${sentence} (${times} times)`);
    return {
      players: options.players,
      arrived,
      down_s: seconds(downMs),
      ...back,
      told_to_wait: crowd.waits - waitsBefore,
      database_connections_most: watch.most,
      database_connections_limit: watch.limit,
      database_looks: watch.looks,
      protocol_errors: crowd.measures.protocolErrors,
      generator_late_ms: Math.round(late),
    };
  } finally {
    await watch.stop();
    await (next ?? server).stop();
    rmSync(data, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

async function gathered(server: ServerProcess, { players, seed, progress }: StormOptions): Promise<Crowd> {
  const crowd = await Crowd.gather({
    server: server.url,
    players,
    decoding: Math.min(DECODING, players),
    seed,
    newDriver: (map, random) => new Wanderer(map, random),
    ticketsAtOnce: TICKETS_AT_ONCE,
  });
  progress(`${players} players join`);
  await crowd.arrived();
  await sleep(CALM_MS);
  return crowd;
}

type Back = Pick<StormFigures, 'all_back_s' | 'half_back_s' | 'back'>;

async function everyoneBack(crowd: Crowd, fromMs: number, { players, progress }: StormOptions): Promise<Back> {
  let half: number | null = null;
  for (let look = 1; ; look++) {
    const afterMs = performance.now() - fromMs;
    const back = crowd.playing;
    if (half === null && back >= players / 2) half = seconds(afterMs);
    if (back >= players) return { all_back_s: seconds(afterMs), half_back_s: half, back };
    if (afterMs > PATIENCE_MS) return { all_back_s: null, half_back_s: half, back };
    if (look % PROGRESS_LOOKS === 0) progress(`${Math.round(afterMs / 1_000)} s: ${back} are back`);
    await sleep(LOOK_MS);
  }
}

function seconds(ms: number): number {
  return Number((ms / 1_000).toFixed(1));
}
