import type { LayoutFigures } from './figures.ts';
import type { SteeringResult } from './steering-result.ts';

/** What `npm run bench -- --scenario distributed` leaves, as far as it is read here. */
export interface DistributedResult {
  readonly date: string;
  readonly commit: string;
  readonly cpu: string;
  readonly cores: number;
  readonly players: number;
  readonly cpu_over_one_process: Readonly<Record<string, number>>;
  readonly marginal_us_per_player_tick: Readonly<Record<string, number>>;
  readonly runs: readonly Readonly<Record<string, LayoutFigures>>[];
}

const PLAYERS = 1_000_000;
const TICK_HZ = 20;
/** Of a core: what is left is for the worst second. */
const USED = 0.6;
const BIT = 8;
const US_PER_S = 1_000_000;

const rounds = (count: number): string => (count === 1 ? 'One round' : `Medians of ${count} rounds`);

const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
};

/**
 * docs/reference/scale.md: what was measured of a world over several processes, and what follows from it. `steering`: null where that was not
 * measured.
 */
export function scalePage(result: DistributedResult, steering: SteeringResult | null): string {
  const layouts = Object.keys(result.runs[0] ?? {});
  const of = (layout: string, value: (figures: LayoutFigures) => number | null): number =>
    medianOf(result.runs.map((run) => value(run[layout] as LayoutFigures) ?? Number.NaN));
  return [
    '# Scale',
    '',
    `Owner: bench · Version: 1.0 · Date: ${result.date.slice(0, 10)} · Status: current`,
    '',
    `\`npm run bench -- --scenario distributed\`: the same ${result.players} players on the same plain (0.001 a square metre, all running, 20 Hz), in one process and over more`,
    `and more. All processes of the world are counted, NATS and PostgreSQL too, the players' not. ${rounds(result.runs.length)} at commit ${result.commit} on ${result.cores} x`,
    `${result.cpu}. It writes this page.`,
    '',
    '| gateways x zones | processes | CPU a player and tick | over one process | one player more | nobody there | bus, a player and second | memory |',
    '|---|---|---|---|---|---|---|---|',
    ...layouts.map((layout) => row(layout, result, of)),
    '',
    'CPU in microseconds a player and tick; *one player more*: the slope from half of the players to all; *nobody there*: of a core. The second copy of each zone, on another',
    'server, is in it wherever there are two zone servers or more.',
    '',
    ...spread(result),
    '',
    ...arithmetic(of),
    ...(steering === null ? [] : ['', ...steered(steering)]),
    '',
  ].join('\n');
}

type Of = (layout: string, value: (figures: LayoutFigures) => number | null) => number;

function row(
  layout: string,
  { cpu_over_one_process: over, marginal_us_per_player_tick: marginal }: DistributedResult,
  of: Of,
): string {
  const messages = of(layout, (it) => it.bus_messages_per_player_s);
  const bytes = of(layout, (it) => it.bus_bytes_per_player_s);
  return `| ${[
    layout,
    of(layout, (it) => it.processes),
    `${of(layout, (it) => it.cpu_us_per_player_tick).toFixed(1)}`,
    `x${(over[layout] ?? Number.NaN).toFixed(2)}`,
    (marginal[layout] ?? Number.NaN).toFixed(1),
    of(layout, (it) => it.fixed_cores).toFixed(2),
    Number.isNaN(messages) ? '-' : `${messages.toFixed(1)} messages, ${Math.round(bytes)} B`,
    `${of(layout, (it) => it.rss_mib)} MiB`,
  ].join(' | ')} |`;
}

function spread(result: DistributedResult): string[] {
  const { marginal_us_per_player_tick: marginal } = result;
  const slopes = Object.entries(marginal).filter(([layout]) => layout !== 'one process');
  const values = slopes.map(([, value]) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const percent = Math.round((most / least - 1) * 100);
  const { players } = result;
  return [
    `From 1 to 8 zones and 1 to 4 gateways one player more costs ${least.toFixed(1)} to ${most.toFixed(1)} us a tick: ${percent} % apart, where 15 % were hoped for.`,
    `With ${players} players each process is mostly what it costs by itself: ${Math.round(players / 8)} a zone are few. More than these the machine does not bear beside whoever plays them.`,
  ];
}

/** From the largest layout: how much of what a million players take, as things are. */
function arithmetic(of: Of): string[] {
  const largest = '4 x 8';
  const players = of(largest, (it) => it.players);
  const us = (group: 'gateway' | 'zone' | 'backend'): number =>
    Math.max(
      0,
      of(largest, (it) => it.marginal_us_by[group]),
    );
  const processes = (group: 'gateway' | 'zone' | 'backend'): number =>
    Math.ceil((us(group) * TICK_HZ * PLAYERS) / US_PER_S / USED);
  const bytes = (layout: string): number => of(layout, (it) => it.bus_bytes_per_player_s);
  const first = bytes('1 x 1');
  const more = (bytes('4 x 1') - first) / 3;
  const gateways = processes('gateway');
  const gbits = (bytesPerS: number): string => `${((bytesPerS * PLAYERS * BIT) / 1e9).toFixed(0)} Gbit/s`;
  const perNatsCore = (bytes(largest) * players) / of(largest, (it) => it.cores_by.nats);
  const natsCores = (bytesPerS: number): number => Math.ceil((bytesPerS * PLAYERS) / perNatsCore / USED);
  const everywhere = first + (gateways - 1) * more;
  const placed = first + more;
  return [
    '## A million players',
    '',
    `Each process is to use ${USED * 100} % of a core. By what one player more costs with ${largest}:`,
    '',
    '| | for 1,000,000 players | from |',
    '|---|---|---|',
    `| gateways | ${gateways} processes | ${us('gateway').toFixed(1)} us a player and tick |`,
    `| zone servers | ${processes('zone')} processes | ${us('zone').toFixed(1)} us |`,
    `| backends | ${processes('backend')} processes | ${us('backend').toFixed(2)} us; who logs in and trades comes on top |`,
    `| NATS, if each gateway reads two neighbourhoods | ${natsCores(placed)} cores, ${gbits(placed)} | ${Math.round(placed)} B a player and second |`,
    `| NATS, if gateways were filled at random | ${natsCores(everywhere)} cores, ${gbits(everywhere)} | ${Math.round(first)} B, and ${Math.round(more)} B more with each gateway |`,
    '',
    '**The weakest link is the bus.** Filled at random, as the load of this table fills them, each gateway reads nearly all of the world: what goes over NATS grows with players times gateways,',
    'and the last row is out of reach. So players are [led to the gateway of their zone](../guides/cluster.md#which-gateway-reads-which-part-of-the-world), and each reads its part. After it comes',
    'the one database: the journal does 35,000 to 50,000 lasting operations a second ([bench](../../bench/README.md#where-we-stand)), one for each of a million players in 20 to 30 seconds.',
  ];
}

function steered({ date, commit, players, gateways, zoneServers, before, after }: SteeringResult): string[] {
  const line = (when: string, { bus_messages_per_player_s, bus_bytes_per_player_s, streams, moves }: typeof before) =>
    `| ${when} | ${bus_messages_per_player_s} messages, ${Math.round(bus_bytes_per_player_s)} B | ${streams} | ${moves} |`;
  return [
    '## Players where their zones are read',
    '',
    `\`npm run bench -- --scenario steering\`: ${players} players by the SDK in a world of ${gateways} gateways and ${zoneServers} zones, by whichever gateway they came, and a minute later, when they`,
    `have been led to those of their zones (${date.slice(0, 10)}, commit ${commit}).`,
    '',
    '| | bus, a player and second | streams of cells that gateways read | players who had gone over |',
    '|---|---|---|---|',
    line('as they came', before),
    line('a minute later', after),
    '',
    'Cells are read by fewer gateways each. The bytes are as many as before: with so few players they are second copies of zones, ghosts at the borders and what each zone says to each',
    'gateway in every tick, which nobody is led away from.',
  ];
}
