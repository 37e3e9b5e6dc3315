import { expect, it } from 'vitest';
import { figuresOf, windowOf } from './figures.ts';
import type { Use } from './served.ts';

const use = (atMs: number, zoneMs: number, change: Partial<Use> = {}): Use => ({
  ...{ atMs, rssBytes: 300 * 2 ** 20, processes: 5, players: 0, bus: { messages: 0, bytes: 0 } },
  ticks: atMs / 50,
  cpuMs: { gateway: 0, zone: zoneMs, backend: 0, nats: 0, rest: atMs / 100 },
  ...change,
});

it('what is used is told for a second, a player and a tick', () => {
  const idle = windowOf(use(0, 0), use(10_000, 100));
  const half = windowOf(use(10_000, 100), use(20_000, 1_100, { players: 100 }));
  const full = windowOf(
    use(20_000, 1_100),
    use(30_000, 3_300, { players: 200, bus: { messages: 40_000, bytes: 8_000_000 } }),
  );
  expect(idle).toMatchObject({ ticksPerS: 20, cpuMsPerS: 20, cpuMsPerSBy: { zone: 10, rest: 10 } });
  expect(figuresOf({ idle, half, full })).toEqual({
    ...{ players: 200, processes: 5, ticks_per_s: 20, rss_mib: 300, fixed_cores: 0.02 },
    // 230 ms of CPU a second for 4,000 player-ticks; 120 ms more than for 2,000.
    ...{ cpu_us_per_player_tick: 57.5, marginal_us_per_player_tick: 60 },
    ...{ bus_messages_per_player_s: 20, bus_bytes_per_player_s: 4_000 },
    marginal_us_by: { gateway: 0, zone: 60, backend: 0, nats: 0, rest: 0 },
    cores_by: { gateway: 0, zone: 0.22, backend: 0, nats: 0, rest: 0.01 },
  });
});

it('where there is no bus, nothing is said of one', () => {
  const window = windowOf(use(0, 0, { bus: null }), use(10_000, 100, { players: 10, bus: null }));
  expect(figuresOf({ idle: window, half: { ...window, players: 5 }, full: window })).toMatchObject({
    bus_messages_per_player_s: null,
    bus_bytes_per_player_s: null,
  });
});
