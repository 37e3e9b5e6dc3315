import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readDurable } from '@lifeverse/backend/journal';
import { Random } from '@lifeverse/base';
import { type Database, openDatabase } from '@lifeverse/node-kit';
import { distanceToStall, stallsOf, town } from '@lifeverse/town';
import type { Asked } from '../books/history.ts';
import { type Evidence, judge } from '../books/judge.ts';
import { DrilledServer } from './drilled-server.ts';
import { FaultChoice, type FaultKind } from './fault.ts';
import { FlushWatch } from './flush-watch.ts';
import { cutLog } from './power-cut.ts';
import { type DrillReport, drillReport, type Round } from './report.ts';
import { Trader } from './trader.ts';
import { WayThere } from './way-there.ts';

export interface DrillOptions {
  readonly repeat: number;
  readonly players: number;
  readonly seed: number;
  readonly fault: FaultKind | 'any';
  readonly progress: (line: string) => void;
  /** By then everyone is back, and knows what became of all they asked for; a minute when left out. */
  readonly patienceMs?: number;
  /** A module that the server loads first: for tests that plant a bug. */
  readonly preload?: string;
  /** Likewise, in the database. */
  readonly plant?: (databaseUrl: string) => Promise<void>;
}

export interface DrillResult {
  readonly report: DrillReport;
  /** What the last judgement rests on. */
  readonly evidence: Evidence;
}

const CURRENCY = 'coin';
/** A small town has a market too. */
const AREA_M2 = 20_000;
/** Players go from the one to the other together. */
const MARKET_PLACES = ['stall-19', 'stall-14'];
const GOAL_MS = 4_000;
const FRONT_M = 1.6;
const LOOK_MS = 20;
/** A fault strikes somewhere between these, after everyone is back. */
const LOAD_MS = { least: 250, most: 1_500 };
const PATIENCE_MS = 60_000;
/** What players are shown comes a moment behind what they are told. */
const SHOWN_MS = 10_000;
const READ_AGAIN_MS = 200;

/**
 * A server of its own, players who walk and trade, and kills at moments of chance. Behind each, everyone comes back by
 * themselves, asks on until answered, and all that any of them was ever told is held against what is durable.
 */
export async function killUnderTrade(options: DrillOptions): Promise<DrillResult> {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-drill-'));
  const server = new DrilledServer({
    folder,
    args: ['--residents', '0', '--area-m2', String(AREA_M2), '--seed', String(options.seed)],
    preload: options.preload,
  });
  const drill = new Drill(server, options);
  try {
    return await drill.run();
  } finally {
    drill.leave();
    await server.stop();
    // Its database ends a moment later.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

class Drill {
  readonly #server: DrilledServer;
  readonly #options: DrillOptions;
  readonly #random: Random;
  readonly #faults: FaultChoice;
  readonly #asked: Asked[] = [];
  readonly #rounds: Round[] = [];
  readonly #trouble: string[] = [];
  #traders: Trader[] = [];

  constructor(server: DrilledServer, options: DrillOptions) {
    this.#server = server;
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#faults = new FaultChoice(this.#random, options.fault);
  }

  async run(): Promise<DrillResult> {
    const { repeat, progress } = this.#options;
    const startMs = performance.now();
    progress('the server starts');
    await this.#server.start();
    await this.#options.plant?.(this.#server.databaseUrl);
    this.#enter();
    await this.#until(() => this.#traders.every(({ playing }) => playing), 'everyone to be in the world');
    let evidence: Evidence | null = null;
    for (let number = 1; number <= repeat; number++) {
      const fault = this.#faults.next();
      progress(`${number} of ${repeat}: ${fault}, ${this.#asked.length} operations so far`);
      evidence = await this.#round(fault);
      if (judgementOf(evidence).length > 0 || this.#trouble.length > 0) break;
    }
    const last = evidence ?? (await this.#evidence());
    const judgement = judge(last);
    judgement.wrong.push(...this.#trouble);
    const walkedBackS = this.#traders.flatMap((trader) => trader.walkedBackS);
    const awayMs = this.#traders.flatMap((trader) => trader.awayMs);
    const findings = { rounds: this.#rounds, asked: this.#asked, judgement, walkedBackS, awayMs };
    return { report: drillReport(findings, repeat, (performance.now() - startMs) / 1_000), evidence: last };
  }

  leave(): void {
    for (const trader of this.#traders) trader.leave();
  }

  #enter(): void {
    const world = town({ areaM2: AREA_M2 });
    const stalls = stallsOf({ areaM2: AREA_M2 });
    const ways = MARKET_PLACES.map((name) => {
      const stall = stalls.find((one) => one.name === name);
      return new WayThere(world.map, (at) => stall !== undefined && distanceToStall(stall, at) < FRONT_M);
    });
    this.#traders = Array.from({ length: this.#options.players }, (_, index) => {
      return new Trader({
        world,
        url: this.#server.url,
        name: `Trader ${index + 1}`,
        random: new Random(this.#options.seed + index + 1),
        stalls,
        goal: () => ways[Math.floor(performance.now() / GOAL_MS) % ways.length] as WayThere,
        asked: (asked) => this.#asked.push(asked),
      });
    });
  }

  async #round(fault: FaultKind): Promise<Evidence> {
    const before = this.#lasting();
    for (const trader of this.#traders) trader.goOn();
    const watch = fault === 'power' ? new FlushWatch(this.#server.databaseUrl) : null;
    await sleep(LOAD_MS.least + this.#random.below(LOAD_MS.most - LOAD_MS.least));
    const underWay = this.#traders.reduce((sum, { pending }) => sum + pending, 0);
    const strikeMs = performance.now();
    const bytesCut = await this.#strike(fault, watch);
    await this.#until(() => this.#traders.every(({ playing }) => playing), `everyone to be back after ${fault}`);
    const backS = (performance.now() - strikeMs) / 1_000;
    const since = this.#asked.length;
    await this.#until(
      () => this.#asked.slice(since).some(({ outcome }) => outcome?.ok === true && outcome.operation !== 0),
      `something to be done again after ${fault}`,
    );
    for (const trader of this.#traders) trader.rest();
    await this.#until(
      () => this.#traders.every(({ playing, pending }) => playing && pending === 0),
      `answers to all that was asked around ${fault}`,
    );
    const evidence = await this.#settled();
    this.#rounds.push({ fault, underWay, done: this.#lasting() - before, backS, bytesCut });
    return evidence;
  }

  /** Answers how many bytes of the log it took. */
  async #strike(fault: FaultKind, watch: FlushWatch | null): Promise<number> {
    if (fault === 'database') {
      this.#server.killDatabase();
      return 0;
    }
    for (const trader of this.#traders) trader.serverKilled();
    if (fault === 'server') this.#server.killServer();
    else this.#server.killBoth();
    await this.#server.gone();
    const bytesCut = watch === null ? 0 : await this.#cutPower(watch);
    await this.#server.start();
    return bytesCut;
  }

  /** What was told later than the disk was last seen to have everything was told by a machine without power. */
  async #cutPower(watch: FlushWatch): Promise<number> {
    await watch.stop();
    const flushed = watch.last;
    if (flushed === null) throw new Error('the log of the database could not be followed');
    for (const asked of this.#asked) if (asked.answeredMs > flushed.asOfMs) asked.outcome = null;
    return cutLog(this.#server.data, flushed.position, this.#random);
  }

  /** When everyone is shown what they have, or it is clear that somebody is not. */
  async #settled(): Promise<Evidence> {
    const fromMs = performance.now();
    for (;;) {
      const evidence = await this.#evidence();
      if (judgementOf(evidence).length === 0 || performance.now() - fromMs > SHOWN_MS) return evidence;
      await sleep(READ_AGAIN_MS);
    }
  }

  async #evidence(): Promise<Evidence> {
    const database = openDatabase({ url: this.#server.databaseUrl, maxConnections: 1, name: 'lifeverse drill' });
    try {
      const [durable, characters] = [await readDurable(database), await charactersIn(database)];
      const shown = this.#traders.map((trader) => trader.shown);
      return { asked: this.#asked, durable, characters, shown, currency: CURRENCY };
    } finally {
      await database.close();
    }
  }

  #lasting(): number {
    return this.#asked.filter(({ outcome }) => outcome?.ok === true && outcome.operation !== 0).length;
  }

  /** What does not come about in time is told as an objection, and the drill is at its end. */
  async #until(isSo: () => boolean, what: string): Promise<void> {
    const fromMs = performance.now();
    const { patienceMs = PATIENCE_MS } = this.#options;
    while (!isSo()) {
      const ended = this.#traders.find((trader) => trader.ended !== null);
      if (ended !== undefined) {
        this.#trouble.push(`${ended.name} was put out of the world: ${ended.ended}`);
        return;
      }
      if (performance.now() - fromMs > patienceMs) {
        this.#trouble.push(`waited ${patienceMs / 1_000} s in vain for ${what}: ${this.#whoIsWhere()}`);
        return;
      }
      await sleep(LOOK_MS);
    }
  }

  #whoIsWhere(): string {
    return this.#traders.map(({ where }) => where).join('; ');
  }
}

function judgementOf(evidence: Evidence): string[] {
  const { lost, doubled, wrong } = judge(evidence);
  return [...lost, ...doubled, ...wrong];
}

/** By the name of their player. */
async function charactersIn(database: Database): Promise<Map<string, string>> {
  const rows = await database.query<{ name: string; id: string }>('SELECT name, id::text FROM characters');
  return new Map(rows.map(({ name, id }) => [name, id]));
}
