import { MemoryDesk } from '@lifeverse/backend/memory-desk';
import { assert, type Random } from '@lifeverse/base';
import { type DeskOutcome, decodeDeskRequest, encodeDeskAnswer } from '@lifeverse/contracts';
import type { WorldLayout } from '@lifeverse/protocol';
import { type BusConditions, BusLink } from '../network/bus-link.ts';
import type { Tally } from '../report/tally.ts';
import type { Timeline } from '../time/timeline.ts';
import type { Stage } from '../worlds/stage.ts';
import { watchedRules } from '../worlds/watched-rules.ts';
import { Desk } from './desk.ts';
import { type Doors, openDoors } from './doors.ts';
import { GatewayProcess } from './gateway-process.ts';
import { ZoneProcess } from './zone-process.ts';

/** Who is told what happens at the owner of the zone. */
export interface ZoneObserver {
  /** A message that the zone is about to take. */
  uplink(bytes: Uint8Array): void;
  /** A bundle that the zone sends. */
  bundle(gateway: string, bytes: Uint8Array): void;
  ticked(zone: ZoneProcess, tick: number): void;
  /** An avatar appears for a character, and somebody says something. */
  made(zone: ZoneProcess, entity: number, character: string): void;
  said(entity: number, text: string): void;
  /** Another process owns the zone from now on. */
  owned(zone: ZoneProcess): void;
  fault(where: string, error: unknown): void;
}

export interface ClusterParts {
  readonly stage: Stage;
  readonly timeline: Timeline;
  readonly random: Random;
  readonly tally: Tally;
  readonly gatewayNames: readonly string[];
  readonly observer: ZoneObserver;
}

/** A gateway's two directions on the bus, the same for all its generations. */
export interface Line {
  readonly up: BusConditions;
  readonly down: BusConditions;
}

/** A quiet network within one data centre. */
export const quiet: Readonly<BusConditions> = {
  cut: false,
  delayMs: 0.2,
  jitterMs: 1,
  loss: 0,
  duplicate: 0,
  reorder: 0,
};

const ZONE = 1;
const outOfReach: DeskOutcome = { kind: 'later', code: 'character_unreachable', retryMs: 300 };

/** The services of one world: gateways, and the processes that own the zone or think they do. */
export class Cluster {
  readonly desk = new Desk();
  readonly doors = openDoors();
  readonly lines = new Map<string, Line>();
  /** Between the zone and the desk of characters. */
  readonly deskLine: Line = { up: { ...quiet }, down: { ...quiet } };
  readonly characters = new MemoryDesk({ everybody: true });
  /** The desk is there, and cannot reach what it keeps. */
  deskOut = false;
  /** By how much a gateway's generation rises with every start. */
  generationStep = 1;
  readonly #parts: ClusterParts;
  readonly #gateways = new Map<string, { process: GatewayProcess; generation: number; former: Set<GatewayProcess> }>();
  readonly #formerZones = new Set<ZoneProcess>();
  #zone: ZoneProcess;

  constructor(parts: ClusterParts) {
    this.#parts = parts;
    for (const name of parts.gatewayNames) this.lines.set(name, { up: { ...quiet }, down: { ...quiet } });
    this.#zone = this.#startZone();
    for (const name of parts.gatewayNames) this.startGateway(name);
  }

  allLines(): Line[] {
    return [...this.lines.values(), this.deskLine];
  }

  get layout(): WorldLayout {
    return this.#parts.stage.world.layout;
  }

  /** The owner by the highest epoch. */
  get zone(): ZoneProcess {
    return this.#zone;
  }

  get gateways(): GatewayProcess[] {
    return [...this.#gateways.values()].map(({ process }) => process);
  }

  gateway(name: string): GatewayProcess {
    const entry = this.#gateways.get(name);
    assert(entry !== undefined, `there is no gateway ${name}`);
    return entry.process;
  }

  /** The next life of that gateway; an earlier process that is still there goes on beside it. */
  startGateway(name: string): GatewayProcess {
    const { timeline, random, tally } = this.#parts;
    const entry = this.#gateways.get(name);
    const generation = entry === undefined ? 1 : entry.generation + this.generationStep;
    const former = entry?.former ?? new Set();
    if (entry !== undefined && !entry.process.dead) former.add(entry.process);
    const uplink = this.#link(this.#line(name).up, (bytes) => this.#toZone(name, bytes));
    const process = new GatewayProcess({
      name,
      generation,
      layout: this.layout,
      timeline,
      random: random.fork(),
      desk: this.desk,
      tally,
      uplink: { send: (bytes) => this.#through('gatewaySends', name, bytes, (seen) => uplink.send(seen)) },
    });
    this.#gateways.set(name, { process, generation, former });
    return process;
  }

  /** Whatever of earlier lives is still asleep goes on beside its successor. */
  wakeFormer(): void {
    for (const { former } of this.#gateways.values()) for (const process of former) process.resume();
    for (const zone of this.#formerZones) zone.resume();
  }

  /** Ends what is left of earlier lives, of gateways and of the zone. */
  endFormer(): void {
    for (const { former } of this.#gateways.values()) {
      for (const process of former) process.kill();
      former.clear();
    }
    for (const zone of this.#formerZones) zone.kill();
    this.#formerZones.clear();
  }

  /** Another process takes the zone, with a higher epoch and an empty world; the former owner does not know. */
  takeOver(): ZoneProcess {
    const former = this.#zone;
    this.#formerZones.add(former);
    this.#zone = this.#startZone();
    this.#parts.observer.owned(this.#zone);
    return former;
  }

  /** Adds what the services have counted, in all their lives, to the tally; for the end of a run. */
  count(): void {
    this.endFormer();
    for (const gateway of this.gateways) if (!gateway.dead) gateway.count();
    this.#zone.count();
  }

  #line(name: string): Line {
    const line = this.lines.get(name);
    assert(line !== undefined, `there is no line to ${name}`);
    return line;
  }

  #link(conditions: BusConditions, receive: (bytes: Uint8Array) => void): BusLink {
    const { timeline, random, tally } = this.#parts;
    return new BusLink({ timeline, random: random.fork(), tally, conditions }, receive);
  }

  #startZone(): ZoneProcess {
    const epoch = this.characters.takeZone(ZONE);
    const { stage, timeline, random, tally, observer } = this.#parts;
    const links = new Map<string, BusLink>();
    for (const [name, { down }] of this.lines)
      links.set(
        name,
        this.#link(down, (bytes) => this.#toGateway(name, bytes)),
      );
    const served = watchedRules(stage.serve(), {
      made: (entity, character) => {
        if (zone === this.#zone) observer.made(zone, entity, character);
      },
      said: (entity, text) => {
        if (zone === this.#zone) observer.said(entity, text);
      },
    });
    const answers = this.#link(this.deskLine.down, (bytes) => zone.answer(bytes));
    const asks = this.#link(this.deskLine.up, (bytes) => this.#answer(bytes, (answer) => answers.send(answer)));
    const zone: ZoneProcess = new ZoneProcess({
      ask: (bytes) => asks.send(bytes),
      served,
      epoch,
      seed: random.uint32(),
      timeline,
      tally,
      publish: (name, bytes) =>
        this.#through('zoneSends', name, bytes, (seen) => {
          if (zone === this.#zone) observer.bundle(name, seen);
          links.get(name)?.send(seen);
        }),
      taking: (process, bytes) => {
        if (process === this.#zone) observer.uplink(bytes);
      },
      ticked: (process, tick) => {
        if (process === this.#zone) observer.ticked(process, tick);
      },
      fault: (where, error) => observer.fault(where, error),
    });
    return zone;
  }

  #answer(bytes: Uint8Array, say: (bytes: Uint8Array) => void): void {
    this.#through('deskTakes', 'desk', bytes, (taken) => {
      const request = decodeDeskRequest(taken);
      if (request === undefined) return;
      const { zone, epoch, number } = request;
      const outcome = this.deskOut ? outOfReach : this.characters.answer(request);
      this.#through('deskSays', 'desk', encodeDeskAnswer({ zone, epoch, number, outcome }), say);
    });
  }

  /** Every process that listens as the zone's owner hears it. */
  #toZone(name: string, bytes: Uint8Array): void {
    this.#through('zoneTakes', name, bytes, (seen) => {
      this.#zone.uplink(seen);
      for (const zone of this.#formerZones) zone.uplink(seen);
    });
  }

  #toGateway(name: string, bytes: Uint8Array): void {
    const entry = this.#gateways.get(name);
    if (entry === undefined) return;
    this.#through('gatewayTakes', name, bytes, (seen) => {
      entry.process.bundle(seen);
      for (const former of entry.former) former.bundle(seen);
    });
  }

  #through(door: keyof Doors, name: string, bytes: Uint8Array, pass: (bytes: Uint8Array) => void): void {
    const seen = this.doors[door](name, bytes);
    if (seen !== null) pass(seen);
  }
}
