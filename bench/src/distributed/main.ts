import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { quantile } from '@lifeverse/base';
import { provenance } from '../harness/machine.ts';
import { figuresOf, type LayoutFigures, windowOf } from './figures.ts';
import { type Layout, layouts } from './layout.ts';
import { newestResult } from './newest-result.ts';
import { scalePage } from './scale-page.ts';
import { command, Served, type Use } from './served.ts';
import type { SteeringResult } from './steering-result.ts';

const AREA_M2_PER_PLAYER = 1_000;
const SETTLE_MS = 5_000;
const JOIN_MS = 120_000;
const POLL_MS = 500;
const DECODING = '10';
const folder = join(import.meta.dirname, '../../results');
const page = join(import.meta.dirname, '../../../docs/reference/scale.md');

interface Options {
  readonly players: number;
  readonly seconds: number;
  readonly rounds: number;
}

type Round = Readonly<Record<string, LayoutFigures>>;

/** `npm run bench -- --scenario distributed`. Answers the exit code: 1 when somebody did not come, or was lost. */
export async function distributedBench(args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const known = { scenario: text, players: text, seconds: text, rounds: text, json: { type: 'boolean' } } as const;
  const { values } = parseArgs({ args: [...args], options: known });
  const number = (name: 'players' | 'seconds' | 'rounds', usual: number, least: number): number => {
    const value = Number(values[name] ?? usual);
    if (!Number.isInteger(value) || value < least) throw new Error(`--${name} is a whole number of at least ${least}`);
    return value;
  };
  const options = {
    players: number('players', 400, 8),
    seconds: number('seconds', 15, 1),
    rounds: number('rounds', 2, 1),
  };
  const say = (line: string) => (values.json === true ? process.stderr : process.stdout).write(`${line}\n`);
  const about = provenance(new Date());
  say(`${about.cores} x ${about.cpu}, Node ${about.node}, commit ${about.commit}`);
  const rounds: Round[] = [];
  for (let at = 0; at < options.rounds; at++) {
    const round: Record<string, LayoutFigures> = {};
    for (const layout of layouts) {
      round[layout.name] = await measured(layout, options);
      say(`[${at + 1}/${options.rounds}] ${layout.name}: ${JSON.stringify(round[layout.name])}`);
    }
    rounds.push(round);
  }
  const result = { scenario: 'distributed', ...options, ...summary(rounds), ...about, runs: rounds };
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${about.date.slice(0, 10)}-${about.commit}-distributed.json`);
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(page, scalePage(result, newestResult<SteeringResult>('steering')));
  const { runs: _runs, ...told } = result;
  console.log(JSON.stringify(told));
  return 0;
}

/** Ratios are taken inside of a round, since a shared machine's speed drifts between them. */
function summary(rounds: readonly Round[]) {
  const over = (of: (figures: LayoutFigures, one: LayoutFigures) => number) =>
    Object.fromEntries(
      layouts.map(({ name }) => {
        const values = rounds.map((round) => of(round[name] as LayoutFigures, round['one process'] as LayoutFigures));
        return [name, Number((quantile(values, 0.5) ?? Number.NaN).toFixed(3))];
      }),
    );
  return {
    cpu_over_one_process: over((it, one) => it.cpu_us_per_player_tick / one.cpu_us_per_player_tick),
    marginal_us_per_player_tick: over((it) => it.marginal_us_per_player_tick),
    fixed_cores: over((it) => it.fixed_cores),
    bus_messages_per_player_s: over((it) => it.bus_messages_per_player_s ?? 0),
    bus_bytes_per_player_s: over((it) => it.bus_bytes_per_player_s ?? 0),
  };
}

async function measured(layout: Layout, { players, seconds }: Options): Promise<LayoutFigures> {
  const served = await Served.start(layout, players * AREA_M2_PER_PLAYER);
  const loads: ChildProcess[] = [];
  const window = async () => {
    await sleep(SETTLE_MS);
    const from = await served.use();
    await sleep(seconds * 1_000);
    return windowOf(from, await served.use());
  };
  try {
    const idle = await window();
    loads.push(...sendHalf(served, players, 0));
    await joined(served, Math.floor(players / 2), loads);
    const half = await window();
    loads.push(...sendHalf(served, players, 1));
    await joined(served, players, loads);
    const full = await window();
    return figuresOf({ idle, half, full });
  } finally {
    for (const load of loads) {
      load.kill('SIGINT');
      if (load.exitCode === null) await once(load, 'close');
    }
    await served.stop();
  }
}

/** Half of the players, the same number by each gateway. */
function sendHalf({ urls, token }: Served, players: number, half: 0 | 1): ChildProcess[] {
  const all = half === 0 ? Math.floor(players / 2) : players - Math.floor(players / 2);
  return urls.map((url, index) => {
    const count = Math.floor(all / urls.length) + (index < all % urls.length ? 1 : 0);
    const seed = String(1 + half * urls.length + index);
    const load = [
      '--url',
      url,
      '--players',
      String(count),
      '--seconds',
      '3600',
      '--decoding',
      DECODING,
      '--seed',
      seed,
    ];
    return spawn(process.execPath, [command, 'load', ...load, '--operator-token', token, '--json'], {
      stdio: 'ignore',
    });
  });
}

async function joined(served: Served, players: number, loads: readonly ChildProcess[]): Promise<void> {
  const untilMs = performance.now() + JOIN_MS;
  for (let use: Use = await served.use(); use.players < players; use = await served.use()) {
    if (loads.some(({ exitCode }) => exitCode !== null)) throw new Error('a load generator has ended');
    if (performance.now() > untilMs) throw new Error(`${use.players} of ${players} players came`);
    await sleep(POLL_MS);
  }
}
