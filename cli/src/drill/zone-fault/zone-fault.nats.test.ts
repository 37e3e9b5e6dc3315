import { expect, it } from 'vitest';
import { type Evidence, judge } from './judge.ts';
import { zonePause } from './kinds.ts';
import { zoneFault } from './zone-fault.ts';

const BOUND_MS = 180_000;

it(
  '[WO42] [WO45] of an owner who was paused while another took its zones, nothing is heard and nothing is kept',
  async () => {
    const { signal } = new AbortController();
    const options = {
      ...{ kind: zonePause, players: 6, repeat: 1, seed: 1, zoneServers: 3 },
      ...{ restartDelayMs: 0, beyondMs: 500, proxy: false, progress: () => undefined, signal },
    };
    const { report, evidence, course } = await zoneFault(options);
    expect(report.objections).toEqual([]);
    expect(report.result).toMatchObject({
      ...{ drill: 'zone-pause', players_joined: 6, faults_injected: 1, stale_frames: 0, stale_writes: 0 },
      ...{ operations_lost: 0, operations_doubled: 0, entities_doubled: 0 },
    });
    expect(report.result.operations_done).toBeGreaterThan(6);
    const [strike] = evidence.strikes;
    const taken = evidence.owners.filter(({ zone }) => strike?.zones.includes(zone));
    expect(taken.length).toBeGreaterThanOrEqual(2);
    expect(course.lanes.find(({ name }) => name === strike?.servers[0])?.spans.map(({ state }) => state)).toEqual([
      'alive',
      'silent',
      'alive',
    ]);
    expectTheJudgeToFind(evidence);
  },
  BOUND_MS,
);

/** That the same judgement fails as soon as the bus or the database had been otherwise. */
function expectTheJudgeToFind(evidence: Evidence): void {
  const { writes, owners } = evidence;
  const kept = writes.find((write) => write.kind === 'checkpoint');
  if (kept === undefined) throw new Error('nothing was kept in all that time');
  const late = { ...kept, newest: kept.epoch + 1 };
  expect(judge({ ...evidence, writes: [...writes, late] }, false).staleWrites).toBe(1);
  const bytes = Uint8Array.from({ length: 12 }, (_, at) => at);
  const [owner] = owners;
  if (owner === undefined) throw new Error('nothing was heard of any owner');
  const stray = { ...owner, newest: owner.epoch + 1, atMs: owner.lastMs, pieces: [bytes] };
  const heard = [{ name: 'Walker 1', atMs: owner.lastMs + 20, bytes: Uint8Array.of(0x44, 0, ...bytes) }];
  expect(judge({ ...evidence, strays: [stray], heard }, false).staleFrames).toBe(1);
}
