import type { Group, Use } from './served.ts';

/** What was used between two moments, a second. */
export interface Window {
  readonly players: number;
  readonly ticksPerS: number;
  readonly cpuMsPerS: number;
  readonly cpuMsPerSBy: Readonly<Record<Group, number>>;
  readonly busMessagesPerS: number | null;
  readonly busBytesPerS: number | null;
  readonly rssBytes: number;
  readonly processes: number;
}

export function windowOf(from: Use, to: Use): Window {
  const s = (to.atMs - from.atMs) / 1_000;
  const by = Object.fromEntries(
    Object.entries(to.cpuMs).map(([group, ms]) => [group, (ms - from.cpuMs[group as Group]) / s]),
  ) as Record<Group, number>;
  const bus = (of: 'messages' | 'bytes'): number | null =>
    to.bus === null || from.bus === null ? null : (to.bus[of] - from.bus[of]) / s;
  return {
    players: to.players,
    ticksPerS: (to.ticks - from.ticks) / s,
    cpuMsPerS: Object.values(by).reduce((sum, ms) => sum + ms, 0),
    cpuMsPerSBy: by,
    busMessagesPerS: bus('messages'),
    busBytesPerS: bus('bytes'),
    ...{ rssBytes: to.rssBytes, processes: to.processes },
  };
}

/** A layout with nobody there, with half of the players, and with all. */
export interface Measured {
  readonly idle: Window;
  readonly half: Window;
  readonly full: Window;
}

export interface LayoutFigures {
  readonly players: number;
  readonly processes: number;
  readonly ticks_per_s: number;
  /** All CPU time over players and ticks, microseconds. */
  readonly cpu_us_per_player_tick: number;
  /** What one player more costs: from half to full. */
  readonly marginal_us_per_player_tick: number;
  /** The same, by kind of process. */
  readonly marginal_us_by: Readonly<Record<Group, number>>;
  /** With nobody there, of a core. */
  readonly fixed_cores: number;
  /** Bytes of memory with all players. */
  readonly rss_mib: number;
  readonly bus_messages_per_player_s: number | null;
  readonly bus_bytes_per_player_s: number | null;
  /** Of a core, with all players, by kind of process. */
  readonly cores_by: Readonly<Record<Group, number>>;
}

const US_PER_MS = 1_000;

export function figuresOf({ idle, half, full }: Measured): LayoutFigures {
  const perPlayer = (perS: number | null): number | null => (perS === null ? null : rounded(perS / full.players, 1));
  const more = full.players * full.ticksPerS - half.players * half.ticksPerS;
  return {
    players: full.players,
    processes: full.processes,
    ticks_per_s: rounded(full.ticksPerS, 2),
    cpu_us_per_player_tick: rounded((full.cpuMsPerS * US_PER_MS) / (full.players * full.ticksPerS), 2),
    marginal_us_per_player_tick: rounded(((full.cpuMsPerS - half.cpuMsPerS) * US_PER_MS) / more, 2),
    marginal_us_by: eachOf(full.cpuMsPerSBy, (ms, group) => ((ms - half.cpuMsPerSBy[group]) * US_PER_MS) / more, 2),
    fixed_cores: rounded(idle.cpuMsPerS / 1_000, 3),
    rss_mib: rounded(full.rssBytes / 2 ** 20, 0),
    bus_messages_per_player_s: perPlayer(full.busMessagesPerS),
    bus_bytes_per_player_s: perPlayer(full.busBytesPerS),
    cores_by: eachOf(full.cpuMsPerSBy, (ms) => ms / 1_000, 3),
  };
}

function eachOf(
  by: Readonly<Record<Group, number>>,
  of: (ms: number, group: Group) => number,
  digits: number,
): Record<Group, number> {
  return Object.fromEntries(
    Object.entries(by).map(([group, ms]) => [group, rounded(of(ms, group as Group), digits)]),
  ) as Record<Group, number>;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
