import { MemoryDesk } from '@lifeverse/backend/memory-desk';
import { assert, type Random } from '@lifeverse/base';
import { type DeskOutcome, decodeDeskRequest, encodeDeskAnswer, type ZoneTree, zonesIn } from '@lifeverse/contracts';
import type { WorldLayout } from '@lifeverse/protocol';
import { type BusConditions, BusLink } from '../network/bus-link.ts';
import { Lines } from '../network/lines.ts';
import type { Tally } from '../report/tally.ts';
import type { Timeline } from '../time/timeline.ts';
import type { Stage } from '../worlds/stage.ts';
import { watchedRules } from '../worlds/watched-rules.ts';
import { Desk } from './desk.ts';
import { type Doors, openDoors } from './doors.ts';
import { GatewayProcess } from './gateway-process.ts';
import { ZoneProcess } from './zone-process.ts';

/** Who is told what happens at the owners of zones. */
export interface ZoneObserver {
  /** A message that the zone is about to take. */
  uplink(zone: ZoneProcess, bytes: Uint8Array): void;
  /** A bundle that the zone sends. */
  bundle(zone: ZoneProcess, gateway: string, bytes: Uint8Array): void;
  /** What the zone says to another. */
  neighbour(zone: ZoneProcess, to: number, bytes: Uint8Array): void;
  ticked(zone: ZoneProcess, tick: number): void;
  /** An avatar appears for a character, and somebody says something. */
  made(zone: ZoneProcess, entity: number, character: string): void;
  said(zone: ZoneProcess, entity: number, text: string): void;
  /** Another process owns its zone from now on. */
  owned(zone: ZoneProcess): void;
  fault(where: string, error: unknown): void;
}

export interface ClusterParts {
  readonly stage: Stage;
  readonly zones: ZoneTree;
  readonly timeline: Timeline;
  readonly random: Random;
  readonly tally: Tally;
  readonly gatewayNames: readonly string[];
  readonly observer: ZoneObserver;
}

/** The processes of one place: the last one to be started, and those before it that are still there. */
interface Lives<Process> {
  process: Process;
  readonly former: Set<Process>;
}

const outOfReach: DeskOutcome = { kind: 'later', code: 'character_unreachable', retryMs: 300 };

/** The services of one world: gateways, and the processes that own its zones or think they do. */
export class Cluster {
  readonly desk = new Desk();
  readonly doors = openDoors();
  readonly lines: Lines;
  /** Of all zones, in the order of the tree. */
  readonly zoneNumbers: readonly number[];
  readonly characters = new MemoryDesk({ everybody: true });
  /** The desk is there, and cannot reach what it keeps. */
  deskOut = false;
  /** By how much a gateway's generation rises with every start. */
  generationStep = 1;
  readonly #parts: ClusterParts;
  readonly #gateways = new Map<string, Lives<GatewayProcess> & { generation: number }>();
  readonly #zones = new Map<number, Lives<ZoneProcess>>();

  constructor(parts: ClusterParts) {
    this.#parts = parts;
    this.zoneNumbers = zonesIn(parts.zones);
    this.lines = new Lines(parts.gatewayNames, this.zoneNumbers);
    for (const zone of this.zoneNumbers) this.#zones.set(zone, { process: this.#startZone(zone), former: new Set() });
    for (const name of parts.gatewayNames) this.startGateway(name);
  }

  get layout(): WorldLayout {
    return this.#parts.stage.world.layout;
  }

  /** Which zone has which cells. */
  get tree(): ZoneTree {
    return this.#parts.zones;
  }

  /** The owner of each zone, by the highest epoch. */
  get zones(): ZoneProcess[] {
    return [...this.#zones.values()].map(({ process }) => process);
  }

  zone(zone: number): ZoneProcess {
    const lives = this.#zones.get(zone);
    assert(lives !== undefined, `there is no zone ${zone}`);
    return lives.process;
  }

  owns(zone: ZoneProcess): boolean {
    return this.#zones.get(zone.zone)?.process === zone;
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
    const { timeline, random, tally, zones } = this.#parts;
    const entry = this.#gateways.get(name);
    const generation = entry === undefined ? 1 : entry.generation + this.generationStep;
    const former = entry?.former ?? new Set();
    if (entry !== undefined && !entry.process.dead) former.add(entry.process);
    const uplinks = this.#linksTo(
      this.zoneNumbers,
      (zone) => this.lines.ofGateway(name, zone).up,
      (zone, bytes) => this.#toZone(zone, name, bytes),
    );
    const process = new GatewayProcess({
      name,
      generation,
      layout: this.layout,
      zones,
      timeline,
      random: random.fork(),
      desk: this.desk,
      tally,
      toZone: (zone, bytes) =>
        this.#through('gatewaySends', name, bytes, zone, (seen) => uplinks.get(zone)?.send(seen)),
    });
    this.#gateways.set(name, { process, generation, former });
    return process;
  }

  /** Whatever of earlier lives is still asleep goes on beside its successor. */
  wakeFormer(): void {
    for (const { former } of this.#gateways.values()) for (const process of former) process.resume();
    for (const { former } of this.#zones.values()) for (const process of former) process.resume();
  }

  /** Ends what is left of earlier lives, of gateways and of zones. */
  endFormer(): void {
    for (const { former } of [...this.#gateways.values(), ...this.#zones.values()]) {
      for (const process of former) process.kill();
      former.clear();
    }
  }

  /** Another process owns the zone from now on, by a higher epoch; the former one is returned, and does not know. */
  takeOver(zone: number): ZoneProcess {
    const lives = this.#zones.get(zone) as Lives<ZoneProcess>;
    const former = lives.process;
    lives.former.add(former);
    lives.process = this.#startZone(zone);
    this.#parts.observer.owned(lives.process);
    return former;
  }

  /** To be called at the end of a run. */
  count(): void {
    this.endFormer();
    for (const gateway of this.gateways) if (!gateway.dead) gateway.count();
    for (const zone of this.zones) zone.count();
  }

  #link(conditions: BusConditions, receive: (bytes: Uint8Array) => void): BusLink {
    const { timeline, random, tally } = this.#parts;
    return new BusLink({ timeline, random: random.fork(), tally, conditions }, receive);
  }

  #linksTo<Place>(
    places: Iterable<Place>,
    conditions: (place: Place) => BusConditions,
    receive: (place: Place, bytes: Uint8Array) => void,
  ): Map<Place, BusLink> {
    const links = new Map<Place, BusLink>();
    for (const place of places)
      links.set(
        place,
        this.#link(conditions(place), (bytes) => receive(place, bytes)),
      );
    return links;
  }

  #startZone(number: number): ZoneProcess {
    const epoch = this.characters.takeZone(number);
    const { timeline, random, tally, observer, zones, gatewayNames } = this.#parts;
    const down = this.#linksTo(
      gatewayNames,
      (name) => this.lines.ofGateway(name, number).down,
      (name, bytes) => this.#toGateway(name, bytes, number),
    );
    const deskLine = this.lines.ofDesk(number);
    const answers = this.#link(deskLine.down, (bytes) => zone.answer(bytes));
    const asks = this.#link(deskLine.up, (bytes) => this.#answer(bytes, (answer) => answers.send(answer)));
    const beside = this.#linksTo(
      this.zoneNumbers.filter((other) => other !== number),
      (other) => this.lines.between(number, other),
      (other, bytes) => this.#toNeighbour(number, other, bytes),
    );
    const zone: ZoneProcess = new ZoneProcess({
      zone: number,
      zones,
      ask: (bytes) => asks.send(bytes),
      served: this.#served(() => zone),
      epoch,
      seed: random.uint32(),
      timeline,
      tally,
      publish: (name, bytes) =>
        this.#through('zoneSends', name, bytes, number, (seen) => {
          if (this.owns(zone)) observer.bundle(zone, name, seen);
          down.get(name)?.send(seen);
        }),
      say: (other, bytes) =>
        this.#through('neighbourSends', String(other), bytes, number, (seen) => {
          if (this.owns(zone)) observer.neighbour(zone, other, seen);
          beside.get(other)?.send(seen);
        }),
      taking: (process, bytes) => {
        if (this.owns(process)) observer.uplink(process, bytes);
      },
      ticked: (process, tick) => {
        if (this.owns(process)) observer.ticked(process, tick);
      },
      fault: (where, error) => observer.fault(where, error),
    });
    return zone;
  }

  /** The rules of a zone, watched for as long as it has its owner. */
  #served(zone: () => ZoneProcess): ReturnType<typeof watchedRules> {
    const { stage, observer } = this.#parts;
    return watchedRules(stage.serve(), {
      made: (entity, character) => {
        if (this.owns(zone())) observer.made(zone(), entity, character);
      },
      said: (entity, text) => {
        if (this.owns(zone())) observer.said(zone(), entity, text);
      },
    });
  }

  #answer(bytes: Uint8Array, say: (bytes: Uint8Array) => void): void {
    const request = decodeDeskRequest(bytes);
    this.#through('deskTakes', 'desk', bytes, request?.zone ?? 0, (taken) => {
      const asked = decodeDeskRequest(taken);
      if (asked === undefined) return;
      const { zone, epoch, number } = asked;
      const outcome = this.deskOut ? outOfReach : this.characters.answer(asked);
      this.#through('deskSays', 'desk', encodeDeskAnswer({ zone, epoch, number, outcome }), zone, say);
    });
  }

  /** Every process that listens as the zone's owner hears it. */
  #toZone(zone: number, name: string, bytes: Uint8Array): void {
    this.#through('zoneTakes', name, bytes, zone, (seen) => {
      for (const process of this.#listening(zone)) process.uplink(seen);
    });
  }

  #toNeighbour(from: number, zone: number, bytes: Uint8Array): void {
    this.#through('neighbourTakes', String(from), bytes, zone, (seen) => {
      for (const process of this.#listening(zone)) process.neighbour(seen);
    });
  }

  #listening(zone: number): ZoneProcess[] {
    const lives = this.#zones.get(zone);
    return lives === undefined ? [] : [lives.process, ...lives.former];
  }

  #toGateway(name: string, bytes: Uint8Array, zone: number): void {
    const entry = this.#gateways.get(name);
    if (entry === undefined) return;
    this.#through('gatewayTakes', name, bytes, zone, (seen) => {
      entry.process.bundle(seen);
      for (const former of entry.former) former.bundle(seen);
    });
  }

  #through(door: keyof Doors, name: string, bytes: Uint8Array, zone: number, pass: (bytes: Uint8Array) => void): void {
    const seen = this.doors[door](name, bytes, zone);
    if (seen !== null) pass(seen);
  }
}
