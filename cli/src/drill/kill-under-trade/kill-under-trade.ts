import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@lifeverse/base';
import { distanceToStall, stallsOf, town } from '@lifeverse/town';
import type { Asked } from '../books/history.ts';
import { type Evidence, judge } from '../books/judge.ts';
import { readBooks, sentencesOf, settledEvidence } from '../books/read-books.ts';
import type { Attending } from '../drill-command.ts';
import { inDrillFolder } from '../drill-folder.ts';
import type { Course, Fault, Settled } from '../report/course.ts';
import { LaneLog } from '../report/lane-log.ts';
import type { Sighting } from '../walkers/record.ts';
import { DrilledServer } from './drilled-server.ts';
import { FaultChoice, type FaultKind } from './fault.ts';
import { FlushWatch } from './flush-watch.ts';
import { cutLog } from './power-cut.ts';
import { killReport, type Round } from './report.ts';
import { Trader } from './trader.ts';
import { WayThere } from './way-there.ts';

export interface DrillOptions extends Attending {
  readonly repeat: number;
  readonly players: number;
  readonly seed: number;
  readonly fault: FaultKind | 'any';
  /** By then everyone is back, and knows what became of all they asked for; a minute when left out. */
  readonly patienceMs?: number;
  /** A module that the server loads first: for tests that plant a bug. */
  readonly preload?: string;
  /** Likewise, in the database. */
  readonly plant?: (databaseUrl: string) => Promise<void>;
}

export interface DrillResult {
  readonly report: ReturnType<typeof killReport>;
  /** What the last judgement rests on. */
  readonly evidence: Evidence;
  readonly course: Course;
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

/**
 * A server of its own, players who walk and trade, and kills at moments of chance. Behind each, everyone comes back by
 * themselves, asks on until answered, and all that any of them was ever told is held against what is durable.
 */
export function killUnderTrade(options: DrillOptions): Promise<DrillResult> {
  return inDrillFolder(async (folder, life) => {
    const lanes = new LaneLog();
    const args = ['--residents', '0', '--area-m2', String(AREA_M2), '--seed', String(options.seed)];
    const server = await life.start(
      'server',
      () => new DrilledServer({ folder, args, preload: options.preload, lanes }),
      (it) => it.stop(),
    );
    const drill = await life.start(
      'players',
      () => new Drill(server, lanes, options),
      (it) => it.leave(),
    );
    return drill.run();
  });
}

class Drill {
  readonly #server: DrilledServer;
  readonly #options: DrillOptions;
  readonly #random: Random;
  readonly #faults: FaultChoice;
  readonly #asked: Asked[] = [];
  readonly #rounds: Round[] = [];
  readonly #lanes: LaneLog;
  readonly #struck: Fault[] = [];
  readonly #sightings: Sighting[][] = [];
  readonly #trouble: string[] = [];
  #traders: Trader[] = [];

  constructor(server: DrilledServer, lanes: LaneLog, options: DrillOptions) {
    this.#server = server;
    this.#lanes = lanes;
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#faults = new FaultChoice(this.#random, options.fault);
  }

  async run(): Promise<DrillResult> {
    const { repeat, progress, signal } = this.#options;
    const startMs = performance.now();
    progress('the server starts');
    await this.#server.start(signal);
    await this.#options.plant?.(this.#server.databaseUrl);
    const enteredMs = performance.now();
    this.#enter();
    await this.#until(() => this.#traders.every(({ playing }) => playing), 'everyone to be in the world');
    let evidence: Evidence | null = null;
    for (let number = 1; number <= repeat; number++) {
      const fault = this.#faults.next();
      progress(`${number} of ${repeat}: ${fault}, ${this.#asked.length} operations so far`);
      evidence = await this.#round(fault);
      if (sentencesOf(judge(evidence)).length > 0 || this.#trouble.length > 0) break;
    }
    const last = evidence ?? (await this.#evidence());
    const judgement = judge(last);
    judgement.wrong.push(...this.#trouble);
    const endMs = performance.now();
    const report = killReport(this.#findings(judgement, endMs), repeat, (endMs - startMs) / 1_000);
    return { report, evidence: last, course: this.#course(enteredMs, endMs) };
  }

  #findings(judgement: ReturnType<typeof judge>, endMs: number): Parameters<typeof killReport>[0] {
    const traders = this.#traders;
    return {
      ...{ rounds: this.#rounds, asked: this.#asked, judgement, sightings: this.#sightings },
      walkedBackS: traders.flatMap((trader) => trader.walkedBackS),
      lostM: traders.flatMap((trader) => trader.lostM),
      awayMs: traders.flatMap(({ connection }) => connection.awayMs),
      inputGapsMs: traders.flatMap(({ ackedMs }) => (ackedMs.length === 0 ? [] : [longestGapMs(ackedMs, endMs)])),
      joined: traders.filter(({ connection }) => connection.comings.length > 0).length,
      disconnects: traders.reduce((sum, { connection }) => sum + connection.disconnects, 0),
      names: traders.map(({ name }) => name),
    };
  }

  #course(startMs: number, endMs: number): Course {
    return {
      ...{ startMs, endMs, lanes: this.#lanes.lanes(endMs), faults: this.#struck },
      acks: this.#traders.map(({ ackedMs }) => ackedMs),
      comings: this.#traders.flatMap(({ connection }) => connection.comings),
      operations: 'operations',
      settled: this.#asked.map(settledOf),
    };
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
    await sleep(LOAD_MS.least + this.#random.below(LOAD_MS.most - LOAD_MS.least), undefined, {
      signal: this.#options.signal,
    });
    const underWay = this.#traders.reduce((sum, { pending }) => sum + pending, 0);
    const strikeMs = performance.now();
    const bytesCut = await this.#strike(fault, watch);
    this.#struck.push({ what: faultWords[fault], fromMs: strikeMs, untilMs: performance.now() });
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
    const evidence = await settledEvidence(() => this.#evidence(), this.#options.signal);
    this.#sightings.push(this.#traders.flatMap(({ sightings }) => sightings));
    this.#rounds.push({ fault, underWay, done: this.#lasting() - before, backS, bytesCut });
    return evidence;
  }

  /** Answers how many bytes of the log it took. */
  async #strike(fault: FaultKind, watch: FlushWatch | null): Promise<number> {
    if (fault === 'database') {
      await this.#server.killDatabase(this.#options.signal);
      return 0;
    }
    for (const trader of this.#traders) trader.serverKilled();
    if (fault === 'server') this.#server.killServer();
    else this.#server.killBoth();
    await this.#server.gone();
    const bytesCut = watch === null ? 0 : await this.#cutPower(watch);
    await this.#server.start(this.#options.signal);
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

  async #evidence(): Promise<Evidence> {
    const books = await readBooks(this.#server.databaseUrl);
    return { ...books, asked: this.#asked, shown: this.#traders.map((trader) => trader.shown), currency: CURRENCY };
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
      await sleep(LOOK_MS, undefined, { signal: this.#options.signal });
    }
  }

  #whoIsWhere(): string {
    return this.#traders.map(({ where }) => where).join('; ');
  }
}

/** As the timeline says it. */
const faultWords: Readonly<Record<FaultKind, string>> = {
  server: 'server killed',
  database: 'database killed',
  both: 'both killed',
  power: 'power cut',
};

function longestGapMs(ackedMs: readonly number[], endMs: number): number {
  return ackedMs.reduce((longest, atMs, at) => Math.max(longest, (ackedMs[at + 1] ?? endMs) - atMs), 0);
}

function settledOf({ askedMs, answeredMs, outcome }: Asked): Settled {
  if (outcome === null) return { atMs: askedMs, outcome: 'unknown' };
  return { atMs: answeredMs, outcome: outcome.ok ? 'done' : 'refused' };
}
