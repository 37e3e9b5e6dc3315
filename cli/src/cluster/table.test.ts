import { expect, it } from 'vitest';
import { type Row, tableLines } from './table.ts';

const nothing = {
  silentMs: 0,
  zones: [],
  players: null,
  stepP99Ms: null,
  cpu: null,
  restarts: 0,
  lastEnd: null,
} as const;

const HOURS_2 = 7_200_000;
const open = (name: string, sinceMs: number, more: Partial<Row> = {}): Row => ({
  ...nothing,
  ...{ name, pid: 1, life: { kind: 'open', sinceMs } },
  ...more,
});
const zones = [1, 2, 5, 6, 7].map((zone) => ({ zone, epoch: zone + 10 }));

it('shows each process with what is known of it', () => {
  const rows = [
    open('nats', 0, { cpu: 0.03 }),
    { ...nothing, name: 'backend', pid: 2, life: { kind: 'starting', sinceMs: 1 }, restarts: 2 },
    open('zone', 5_000_000, { players: 12, stepP99Ms: 1.25, cpu: 0.5, zones: zones.slice(0, 1) }),
    open('zone-2', 5_000_000, { players: 1, stepP99Ms: 0.5, cpu: 0, zones, silentMs: 3_500 }),
    { ...nothing, name: 'gateway-1', pid: null, life: { kind: 'waiting', untilMs: HOURS_2 + 1_500 }, restarts: 1 },
    { ...nothing, name: 'gateway-2', pid: null, life: { kind: 'stopped' }, players: 3, cpu: 1.234 },
    { ...nothing, name: 'gateway-3', pid: 3, life: { kind: 'leaving', sinceMs: HOURS_2 - 4_000 }, players: 2 },
  ] as const satisfies Row[];
  expect(tableLines(rows, HOURS_2)).toEqual([
    'process    state                       zone (epoch)  players  step p99    CPU  restarts',
    'nats       open 2 h                               -        -         -    3 %         0',
    'backend    starting                               -        -         -      -         2',
    'zone       open 36 min                       1 (11)       12    1.3 ms   50 %         0',
    'zone-2     silent 3 s    1 (11) 2 (12) 5 (15) and 2        1    0.5 ms    0 %         0',
    'gateway-1  again in 2 s                           -        -         -      -         1',
    'gateway-2  stopped                                -        3         -  123 %         0',
    'gateway-3  leaves 4 s                             -        2         -      -         0',
  ]);
});

const killed = { how: 'gave no sign of life for 5 s and was killed', atMs: 7_080_000 };
const ended = [
  open('zone', 7_100_000, {
    players: 12,
    stepP99Ms: 1.25,
    cpu: 0.5,
    zones: zones.slice(0, 1),
    restarts: 1,
    lastEnd: killed,
  }),
  open('gateway-1', 0, { players: 12, cpu: 0.25 }),
];

it('says how what was started again has ended', () => {
  expect(tableLines(ended, HOURS_2)).toEqual([
    'process    state       zone (epoch)  players  step p99   CPU  restarts  last end',
    'zone       open 1 min        1 (11)       12    1.3 ms  50 %         1  2 min ago: gave no sign of life for 5 s and was killed',
    'gateway-1  open 2 h               -       12         -  25 %         0  -',
  ]);
});

it('keeps to what matters most where there is little room', () => {
  expect(tableLines(ended, HOURS_2, 84)).toEqual([
    'process    state       players  step p99  restarts  last end',
    'zone       open 1 min       12    1.3 ms         1  2 min ago: gave no sign of life…',
    'gateway-1  open 2 h         12         -         0  -',
  ]);
  expect(tableLines(ended, HOURS_2, 30)).toEqual([
    'process    state       last e…',
    'zone       open 1 min  2 min …',
    'gateway-1  open 2 h    -',
  ]);
});
