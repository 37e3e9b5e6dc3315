import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Client, connect } from '@lifeverse/client';
import { apiHeaders } from '@lifeverse/contracts';
import { open } from '@lifeverse/open';
import { provenance } from '../harness/machine.ts';
import { Served } from './served.ts';
import type { SteeringFigures, SteeringResult } from './steering-result.ts';

const PLAYERS = 96;
const AREA_M2_PER_PLAYER = 1_000;
const GATEWAYS = 4;
const ZONE_SERVERS = 4;
const PROCESSES = { gateways: GATEWAYS, zoneServers: ZONE_SERVERS };
/** Nobody is asked to go sooner. */
const SETTLED_MS = 10_000;
const WINDOW_MS = 6_000;
/** By then all have gone who are to go. */
const STEERED_MS = 60_000;
const FRAME_MS = 50;
const TURN_MS = 2_000;
const folder = join(import.meta.dirname, '../../results');

type Player = Client<ReturnType<typeof open>['definition']>;

/**
 * `npm run bench -- --scenario steering`: what goes over the bus, and how many streams of cells gateways read, while players are with
 * the gateways by which they happened to come, and once they have been led to those of their zones.
 */
export async function steeringBench(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { scenario: { type: 'string' }, json: { type: 'boolean' } },
  });
  const say = (line: string) => (values.json === true ? process.stderr : process.stdout).write(`${line}\n`);
  const about = provenance(new Date());
  const areaM2 = PLAYERS * AREA_M2_PER_PLAYER;
  const served = await Served.start({ name: 'steering', processes: PROCESSES }, areaM2);
  const players: Player[] = [];
  const beat = setInterval(() => {
    for (const player of players) player.update();
  }, FRAME_MS);
  const turns = setInterval(() => {
    for (const player of players) player.send.walk({ towards: (Math.random() * 2 - 1) * Math.PI, pace: 'walk' });
  }, TURN_MS);
  try {
    const world = open({ areaM2 });
    const fromMs = performance.now();
    const come = async (index: number): Promise<void> => {
      const options = { name: `Player ${index + 1}`, fetch: asOperator(served.token) };
      players.push(await connect(world, served.urls[index % GATEWAYS] as string, options));
    };
    await Promise.all(Array.from({ length: PLAYERS }, (_, index) => come(index)));
    const joinedMs = performance.now() - fromMs;
    if (joinedMs + WINDOW_MS > SETTLED_MS) throw new Error(`all were there only after ${Math.round(joinedMs)} ms`);
    const before = await window(served, WINDOW_MS);
    say(`as they came: ${JSON.stringify(before)}`);
    await sleep(STEERED_MS);
    const after = await window(served, WINDOW_MS);
    say(`where they are led: ${JSON.stringify(after)}`);
    const lost = players.filter(({ state }) => state !== 'playing').length;
    const result: SteeringResult = {
      scenario: 'steering',
      players: PLAYERS,
      ...PROCESSES,
      before,
      after,
      lost,
      ...about,
    };
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${about.date.slice(0, 10)}-${about.commit}-steering.json`);
    writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
    console.log(JSON.stringify(result));
    return lost === 0 ? 0 : 1;
  } finally {
    clearInterval(beat);
    clearInterval(turns);
    for (const player of players) player.close();
    await served.stop();
  }
}

/** Who comes with an operator's token is not slowed down as one of many. */
function asOperator(token: string): typeof fetch {
  return (input, init) => fetch(input, { ...init, headers: { ...init?.headers, [apiHeaders.operator]: token } });
}

async function window(served: Served, ms: number): Promise<SteeringFigures> {
  const [from, moves] = [await served.use(), await served.gateways('moves_total')];
  await sleep(ms);
  const to = await served.use();
  const seconds = (to.atMs - from.atMs) / 1_000;
  const perPlayer = (of: 'messages' | 'bytes'): number =>
    Math.round((((to.bus?.[of] ?? 0) - (from.bus?.[of] ?? 0)) / seconds / PLAYERS) * 10) / 10;
  const streams = await served.gateways('streams');
  return {
    bus_messages_per_player_s: perPlayer('messages'),
    bus_bytes_per_player_s: perPlayer('bytes'),
    streams: streams.reduce((sum, value) => sum + value, 0),
    players_by_gateway: await served.gateways('players'),
    moves: moves.reduce((sum, value) => sum + value, 0),
  };
}
