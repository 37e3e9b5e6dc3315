import { expect, it } from 'vitest';
import { Board } from './board.ts';
import { Screen } from './screen.ts';
import type { Row } from './table.ts';

const zone: Row = {
  name: 'zone',
  pid: 7,
  life: { kind: 'open', sinceMs: 0 },
  silentMs: 0,
  zones: [{ zone: 1, epoch: 17 }],
  players: 12,
  stepP99Ms: 1.23456,
  cpu: 0.5,
  restarts: 0,
  lastEnd: null,
};
const again: Row = {
  ...zone,
  pid: 8,
  zones: [{ zone: 1, epoch: 18 }],
  restarts: 1,
  lastEnd: { how: 'was killed by SIGKILL', atMs: 3 },
};

/** All that is written without a terminal. */
function written(json: boolean, ...shown: readonly Row[]): string[] {
  let text = '';
  const board = new Board({ screen: new Screen({ write: (piece) => (text += piece) }), json });
  for (const [index, row] of shown.entries()) board.show([row], 0, index);
  return text.trim().split('\n');
}

it('has a line for each change, and none for what always moves', () => {
  const silent = { ...again, silentMs: 2_000 };
  const shown = [zone, { ...zone, players: 13, cpu: 0.6 }, again, silent, { ...silent, silentMs: 2_500 }, again];
  expect(written(false, ...shown, { ...again, zones: [] })).toEqual([
    'zone has zone 1 by epoch 17',
    'zone has zone 1 by epoch 18',
    'zone has given no sign of life for 2 s',
    'zone has no zone any more',
  ]);
});

it('tells a program the same, with all that is known', () => {
  const known = { process: 'zone', state: 'open', players: 12, step_ms_p99: 1.235, cpu_cores: 0.5 };
  const lines = written(true, zone, { ...zone, players: 13 }, again, { ...again, silentMs: 3_000 });
  expect(lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))).toEqual([
    { ran_ms: 0, ...known, pid: 7, zones: zone.zones, restarts: 0, last_end: null },
    { ran_ms: 2, ...known, pid: 8, zones: again.zones, restarts: 1, last_end: 'was killed by SIGKILL' },
    {
      ran_ms: 3,
      ...known,
      pid: 8,
      zones: again.zones,
      restarts: 1,
      last_end: 'was killed by SIGKILL',
      state: 'silent',
    },
  ]);
});
