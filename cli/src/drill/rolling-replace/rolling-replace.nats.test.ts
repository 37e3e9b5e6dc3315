import { expect, it } from 'vitest';
import { rollingReplace } from './rolling-replace.ts';

const BOUND_MS = 180_000;

it(
  '[WO64] [WO66] players walk on while backend and zone server are replaced, and every acknowledged input was done once',
  async () => {
    const { signal } = new AbortController();
    const options = {
      players: 8,
      repeat: 1,
      seed: 1,
      zoneServers: 1,
      kinds: ['backend', 'zone'] as const,
      progress: () => {},
      signal,
    };
    const { report, evidence } = await rollingReplace(options);
    // How long a wait is depends on what else the machine does: that is measured where nothing else runs.
    expect(report.objections.filter((what) => !what.startsWith('input_gap_ms'))).toEqual([]);
    expect(report.result).toMatchObject({
      ...{ players_joined: 8, faults_injected: 2, disconnects: 0 },
      ...{ operations_lost: 0, operations_doubled: 0, entities_lost: 0, entities_doubled: 0 },
    });
    expect(evidence.handovers).toBeGreaterThanOrEqual(8);
    expect(evidence.rounds[0]?.replaced.map(({ name, by }) => `${by} for ${name}`)).toEqual([
      'backend-2 for backend',
      'zone-2 for zone-1',
    ]);
  },
  BOUND_MS,
);
