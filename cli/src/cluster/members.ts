import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { backendOptions } from '../roles/backend-role.ts';
import { gatewayRoleOptions } from '../roles/gateway-role.ts';
import { zoneOptions } from '../roles/zone-role.ts';
import type { ChildSpec } from './kept-child.ts';
import type { ClusterOptions } from './options.ts';
import { passedOn, roleEnvironment } from './role-environment.ts';

/** What the supervisor tells its members besides what it was told itself. */
export interface Given {
  readonly options: ClusterOptions;
  readonly environment: NodeJS.ProcessEnv;
  readonly databaseUrl: string;
  /** What the zone server of that number is called. */
  zoneServer(number: number): string;
  /** Of the HTTP API between gateways and backend. */
  readonly socketPath: string;
  readonly clusterSecret: string;
  readonly publicUrl: string;
  /** Folder of the built page. */
  readonly page: string;
  /** Where a role finds NATS, and who it is there. */
  nats(role: 'backend' | 'zone' | 'gateway'): readonly string[];
}

const program = fileURLToPath(new URL('../../bin/lifeverse.mjs', import.meta.url));

/** `number`: of all that there ever were, from 1. */
export function backendSpec(given: Given, number: number): ChildSpec {
  const { options, databaseUrl, socketPath, publicUrl, clusterSecret } = given;
  const name = number === 1 ? 'backend' : `backend-${number}`;
  return member(given, 'backend', name, () =>
    roleEnvironment(backendOptions, {
      name,
      ...{ ...options, nats: given.nats('backend'), api: socketPath, zones: options.zoneServers },
      ...{ databaseUrl, publicUrl, clusterSecret },
    }),
  );
}

/** `region`: where it stands, and whatever takes its place; null: nobody has said. */
export function zoneSpec(given: Given, number: number, region: string | null): ChildSpec {
  const { options, databaseUrl } = given;
  const server = given.zoneServer(number);
  const told = () =>
    roleEnvironment(zoneOptions, {
      ...{ ...options, nats: given.nats('zone') },
      ...{ databaseUrl, name: server, region },
    });
  return { ...member(given, 'zone', `zone-${number}`, told), speaksAs: server };
}

/** Where a gateway is found, and whatever takes its place. */
export interface GatewayPlace {
  /** What it tells players of where it is found; null: nothing. */
  readonly publicUrl: string | null;
  /** Where it stands; null: nobody has said. */
  readonly region: string | null;
  /** 0: a free one at the first start, and that one from then on. */
  port: number;
  opened(url: string): void;
}

export function gatewaySpec(given: Given, number: number, place: GatewayPlace): ChildSpec {
  const { options, socketPath, clusterSecret, page } = given;
  const name = `gateway-${number}`;
  return {
    ...member(given, 'gateway', name, () =>
      roleEnvironment(gatewayRoleOptions, {
        ...{ ...options, nats: given.nats('gateway'), backend: socketPath, sharePort: isPortShared },
        ...{ name, publicUrl: place.publicUrl, page, clusterSecret, port: place.port },
        ...{ allowedOrigins: pagesOf(options), region: place.region },
      }),
    ),
    opened: ({ url = '' }) => {
      place.port = Number(new URL(url).port) || place.port;
      place.opened(url);
    },
  };
}

/** Whether two processes may listen at one port, so that one takes the place of another while that one still holds players. */
const isPortShared = process.platform === 'linux';

/** A page that came by the address of all of them speaks with each. */
function pagesOf({ allowedOrigins, publicUrl, gatewayUrls }: ClusterOptions): readonly string[] {
  return publicUrl === null || gatewayUrls.length === 0 ? allowedOrigins : [...allowedOrigins, publicUrl];
}

function member(
  { environment }: Given,
  role: 'backend' | 'zone' | 'gateway',
  name: string,
  told: () => NodeJS.ProcessEnv,
): ChildSpec {
  return {
    name,
    command: process.execPath,
    args: () => [program, role],
    env: () => ({ ...passedOn(environment), ...told() }),
  };
}

const PORT_MAX = 65_535;

/** The first free port behind `port` at that address; 0 behind 0. */
export async function freePortBehind(host: string, port: number): Promise<number> {
  if (port === 0) return 0;
  for (let next = port + 1; next <= PORT_MAX; next++) if (await isFree(host, next)) return next;
  return 0;
}

export function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port }, () => server.close(() => resolve(true)));
  });
}
