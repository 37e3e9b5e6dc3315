import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vocabulary } from '@lifeverse/node-kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { drillNames } from '../drill/main.ts';
import { type DrillRun, readRuns } from './drill-runs.ts';
import { recorded } from './main.ts';
import { parts } from './parts.ts';
import { pointsPage } from './points-page.ts';
import { runsMarkdown, standingMarkdown, standingText } from './said.ts';
import { standingOf } from './standing.ts';
import type { Topology } from './topology.ts';

const small: Topology = {
  gateways: ['gateway-1', 'gateway-2'],
  backends: ['backend'],
  zones: [
    { zone: 'zone-1', hasStandby: true },
    { zone: 'zone-2', hasStandby: false },
  ],
};

function folderOf(...runs: readonly object[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-points-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [index, run] of runs.entries()) {
    mkdirSync(join(folder, `${index}`));
    writeFileSync(join(folder, `${index}`, 'result.json'), JSON.stringify(run));
  }
  return folder;
}

const run = (date: string, figures: object = {}): DrillRun => ({
  ...{ command: 'lifeverse drill gateway-crash', date, commit: 'abc1234', machine: '2 x <fast>' },
  result: {
    ...{ drill: 'gateway-crash', players: 8, faults_injected: 3, passed: true, objections: [], back_ms_p99: 2_400 },
    ...{ handovers: 0, input_gap_ms_p50: 900, input_gap_ms_p99: 2_100, position_lost_m_max: 0.1, disconnects: 8 },
    ...{ entities_lost: 0, entities_doubled: 0, operations_total: 10, operations_lost: 0, operations_doubled: 0 },
    ...figures,
  },
});

describe('what becomes of players when a part is gone', () => {
  it('is on record for every part, by a drill that there is, and is on its page', async () => {
    const runs = readRuns(recorded);
    const standings = standingOf(null, runs);
    expect(standings.filter(({ measured }) => measured === null).map(({ part }) => part)).toEqual([]);
    expect(standings.filter(({ drill }) => !drillNames.includes(drill ?? '')).map(({ part }) => part)).toEqual([]);
    expect(standings.filter(({ measured }) => measured?.recovery.includes('no time')).map(({ part }) => part)).toEqual(
      [],
    );
    await expect(`${standingMarkdown(standings)}\n${runsMarkdown(runs)}`).toMatchFileSnapshot(
      '../../../docs/reference/single-points.md',
    );
  });

  it('is told for every role that reports about itself', () => {
    const roles = new Set(
      vocabulary.map(({ role }) => role).filter((role) => role !== 'process' && role !== 'telemetry'),
    );
    expect([...roles].filter((role) => !parts.some(({ name }) => name.includes(role)))).toEqual([]);
  });
});

describe('of a world that runs', () => {
  it('tells of which there is one', () => {
    const standings = standingOf(small, new Map([['gateway-crash', run('2026-11-22T01:00:00.000Z')]]));
    expect(standings.flatMap(({ part, here, isSingle }) => (here === null ? [] : [[part, here, isSingle]]))).toEqual([
      ['a gateway', '2 gateways', false],
      ['a zone server whose zones have a standby', '1 of 2 zones have a standby', true],
      ['a backend', '1 backend', true],
    ]);
    const text = standingText(standings);
    expect(text).toContain('gateway-crash: 2.4 s (back, p99); 8 players, 3 times, 2026-11-22, commit abc1234');
    expect(text).toContain('a backend: 1 backend, a single point');
    expect(text).toContain('No run of nats-loss is on record.');
    const page = pointsPage(standings, 'http://one.example/?<a>', new Date(0));
    expect(page).toContain('2 parts of which there is only one');
    expect(page).toContain('<p class="missing">No run of nats-loss is on record.</p>');
    expect(page).toContain('2 x &lt;fast&gt;');
    expect(page).not.toContain('<a>');
  });

  it('says so when the drill failed, or measured nothing', () => {
    const failed = run('2026-11-22T01:00:00.000Z', { passed: false, back_ms_p99: null });
    const standings = standingOf(small, new Map([['gateway-crash', failed]]));
    expect(standingText(standings)).toMatch(/gateway-crash: no time that was measured .*FAILED/);
    expect(standingMarkdown(standings)).toContain('🔴 **failed**, 8 players');
    expect(pointsPage(standings, null, new Date(0))).toContain('<b>Failed.</b>');
    const why = { passed: false, objections: ['disconnects is 2'], position_lost_m_max: null };
    expect(runsMarkdown(new Map([['gateway-crash', run('2026-11-22T01:00:00.000Z', why)]]))).toContain(
      '| `gateway-crash` | 8, 3 | 900 ms, 2.1 s | unknown | 0, 0 | 10; 0, 0 | 0 | 8 | 🔴 no: disconnects is 2 | 2026-11-22, abc1234 |',
    );
  });
});

describe('reports', () => {
  it('count by the newest of each drill', () => {
    const folder = folderOf(
      run('2026-11-22T01:00:00.000Z'),
      run('2026-11-23T01:00:00.000Z'),
      run('2026-11-21T01:00:00.000Z'),
    );
    expect([...readRuns(folder)].map(([drill, { date }]) => [drill, date])).toEqual([
      ['gateway-crash', '2026-11-23T01:00:00.000Z'],
    ]);
  });

  it('that are none are refused by their path', () => {
    const wrong = folderOf({ ...run('2026-11-22T01:00:00.000Z'), result: { drill: 'gateway-crash' } });
    expect(() => readRuns(wrong)).toThrow(`${join(wrong, '0', 'result.json')} is no result of a drill`);
    const broken = folderOf({});
    writeFileSync(join(broken, '0', 'result.json'), '{');
    expect(() => readRuns(broken)).toThrow(/result\.json cannot be read \(no JSON\)/);
    rmSync(join(broken, '0', 'result.json'));
    expect(() => readRuns(broken)).toThrow(/result\.json cannot be read \(ENOENT\)/);
    expect(() => readRuns(join(broken, 'nowhere'))).toThrow(/cannot be read \(ENOENT\)/);
  });
});
