import { expect, it } from 'vitest';
import { judgeWalks } from '../walkers/judge.ts';
import { splitStormReport } from './report.ts';
import { splitStorm } from './split-storm.ts';

const BOUND_MS = 180_000;

it(
  '[WO60] players walk on while zones are split, moved and made one, and every acknowledged input was done once',
  async () => {
    const { signal } = new AbortController();
    const options = { players: 8, repeat: 3, seed: 1, zoneServers: 2, progress: () => {}, signal };
    const { report, evidence } = await splitStorm(options);
    // How long a wait is depends on what else the machine does: that is measured where nothing else runs.
    expect(report.objections.filter((what) => !what.startsWith('input_gap_ms'))).toEqual([]);
    expect(report.result).toMatchObject({
      ...{ players_joined: 8, faults_injected: 3, disconnects: 0 },
      ...{ operations_lost: 0, operations_doubled: 0, entities_lost: 0, entities_doubled: 0 },
    });
    expect(report.result.operations_total).toBeGreaterThan(8 * 40);
    expect(evidence.changes.map(({ kind }) => kind)).toEqual(['split', 'move', 'merge']);
    const { changes, records } = evidence;
    const objections = (otherwise: Partial<typeof evidence>): string =>
      splitStormReport(
        { players: 8, repeats: 3, trouble: [] },
        { ...evidence, ...otherwise },
        judgeWalks({ ...evidence, ...otherwise }),
      ).objections.join();
    expect(objections({ handovers: 0 })).toContain('handovers is 0');
    expect(objections({ changes: changes.map((change) => ({ ...change, overMs: null })) })).toContain(
      'faults_injected is 0',
    );
    expect(objections({ records: records.map((record) => ({ ...record, lostMs: [1] })) })).toContain(
      'disconnects is 8',
    );
  },
  BOUND_MS,
);
