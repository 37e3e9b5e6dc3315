import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import {
  ConfigurationError,
  type Lifecycle,
  type Log,
  type NatsBus,
  openSocketFolder,
  type Sql,
  Waits,
} from '@lifeverse/node-kit';
import { ownDatabase } from '../database/options.ts';
import { startWorldDatabase } from '../database/world-database.ts';
import type { BusOptions } from '../roles/bus-options.ts';
import { clusterKeys } from '../roles/cluster-keys.ts';
import { joinCluster } from '../roles/join-cluster.ts';
import { openRoleBus } from '../roles/role-bus.ts';
import { checkName } from '../roles/this-cluster.ts';
import { ownUrl } from '../start/server-plan.ts';
import { takeOrders } from './control.ts';
import { Fleet } from './fleet.ts';
import { type ChildListener, type ChildSpec, KeptChild } from './kept-child.ts';
import { drainMember } from './member-drain.ts';
import {
  backendSpec,
  freePortBehind,
  type GatewayPlace,
  type Given,
  gatewaySpec,
  isFree,
  zoneSpec,
} from './members.ts';
import { NatsServer } from './nats-server.ts';
import { type ClusterOptions, publicUrlOf, regionOf } from './options.ts';
import type { Done, Order } from './orders.ts';
import { Replacement } from './replacement.ts';
import { Watch } from './watch.ts';

export interface ClusterParts {
  readonly options: ClusterOptions;
  readonly environment: NodeJS.ProcessEnv;
  /** Folder of the built page. */
  readonly page: string;
  readonly life: Lifecycle;
  readonly log: Log;
  /** Ends the waiting for what is not there yet. */
  readonly signal: AbortSignal;
  readonly listener: ChildListener;
}

export interface RunningCluster {
  readonly watch: Watch;
  /** Those that run by now, in the order of the table. */
  children(): readonly KeptChild[];
  /** Of the gateways. */
  readonly urls: readonly string[];
}

const SECRET_BYTES = 32;
const NAME_BYTES = 4;
const NATS_BEAT_MS = 500;

/**
 * Starts what a cluster is made of, each when what it needs is there, for as long as `life`. Rejects when one of them
 * cannot be started as told.
 */
export async function startCluster(parts: ClusterParts): Promise<RunningCluster> {
  const { options, environment, life, log, listener, signal } = parts;
  const own = ownDatabase(options.databaseUrl, environment);
  const where = { data: options.data, own, check: (sql: Sql) => checkName(sql, options.cluster) };
  const databaseUrl = await startWorldDatabase(where, life, log, (line) => listener.told(line));
  const server = options.nats.length === 0 ? await ownNats(options, environment, life) : null;
  const nats = server === null ? null : await startNats(server.spec, parts);
  const bus = await openSupervisorBus(parts, server);
  if (nats !== null) await beatWhileUp(nats, bus, life);
  const clusterSecret = randomBytes(SECRET_BYTES).toString('base64url');
  const { mark } = clusterKeys({ clusterSecret, clusterSecretFile: null });
  const ours = { options: busOf(options, server), bus, databaseUrl, mark };
  await joinCluster({ ...ours, speaker: 'supervisor', isLast: true }, parts);
  const watch = await startWatch(bus, life);
  const folder = await life.start(
    'socket',
    () => openSocketFolder(own === null ? join(options.data, 'api') : null),
    (it) => it.close(),
  );
  const given: Given = {
    ...parts,
    databaseUrl,
    zoneServer: serverNames(own),
    socketPath: resolve(folder.path, 'api.sock'),
    clusterSecret,
    publicUrl: options.publicUrl ?? ownUrl(options),
    nats: (role) => (server === null ? options.nats : [server.url(role)]),
  };
  const fleet = await life.start(
    'roles',
    () => new Fleet(listener, signal),
    (it) => it.stop(),
  );
  const urls = await startRoles(fleet, given);
  const replacement = new Replacement(fleet, (line) => listener.told(line));
  await life.start(
    'orders',
    () =>
      takeOrders({
        ...options,
        carryOut: (order, tell, gone) => carriedOut(order, { fleet, watch, replacement, tell, gone }),
      }),
    (end) => end(),
  );
  const ofAll = nats === null ? [] : [nats];
  return { watch, children: () => [...ofAll, ...fleet.members.map(({ child }) => child)], urls };
}

interface Carrying {
  readonly fleet: Fleet;
  readonly watch: Watch;
  readonly replacement: Replacement;
  tell(line: string): void;
  readonly gone: AbortSignal;
}

async function carriedOut(order: Order, carrying: Carrying): Promise<Done> {
  const { fleet, replacement, tell, gone } = carrying;
  if ('drain' in order) return drainMember(order, carrying);
  if ('roles' in order) return { roles: fleet.members.map(({ child }) => child.name) };
  return { replaced: await replacement.run(order.replace, tell, gone) };
}

async function startNats(spec: ChildSpec, { life, listener, signal }: ClusterParts): Promise<KeptChild> {
  signal.throwIfAborted();
  const nats = await life.start(
    spec.name,
    () => new KeptChild(spec, listener),
    (it) => it.stop(),
  );
  const stopWaiting = (): void => void nats.stop();
  signal.addEventListener('abort', stopWaiting, { once: true });
  await nats.start();
  signal.removeEventListener('abort', stopWaiting);
  return nats;
}

/** Each when what it needs is there. Returns where the gateways are found. */
async function startRoles(fleet: Fleet, given: Given): Promise<readonly string[]> {
  const { options } = given;
  const { host, gateways, zoneServers } = options;
  await fleet.start('backend', (number) => backendSpec(given, number));
  // Side by side: else the first would be given all zones before the last is there.
  await Promise.all(
    Array.from({ length: zoneServers }, (_, index) =>
      fleet.start('zone', (number) => zoneSpec(given, number, regionOf(options, index))),
    ),
  );
  const urls: string[] = [];
  let { port } = options;
  if (port !== 0 && !(await isFree(host, port)))
    throw new ConfigurationError(`Port ${port} of ${host} is taken by another program; choose another with --port.`);
  for (let index = 0; index < gateways; index++) {
    if (index > 0) port = await freePortBehind(host, port);
    const opened = (url: string): void => {
      urls[index] = url;
    };
    const place: GatewayPlace = {
      ...{ publicUrl: publicUrlOf(options, index), region: regionOf(options, index) },
      ...{ port, opened },
    };
    await fleet.start('gateway', (number) => gatewaySpec(given, number, place));
  }
  return urls;
}

/**
 * A database that came along is of one cluster at a time: who reads the name there is that one, or the next. One of the operator's
 * may be named to two by mistake: the second is refused.
 */
function serverNames(own: string | null): (number: number) => string {
  const cluster = own === null ? '' : `${hostname()}-${randomBytes(NAME_BYTES).toString('hex')}-`;
  return (number) => `${cluster}zone-${number}`;
}

function ownNats({ cluster }: ClusterOptions, { PATH }: NodeJS.ProcessEnv, life: Lifecycle): Promise<NatsServer> {
  return life.start(
    'nats settings',
    () => new NatsServer(cluster, PATH),
    (it) => it.remove(),
  );
}

/** On the bus as one who listens. */
function openSupervisorBus({ options, life, log, signal }: ClusterParts, server: NatsServer | null): Promise<NatsBus> {
  return openRoleBus(busOf(options, server), { name: 'supervisor', life, log, signal, waits: new Waits(log) });
}

function busOf(options: ClusterOptions, server: NatsServer | null): BusOptions {
  return server === null ? options : { ...options, nats: [server.url('supervisor')] };
}

/** NATS says nothing to its parent: it lives as long as it answers on the bus. */
async function beatWhileUp(nats: KeptChild, bus: NatsBus, life: Lifecycle): Promise<void> {
  const beat = (): void => {
    if (bus.up) nats.beat();
  };
  await life.start('signs of life', () => setInterval(beat, NATS_BEAT_MS), clearInterval);
}

async function startWatch(bus: NatsBus, life: Lifecycle): Promise<Watch> {
  const watch = new Watch();
  await life.start(
    'watch',
    () => watch.follow(bus),
    (end) => end(),
  );
  return watch;
}
