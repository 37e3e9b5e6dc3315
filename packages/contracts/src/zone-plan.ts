import { isGatewayAddress } from './gateway-notice.ts';
import type { ZoneArrangement } from './zone-arrangement.ts';
import type { ZoneTree } from './zone-tree.ts';

/** Which zones there are, and which server is to own which. Of two plans, the one of the higher generation counts. */
export interface ZonePlan {
  /** From 1; one more with every change, also of servers alone. */
  readonly generation: number;
  readonly arrangement: ZoneArrangement;
  /** By zone. A zone of the arrangement that is not here waits for a server. */
  readonly servers: ReadonlyMap<number, string>;
  /** By zone: the server that has its second copy, and takes it over. */
  readonly standbys: ReadonlyMap<number, string>;
  /**
   * By zone: the addresses of the gateways that are to have its players, of each region one or several. A zone that is not here is read by
   * whichever its players came by.
   */
  readonly homes: ReadonlyMap<number, readonly string[]>;
  readonly cells: WorldCells;
  /** As many zones as there were at first: fewer become none by themselves. */
  readonly zonesMin: number;
  /** Zones that only an operator changes. */
  readonly pinned: readonly number[];
}

/** How many cells the world has. */
export interface WorldCells {
  readonly columns: number;
  readonly rows: number;
}

export const planLimits = { zones: 4_096, depth: 64, serverChars: 255, homes: 64, bytes: 1_048_576 } as const;

const ZONE = /^[1-9]\d{0,14}$/;

/** As JSON has it. */
export function zonePlanJson({ servers, standbys, homes, ...plan }: ZonePlan): object {
  const byZone = { servers: Object.fromEntries(servers), standbys: Object.fromEntries(standbys) };
  return { ...plan, ...byZone, homes: Object.fromEntries(homes) };
}

/** Undefined for what is no plan. */
export function zonePlanOf(json: unknown): ZonePlan | undefined {
  if (!isRecord(json)) return undefined;
  const { generation, zonesMin, pinned } = json;
  const arrangement = arrangementOf(json.arrangement);
  const [servers, cells] = [serversOf(json.servers), cellsOf(json.cells)];
  // A plan of an earlier version has none.
  const standbys = serversOf(json.standbys ?? {});
  const homes = homesOf(json.homes ?? {});
  if (!isNumber(generation) || !isNumber(zonesMin)) return undefined;
  if (!Array.isArray(pinned) || pinned.length > planLimits.zones || !pinned.every(isNumber)) return undefined;
  if (arrangement === undefined || servers === undefined || standbys === undefined) return undefined;
  if (homes === undefined || cells === undefined) return undefined;
  return { generation, arrangement, servers, standbys, homes, cells, zonesMin, pinned };
}

export const encodeZonePlan = (plan: ZonePlan): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(zonePlanJson(plan)));

/** Undefined when the bytes are no plan. */
export function decodeZonePlan(bytes: Uint8Array): ZonePlan | undefined {
  if (bytes.length > planLimits.bytes) return undefined;
  try {
    return zonePlanOf(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return undefined;
  }
}

function arrangementOf(json: unknown): ZoneArrangement | undefined {
  if (!isRecord(json)) return undefined;
  const { generation, nextZone } = json;
  if (!isNumber(generation) || !isNumber(nextZone)) return undefined;
  const zones = treeOf(json.zones);
  const former = json.former === null ? null : treeOf(json.former);
  return zones === undefined || former === undefined ? undefined : { generation, zones, former, nextZone };
}

function treeOf(json: unknown): ZoneTree | undefined {
  const found = new Set<number>();
  const tree = nodeOf(json, found, planLimits.depth);
  return found.size <= planLimits.zones ? tree : undefined;
}

/** Undefined also when a zone is there twice. */
function nodeOf(json: unknown, found: Set<number>, depth: number): ZoneTree | undefined {
  if (!isRecord(json) || depth === 0) return undefined;
  const { zone, axis, at } = json;
  if (zone !== undefined) {
    if (!isNumber(zone) || found.has(zone)) return undefined;
    found.add(zone);
    return { zone };
  }
  if ((axis !== 'x' && axis !== 'y') || !Number.isSafeInteger(at)) return undefined;
  const low = nodeOf(json.low, found, depth - 1);
  const high = low === undefined ? undefined : nodeOf(json.high, found, depth - 1);
  return low === undefined || high === undefined ? undefined : { axis, at: at as number, low, high };
}

function serversOf(json: unknown): ReadonlyMap<number, string> | undefined {
  if (!isRecord(json)) return undefined;
  const servers = new Map<number, string>();
  for (const [zone, server] of Object.entries(json)) {
    if (!ZONE.test(zone) || typeof server !== 'string' || !isName(server)) return undefined;
    servers.set(Number(zone), server);
  }
  return servers.size <= 2 * planLimits.zones ? servers : undefined;
}

function homesOf(json: unknown): Map<number, readonly string[]> | undefined {
  if (!isRecord(json)) return undefined;
  const homes = new Map<number, readonly string[]>();
  for (const [zone, addresses] of Object.entries(json)) {
    if (!ZONE.test(zone) || !Array.isArray(addresses) || addresses.length > planLimits.homes) return undefined;
    if (!addresses.every((each): each is string => typeof each === 'string' && isGatewayAddress(each)))
      return undefined;
    homes.set(Number(zone), addresses);
  }
  return homes.size <= 2 * planLimits.zones ? homes : undefined;
}

function cellsOf(json: unknown): WorldCells | undefined {
  if (!isRecord(json)) return undefined;
  const { columns, rows } = json;
  return isNumber(columns) && isNumber(rows) ? { columns, rows } : undefined;
}

const isName = (name: string): boolean => name.length > 0 && name.length <= planLimits.serverChars;
const isNumber = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

function isRecord(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
