import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { type Lifecycle, type Log, type NatsBus, openSocketFolder, type Sql, Waits } from '@lifeverse/node-kit';
import { ownDatabase } from '../database/options.ts';
import { startWorldDatabase } from '../database/world-database.ts';
import type { BusOptions } from '../roles/bus-options.ts';
import { clusterKeys } from '../roles/cluster-keys.ts';
import { joinCluster } from '../roles/join-cluster.ts';
import { openRoleBus } from '../roles/role-bus.ts';
import { checkName } from '../roles/this-cluster.ts';
import { ownUrl } from '../start/server-plan.ts';
import { type ChildListener, type ChildSpec, KeptChild } from './kept-child.ts';
import { backendSpec, freePortBehind, type Given, gatewaySpec, zoneSpec } from './members.ts';
import { NatsServer } from './nats-server.ts';
import { type ClusterOptions, publicUrlOf } from './options.ts';
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
  /** In the order in which they were started. */
  readonly children: readonly KeptChild[];
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
  const children: KeptChild[] = [];
  const urls: string[] = [];
  const start = async (spec: ChildSpec): Promise<KeptChild> => {
    signal.throwIfAborted();
    const child = new KeptChild(spec, listener);
    children.push(child);
    await life.start(
      spec.name,
      () => child,
      (it) => it.stop(),
    );
    const stopWaiting = (): void => void child.stop();
    signal.addEventListener('abort', stopWaiting, { once: true });
    await child.start();
    signal.removeEventListener('abort', stopWaiting);
    return child;
  };
  const own = ownDatabase(options.databaseUrl, environment);
  const where = { data: options.data, own, check: (sql: Sql) => checkName(sql, options.cluster) };
  const databaseUrl = await startWorldDatabase(where, life, log, (line) => listener.told(line));
  const server = options.nats.length === 0 ? await ownNats(options, environment, life) : null;
  const nats = server === null ? null : await start(server.spec);
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
  await start(backendSpec(given));
  for (let number = 1; number <= options.zoneServers; number++) await start(zoneSpec(given, number));
  let { port } = options;
  for (let index = 0; index < options.gateways; index++) {
    if (index > 0) port = await freePortBehind(options.host, port);
    const opened = (url: string): void => {
      urls[index] = url;
    };
    const publicUrl = publicUrlOf(options, index);
    await start(gatewaySpec(given, { name: `gateway-${index + 1}`, publicUrl, port, opened }));
  }
  return { watch, children, urls };
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
