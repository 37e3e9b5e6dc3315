import { expect, it } from 'vitest';
import { kinds } from '../../cluster/fleet.ts';
import { rollingReplace } from './rolling-replace.ts';

const BOUND_MS = 180_000;

it(
  '[WO64] [WO66] players walk on while every process is replaced, and every acknowledged input was done once',
  async () => {
    const { signal } = new AbortController();
    const options = {
      players: 8,
      repeat: 1,
      seed: 1,
      zoneServers: 1,
      kinds,
      progress: () => {},
      signal,
    };
    const { report, evidence } = await rollingReplace(options);
    // How long a wait is depends on what else the machine does: that is measured where nothing else runs.
    expect(report.objections.filter((what) => !what.startsWith('input_gap_ms'))).toEqual([]);
    expect(report.result).toMatchObject({
      ...{ players_joined: 8, faults_injected: 4, disconnects: 0 },
      ...{ operations_lost: 0, operations_doubled: 0, entities_lost: 0, entities_doubled: 0 },
    });
    expect(evidence.handovers).toBeGreaterThanOrEqual(8);
    expect(evidence.rounds[0]?.replaced.map(({ name, by }) => `${by} for ${name}`)).toEqual([
      'backend-2 for backend',
      'zone-2 for zone-1',
      'gateway-3 for gateway-1',
      'gateway-4 for gateway-2',
    ]);
  },
  BOUND_MS,
);
