import { expect, it } from 'vitest';
import { tableLines } from './table.ts';

it('shows each process with what is known of it', () => {
  const rows = [
    { name: 'nats', life: { kind: 'open', sinceMs: 0 }, players: null, stepP99Ms: null, cpu: 0.03, restarts: 0 },
    { name: 'backend', life: { kind: 'starting', sinceMs: 1 }, players: null, stepP99Ms: null, cpu: null, restarts: 2 },
    { name: 'zone', life: { kind: 'open', sinceMs: 5_000_000 }, players: 12, stepP99Ms: 1.25, cpu: 0.5, restarts: 0 },
    {
      name: 'gateway-1',
      life: { kind: 'waiting', untilMs: 7_201_500, why: 'was killed by SIGKILL' },
      players: null,
      stepP99Ms: null,
      cpu: null,
      restarts: 1,
    },
    { name: 'gateway-2', life: { kind: 'stopped' }, players: 3, stepP99Ms: null, cpu: 1.234, restarts: 0 },
  ] as const;
  expect(tableLines(rows, 7_200_000)).toEqual([
    'process    state                                players  step p99    CPU  restarts',
    'nats       open 2 h                                   -         -    3 %         0',
    'backend    starting                                   -         -      -         2',
    'zone       open 36 min                               12    1.3 ms   50 %         0',
    'gateway-1  was killed by SIGKILL, again in 2 s        -         -      -         1',
    'gateway-2  stopped                                    3         -  123 %         0',
  ]);
});
