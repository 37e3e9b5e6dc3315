import type { Random } from '@lifeverse/base';
import type { Cluster } from '../cluster/cluster.ts';
import type { ZoneProcess } from '../cluster/zone-process.ts';
import type { Line, LineKind } from '../network/lines.ts';
import type { WeatherParts } from './weather.ts';

/** Something that goes wrong by itself and, after a while, is over. */
export interface Fault {
  readonly name: string;
  /** How often, compared to the others. */
  readonly weight: number;
  /** False when there was nothing to strike. */
  strike(parts: WeatherParts): boolean;
}

const BACKLOG_BYTES = 100_000;

/** Any of them; where there is one, it is that one. */
function anyZone(cluster: Cluster, random: Random): ZoneProcess {
  const { zones } = cluster;
  return zones.length === 1 ? zones[0] : random.pick(zones);
}

/** No message passes on a line, in one direction or both. */
function cut({ timeline, random }: WeatherParts, { up, down }: Line): void {
  const sides = random.pick([[up], [down], [up, down], [up, down]]);
  for (const side of sides) side.cut = true;
  timeline.later(random.between(200, 5_000), () => {
    for (const side of sides) side.cut = false;
  });
}

/** Between a gateway and a zone, or a zone and the desk. */
function partition(parts: WeatherParts): boolean {
  const { cluster, random } = parts;
  cut(parts, random.pick(cluster.lines.all.filter(({ kind }) => kind !== 'zones')));
  return true;
}

function partitionOf(kind: LineKind) {
  return (parts: WeatherParts): boolean => {
    const { cluster, random } = parts;
    cut(parts, random.pick(cluster.lines.all.filter((line) => line.kind === kind)));
    return true;
  };
}

/** One zone is heard by no other, or hears none; gateways and the desk have it all the same. */
function isolate({ cluster, timeline, random }: WeatherParts): boolean {
  const zone = random.pick(cluster.zoneNumbers);
  const others = cluster.zoneNumbers.filter((other) => other !== zone);
  const out = others.map((other) => cluster.lines.between(zone, other));
  const back = others.map((other) => cluster.lines.between(other, zone));
  const sides = random.pick([out, back, [...out, ...back]]);
  for (const side of sides) side.cut = true;
  timeline.later(random.between(200, 4_000), () => {
    for (const side of sides) side.cut = false;
  });
  return true;
}

function pauseZone({ cluster, timeline, random }: WeatherParts): boolean {
  const zone = anyZone(cluster, random);
  if (!zone.running) return false;
  zone.pause();
  timeline.later(random.between(20, 1_500), () => zone.resume());
  return true;
}

function pauseGateway({ cluster, timeline, random }: WeatherParts): boolean {
  const gateway = random.pick(cluster.gateways);
  if (!gateway.running) return false;
  gateway.pause();
  timeline.later(random.between(20, 4_000), () => gateway.resume());
  return true;
}

/** A gateway dies without a word; a new one takes its place. */
function killGateway({ cluster, timeline, random }: WeatherParts): boolean {
  const gateway = random.pick(cluster.gateways);
  if (gateway.dead) return false;
  gateway.kill();
  timeline.later(random.between(20, 2_000), () => {
    if (cluster.gateway(gateway.name) === gateway) cluster.startGateway(gateway.name);
  });
  return true;
}

/** A gateway says farewell and is started anew. */
function restartGateway({ cluster, timeline, random }: WeatherParts): boolean {
  const gateway = random.pick(cluster.gateways);
  if (!gateway.running) return false;
  gateway.stop('server_stopping');
  timeline.later(random.between(20, 1_000), () => {
    if (cluster.gateway(gateway.name) === gateway) cluster.startGateway(gateway.name);
  });
  return true;
}

/** A gateway that was thought dead is replaced, and wakes up beside its successor. */
function doubleGateway({ cluster, timeline, random }: WeatherParts): boolean {
  const gateway = random.pick(cluster.gateways);
  if (!gateway.running) return false;
  gateway.pause();
  for (const socket of [...gateway.sockets]) socket.breakOff(false);
  cluster.startGateway(gateway.name);
  timeline.later(random.between(200, 3_000), () => gateway.resume());
  return true;
}

/** The owner of the zone was thought dead, another has taken it, and the former wakes up. */
function doubleZone({ cluster, timeline, random }: WeatherParts): boolean {
  const zone = anyZone(cluster, random);
  if (!zone.running) return false;
  const former = cluster.takeOver(zone.zone);
  former.pause();
  timeline.later(random.between(20, 3_000), () => former.resume());
  return true;
}

/** The database cannot be reached. */
function loseDatabase({ cluster, timeline, random }: WeatherParts): boolean {
  if (cluster.deskOut) return false;
  cluster.deskOut = true;
  timeline.later(random.between(100, 4_000), () => {
    cluster.deskOut = false;
  });
  return true;
}

/** A character's saves are refused from now on; somebody mends that in the end, and lifts its freeze. */
function refuseSaves({ cluster, players, random }: WeatherParts): boolean {
  cluster.characters.refuse(random.pick(players).character, true);
  return true;
}

function slowTime({ cluster, timeline, random }: WeatherParts): boolean {
  const zone = anyZone(cluster, random);
  zone.core.rate = 128 + random.below(128);
  timeline.later(random.between(100, 2_000), () => {
    zone.core.rate = 256;
  });
  return true;
}

/** Nothing gets to a player for a while; sometimes much is waiting already. */
function stallLine({ players, random }: WeatherParts): boolean {
  const { socket } = random.pick(players);
  if (socket === null || !socket.alive) return false;
  const durationMs = random.pick([100, 500, 2_000, 6_000]) * random.between(0.5, 1.5);
  if (random.chance(0.3)) socket.toGateway.stall(Math.min(durationMs, 2_000), 0);
  else socket.stall(durationMs, random.pick([0, BACKLOG_BYTES]));
  return true;
}

/** The line is cut; the gateway is told, or must find out. */
function breakLine({ players, random }: WeatherParts): boolean {
  const { socket } = random.pick(players);
  if (socket === null || !socket.alive) return false;
  socket.breakOff(random.chance(0.5));
  return true;
}

const faults: readonly Fault[] = [
  { name: 'partition between gateway and zone', weight: 3, strike: partition },
  { name: 'zone paused', weight: 2, strike: pauseZone },
  { name: 'gateway paused', weight: 2, strike: pauseGateway },
  { name: 'gateway killed', weight: 1, strike: killGateway },
  { name: 'gateway restarted', weight: 0.5, strike: restartGateway },
  { name: 'gateway replaced while alive', weight: 1, strike: doubleGateway },
  { name: 'zone taken over', weight: 0.6, strike: doubleZone },
  { name: 'database out of reach', weight: 1, strike: loseDatabase },
  { name: 'saves of a character refused', weight: 1, strike: refuseSaves },
  { name: 'time slowed', weight: 1, strike: slowTime },
  { name: 'line stalled', weight: 8, strike: stallLine },
  { name: 'line broken', weight: 5, strike: breakLine },
];

/** Where there are several zones. */
const betweenZones: readonly Fault[] = [
  { name: 'partition between two zones', weight: 3, strike: partitionOf('zones') },
  { name: 'zone cut off from the others', weight: 1, strike: isolate },
];

export function faultsOf(zones: number): readonly Fault[] {
  return zones === 1 ? faults : [...faults, ...betweenZones];
}
