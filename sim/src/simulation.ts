import { Random } from '@lifeverse/base';
import { Checker } from './checks/checker.ts';
import { type CheckName, ensure, Violation } from './checks/violation.ts';
import { Cluster, type ZoneObserver } from './cluster/cluster.ts';
import { Weather } from './faults/weather.ts';
import { Socket } from './network/socket.ts';
import type { LineConditions } from './network/stream-link.ts';
import type { Plant } from './plants/plant.ts';
import { Conduct } from './players/conduct.ts';
import { Player } from './players/player.ts';
import { RunHash } from './report/run-hash.ts';
import { Tally } from './report/tally.ts';
import { Timeline } from './time/timeline.ts';
import { type Stage, stage, type WorldName } from './worlds/stage.ts';
import { type ZonePlan, zonePlan } from './worlds/zone-plan.ts';

export interface Settings {
  readonly seed: number;
  readonly seconds: number;
  readonly players: number;
  readonly gateways: number;
  readonly zones: number;
  readonly world: WorldName;
  /** The walk input, counted over all players from 1, that asks for the opposite heading; null for none. */
  readonly flipInput: number | null;
  /** A bug to put in. */
  readonly plant: Plant | null;
}

export interface Outcome {
  /** SHA-256 of everything that was delivered to players and of every tick's state, hexadecimal. */
  readonly hash: string;
  readonly tally: Tally;
  readonly faults: number;
  readonly violation: { readonly check: CheckName; readonly what: string; readonly atS: number } | null;
}

const JOINING_MS = 2_000;
const STEP_MS = 1_000;
/** Where the world's time begins: also shortly before its low bits on the wire begin anew. */
const BEGINNINGS_MS = [0, 1_000_000, 3_276_800 - 15_000, 2 ** 28 - 15_000];

/** Runs a whole world on virtual time. `progress` is told the virtual seconds that have passed. */
export function simulate(settings: Settings, progress: (seconds: number) => void = () => {}): Outcome {
  const run = new Simulation(settings);
  const uproot = settings.plant?.plant(run.cluster) ?? (() => {});
  try {
    return run.play(progress);
  } finally {
    uproot();
  }
}

class Simulation {
  readonly cluster: Cluster;
  readonly #settings: Settings;
  readonly #random: Random;
  readonly #timeline: Timeline;
  readonly #startMs: number;
  readonly #tally = new Tally();
  readonly #hash = new RunHash();
  readonly #stage: Stage;
  readonly #plan: ZonePlan;
  readonly #weather: Weather;
  readonly #players: Player[];
  readonly #checker: Checker;
  #walks = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#random = new Random(settings.seed);
    this.#startMs = this.#random.pick(BEGINNINGS_MS);
    this.#timeline = new Timeline(this.#startMs);
    this.#stage = stage(settings.world, settings.players);
    this.#plan = zonePlan(this.#stage.world, settings.zones);
    const { tree: zones } = this.#plan;
    const timeline = this.#timeline;
    const tally = this.#tally;
    this.cluster = new Cluster({
      stage: this.#stage,
      zones,
      timeline,
      random: this.#random.fork(),
      tally,
      gatewayNames: Array.from({ length: settings.gateways }, (_, i) => `g${i + 1}`),
      observer: this.#observer(),
    });
    this.#players = Array.from({ length: settings.players }, (_, index) => this.#player(index));
    const { cluster } = this;
    const players = this.#players;
    const weather = new Weather({ cluster, players, timeline, random: this.#random.fork(), tally });
    this.#weather = weather;
    const hash = this.#hash;
    this.#checker = new Checker({ stage: this.#stage, zones, cluster, players, weather, timeline, tally, hash });
  }

  /** The checker comes last: it has to know everything. Nothing happens before time begins. */
  #observer(): ZoneObserver {
    return {
      uplink: (zone, bytes) => this.#checker.uplink(zone, bytes),
      bundle: (zone, gateway, bytes) => this.#checker.bundle(zone, gateway, bytes),
      neighbour: (zone, to, bytes) => this.#checker.neighbour(zone, to, bytes),
      ticked: (zone, tick) => this.#checker.ticked(zone, tick),
      made: (zone, entity, character) => this.#checker.made(zone, entity, character),
      said: (zone, entity, text) => this.#checker.said(zone, entity, text),
      owned: (zone) => this.#checker.owned(zone),
      fault: (where, error) => this.#checker.fault(where, error),
    };
  }

  #player(index: number): Player {
    const random = this.#random.fork();
    const timeline = this.#timeline;
    const { world } = this.#stage;
    const player = new Player({
      index,
      world,
      timeline,
      random,
      tally: this.#tally,
      grant: (character) => {
        const ticket = this.cluster.desk.grant(character);
        return { ticket, incarnation: this.cluster.desk.incarnationOf(character) };
      },
      connect: (who) => this.#connect(who),
      heard: (who, event, from, values) => this.#checker.heard(who, event, from, values),
      muted: (who, entity) => this.#checker.muted(who, entity),
      closed: (who, code) => this.#checker.closed(who, code),
    });
    new Conduct({
      player,
      timeline,
      random: random.fork(),
      commands: new Set(world.layout.commands.map(({ name }) => name)),
      borders: this.#plan.borders,
      amendHeading: (towards) => (++this.#walks === this.#settings.flipInput ? towards + Math.PI : towards),
    });
    timeline.later(random.between(0, JOINING_MS), () => player.come());
    return player;
  }

  #connect(player: Player): Socket {
    const { random } = player;
    const delayMs = random.between(5, 80);
    const line = (): LineConditions => ({
      delayMs: delayMs * random.between(0.8, 1.25),
      jitterMs: random.pick([1, 5, 20]),
      bytesPerMs: random.pick([20, 200, 2_000]),
    });
    return new Socket({
      timeline: this.#timeline,
      random: random.fork(),
      up: line(),
      down: line(),
      gateway: random.pick(this.cluster.gateways),
      user: player,
      delivered: (bytes) => {
        this.#tally.add('frames delivered');
        this.#hash.number(player.index);
        this.#hash.bytes(bytes);
      },
    });
  }

  play(progress: (seconds: number) => void): Outcome {
    const timeline = this.#timeline;
    const endMs = this.#startMs + this.#settings.seconds * 1_000;
    let violation: Outcome['violation'] = null;
    try {
      while (timeline.nowMs() < endMs) {
        timeline.runUntil(Math.min(endMs, timeline.nowMs() + STEP_MS));
        progress((timeline.nowMs() - this.#startMs) / 1_000);
      }
      this.#ensureCrossed();
    } catch (error) {
      const atS = (timeline.nowMs() - this.#startMs) / 1_000;
      if (error instanceof Violation) violation = { check: error.check, what: error.message, atS };
      else
        violation = {
          check: 'nothing crashes',
          what: error instanceof Error ? (error.stack ?? error.message) : String(error),
          atS,
        };
    }
    this.cluster.count();
    return { hash: this.#hash.end(), tally: this.#tally, faults: this.#weather.struck, violation };
  }

  /** Zones between which nobody went have shown nothing. */
  #ensureCrossed(): void {
    const { zones } = this.#settings;
    const crossed = zones === 1 || this.#tally.of('handovers of who walks') > 0;
    ensure(crossed, 'players cross', () => `nobody went from one of ${zones} zones to another`);
  }
}
