import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@lifeverse/base';
import { type AvatarContext, DecodingAvatar } from './decoding-avatar.ts';
import type { Driver } from './driver.ts';
import { Fleet, type Member } from './fleet.ts';
import type { Interruption } from './interruption.ts';
import { Measures } from './measures.ts';
import { type LoadOptions, rampMs } from './options.ts';
import { Player, type PlayerContext } from './player.ts';
import { PositionWatch } from './position-watch.ts';
import { ProgressDisplay, progressLine } from './progress-line.ts';
import { type LoadReport, loadReport } from './report.ts';
import type { ServedWorld } from './served-world.ts';
import { SkimmingAvatar, skimmingCodecs } from './skimming-avatar.ts';
import { isChosen } from './spread.ts';
import { TicketDesk } from './ticket-desk.ts';
import { TruthLog } from './truth-log.ts';
import { TruthSocket } from './truth-socket.ts';
import { Wanderer } from './wanderer.ts';
import { WorldClock } from './world-clock.ts';

export interface LoadSetup {
  readonly options: LoadOptions;
  readonly server: URL;
  readonly served: ServedWorld;
  readonly players: number;
  /** Who follow a trace; null: all walk at random. */
  readonly followers: readonly Driver[] | null;
}

export interface LoadOutcome {
  readonly report: LoadReport;
  /** Figures for people, beside the report. */
  readonly notes: readonly (readonly [label: string, value: string])[];
  /** What went otherwise than it should, each in a sentence. */
  readonly remarks: readonly string[];
}

/** Whose screens are compared with the truth. */
const OBSERVERS = 50;
/** After the ramp, joins may take so long before the measuring begins without them. */
const ARRIVE_MS = 20_000;
const LOOK_MS = 50;
/** An observer is looked at once in so many looks. */
const LOOKS_BETWEEN = 5;
const WANT_TRUTH_MS = 1_000;
const PROGRESS_MS = 500;
const POLL_MS = 50;
const REMARKS = 12;

/** One run of the load: players arrive, are measured, and leave. */
export class LoadRun {
  readonly #setup: LoadSetup;
  readonly #measures = new Measures();
  readonly #clock = new WorldClock();
  readonly #log = new TruthLog();
  readonly #watch: PositionWatch;
  readonly #fleet: Fleet;
  readonly #display = new ProgressDisplay(process.stderr);
  readonly #decoding: number;
  readonly #startMs = performance.now();
  #timers: NodeJS.Timeout[] = [];

  constructor(setup: LoadSetup) {
    this.#setup = setup;
    this.#watch = new PositionWatch(this.#clock, this.#measures, this.#log);
    // Who skims speaks with our own layout; where the server's is another, all have to adapt.
    this.#decoding = setup.served.sameLayout ? Math.min(setup.players, setup.options.decoding) : setup.players;
    const moving = setup.followers === null;
    this.#fleet = new Fleet(this.#members(), this.#measures, { moving, nowMs: this.#startMs });
  }

  async run(interruption: Interruption): Promise<LoadOutcome> {
    const { options, server, players } = this.#setup;
    const truth = new TruthSocket(server, this.#log);
    this.#begin(truth);
    await this.#until(interruption, this.#startMs + rampMs(options, players) + ARRIVE_MS, (nowMs) =>
      this.#arrived(nowMs),
    );
    this.#measures.beginWindow(performance.now());
    this.#fleet.latenessMs = 0;
    this.#fleet.move(performance.now());
    await this.#until(interruption, performance.now() + options.seconds * 1_000, () => false);
    const report = loadReport(this.#measures, players, performance.now());
    for (const timer of this.#timers) clearInterval(timer);
    this.#display.clear();
    const outcome = this.#outcome(report, truth.problem);
    this.#fleet.stop();
    truth.close();
    return outcome;
  }

  #members(): Member[] {
    const { options, players, followers, served, server } = this.#setup;
    const context: AvatarContext = { world: served.world, clock: this.#clock, measures: this.#measures };
    const codecs = skimmingCodecs(served.world);
    const shared = {
      server,
      desk: new TicketDesk(server, options.operatorToken ?? undefined),
      measures: this.#measures,
    };
    const decoder: PlayerContext = { ...shared, newAvatar: (events) => new DecodingAvatar(context, events) };
    const skimmer: PlayerContext = { ...shared, newAvatar: (events) => new SkimmingAvatar(context, codecs, events) };
    const random = new Random(options.seed);
    let decoders = 0;
    return Array.from({ length: players }, (_, index) => {
      const decodes = isChosen(index, players, this.#decoding);
      return {
        player: new Player(decodes ? decoder : skimmer),
        driver: followers?.[index] ?? new Wanderer(served.world.map, random.fork()),
        comesMs: (index / players) * rampMs(options, players),
        watched: decodes && isChosen(decoders++, this.#decoding, OBSERVERS),
      };
    });
  }

  #arrived(nowMs: number): boolean {
    const { options, players } = this.#setup;
    return nowMs - this.#startMs >= rampMs(options, players) && this.#fleet.settled(nowMs);
  }

  #begin(truth: TruthSocket): void {
    let look = 0;
    this.#fleet.start();
    this.#timers = [
      setInterval(() => this.#look(look++), LOOK_MS),
      setInterval(
        () => truth.want(this.#watch.choose([...this.#fleet.watched()].map(({ core }) => core))),
        WANT_TRUTH_MS,
      ),
      setInterval(() => this.#progress(), PROGRESS_MS),
    ];
  }

  #look(look: number): void {
    const nowMs = performance.now();
    let observer = 0;
    for (const avatar of this.#fleet.watched()) {
      if (observer++ % LOOKS_BETWEEN === look % LOOKS_BETWEEN) this.#watch.look(avatar.core, nowMs);
    }
    this.#watch.compare(nowMs);
  }

  #progress(): void {
    const nowMs = performance.now();
    this.#display.show(
      progressLine({
        elapsedS: (nowMs - this.#startMs) / 1_000,
        playing: this.#fleet.playing,
        players: this.#setup.players,
        ...this.#measures.takeProgress(nowMs),
        disconnects: this.#measures.disconnects,
      }),
    );
  }

  /** Until that moment, or it is done, or an end is asked for. */
  async #until(interruption: Interruption, untilMs: number, done: (nowMs: number) => boolean): Promise<void> {
    for (let nowMs = performance.now(); nowMs < untilMs && !done(nowMs); nowMs = performance.now()) {
      if (interruption.happened) return;
      await Promise.race([sleep(Math.min(POLL_MS, untilMs - nowMs)), interruption.asked]);
    }
  }

  #outcome(report: LoadReport, noTruth: string | null): LoadOutcome {
    const { players } = this.#setup;
    const notes = [
      ['of these, decode all they receive', `${this.#decoding} of ${players}`],
      ['keyframes asked for', `${this.#measures.rekeys}`],
      ['load generator late by at most', `${Math.round(this.#fleet.latenessMs)} ms`],
    ] as const;
    const said = this.#measures.said();
    const remarks = said.slice(0, REMARKS).map(([sentence, times]) => `${sentence} (${times} times)`);
    if (noTruth !== null) remarks.push(`The position error is unknown: ${noTruth}.`);
    else if (report.position_error_m_p95 === null) remarks.push('The position error is unknown: nobody saw another.');
    return { report, notes, remarks };
  }
}
