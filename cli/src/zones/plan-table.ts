import type { KnownServer, MadePlan } from '@lifeverse/backend';
import { areaOf, type Span, type ZonePlan, zonesIn, zonesOf } from '@lifeverse/contracts';

/** What is told of a world's zones: the plans with the newest first, and at least one. */
export interface ToldZones {
  readonly plans: readonly MadePlan[];
  readonly servers: readonly KnownServer[];
}

interface ZoneRow {
  readonly zone: number;
  readonly server: string | null;
  /** Has the second copy. */
  readonly standby: string | null;
  readonly alive: boolean;
  /** Its server is to have no zones. */
  readonly drained: boolean;
  /** First and last cell. */
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly share: number;
  /** It has no cells any more. */
  readonly ends: boolean;
  readonly pinned: boolean;
  /** Addresses of those that are to have its players. */
  readonly gateways: readonly string[];
}

function rowsOf(plan: ZonePlan, servers: readonly KnownServer[]): ZoneRow[] {
  const { arrangement, cells } = plan;
  const remaining = zonesIn(arrangement.zones);
  return zonesOf(arrangement)
    .toSorted((a, b) => a - b)
    .map((zone) => {
      const ends = !remaining.includes(zone);
      const area = areaOf(ends ? (arrangement.former ?? arrangement.zones) : arrangement.zones, zone);
      const [x, y] = [within(area?.x, cells.columns), within(area?.y, cells.rows)];
      const server = plan.servers.get(zone) ?? null;
      const standby = plan.standbys.get(zone) ?? null;
      const { alive = false, drained = false } = servers.find((each) => each.server === server) ?? {};
      const share = ends ? 0 : ((x[1] - x[0] + 1) * (y[1] - y[0] + 1)) / (cells.columns * cells.rows);
      const gateways = plan.homes.get(zone) ?? [];
      return { zone, server, standby, alive, drained, x, y, share, ends, pinned: plan.pinned.includes(zone), gateways };
    });
}

function within(span: Span | undefined, count: number): readonly [number, number] {
  return [Math.max(0, span?.from ?? 0), Math.min(count, span?.to ?? count) - 1];
}

export function planAsJson({ plans, servers }: ToldZones): object {
  const [latest] = plans as readonly [MadePlan, ...MadePlan[]];
  const decisions = plans.map(({ plan, why, made }) => ({
    generation: plan.generation,
    made: made.toISOString(),
    why,
  }));
  const { generation, arrangement } = latest.plan;
  return { generation, changing: arrangement.former !== null, zones: rowsOf(latest.plan, servers), servers, decisions };
}

export function planTable({ plans, servers }: ToldZones): string {
  const [latest] = plans as readonly [MadePlan, ...MadePlan[]];
  const rows = rowsOf(latest.plan, servers);
  const placed = (name: string | null): string => {
    const region = servers.find(({ server }) => server === name)?.region ?? '';
    return `${name ?? '-'}${region === '' ? '' : ` (${region})`}`;
  };
  const table = [
    ['zone', 'server', 'standby', 'cells x', 'cells y', 'area', ''],
    ...rows.map((row) => [
      String(row.zone),
      placed(row.server),
      placed(row.standby),
      row.x.join('..'),
      row.y.join('..'),
      `${Math.round(row.share * 100)} %`,
      stateOf(row),
    ]),
  ];
  const widths = table.reduce(
    (most, line) => line.map((cell, i) => Math.max(cell.length, most[i] ?? 0)),
    [] as number[],
  );
  const lines = table.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] as number))
      .join('  ')
      .trimEnd(),
  );
  const busy = new Set(rows.map(({ server }) => server));
  const drained = servers.filter((each) => each.alive && each.drained).map(({ server }) => server);
  const idle = servers
    .filter(({ server, alive }) => alive && !busy.has(server) && !drained.includes(server))
    .map(({ server }) => server);
  return [
    ...lines,
    ...(latest.plan.arrangement.former === null ? [] : ['', 'A change is under way.']),
    ...(idle.length === 0 ? [] : ['', `Without a zone: ${idle.join(', ')}`]),
    ...(drained.length === 0 ? [] : ['', `Drained: ${drained.join(', ')}`]),
    ...gatewayLines(rows),
    '',
    ...plans.map(({ plan, why, made }) => `${made.toISOString()}  ${String(plan.generation).padStart(4)}  ${why}`),
  ].join('\n');
}

/** Which part of the world each gateway is to read. */
function gatewayLines(rows: readonly ZoneRow[]): string[] {
  const all = [...new Set(rows.flatMap(({ gateways }) => gateways))].toSorted();
  const zonesOf = (address: string): string =>
    rows.flatMap(({ zone, gateways }) => (gateways.includes(address) ? [zone] : [])).join(', ');
  return all.length === 0 ? [] : ['', ...all.map((address) => `Players of ${address}: zones ${zonesOf(address)}`)];
}

function stateOf({ server, alive, drained, ends, pinned }: ZoneRow): string {
  if (server === null) return 'waits for a server';
  if (!alive) return 'its server is gone';
  if (ends) return 'hands everybody over';
  if (drained) return 'its server is drained';
  return pinned ? 'pinned' : '';
}
