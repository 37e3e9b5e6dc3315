import { expect, it } from 'vitest';
import type { Course } from './course.ts';
import { drillReport } from './drill-report.ts';
import { figuresOf } from './figures.ts';
import { LaneLog } from './lane-log.ts';
import { commonTargets } from './target.ts';
import { timelinePage } from './timeline-page.ts';

const lanes = new LaneLog();
lanes.note('nats', 'alive', 100);
lanes.note('nats', 'gone', 5_000);
lanes.note('nats', 'gone', 5_100);
lanes.note('nats', 'alive', 8_000);

const course: Course = {
  ...{ startMs: 0, endMs: 10_000, lanes: lanes.lanes(10_000), operations: 'coins <given>' },
  faults: [{ what: 'NATS "killed"', fromMs: 5_000, untilMs: 8_000 }],
  acks: [Array.from({ length: 80 }, (_, at) => 1_000 + at * 50), [1_000, 8_200, 9_900]],
  comings: [{ atMs: 1_000, kind: 'joined' }],
  settled: [{ atMs: 2_000, outcome: 'done' }],
};
const figures = figuresOf({
  ...{ drill: 'nats-loss', players: 2, playersJoined: 2, repeats: 1, faultsInjected: 1, operationsTotal: 1 },
  ...{ inputGapsMs: [50, 7_200], positionsLostM: [], entitiesLost: 0, entitiesDoubled: 0 },
  ...{ disconnects: 0, operationsLost: 1, operationsDoubled: 0 },
});
const report = drillReport(figures, {}, { targets: commonTargets(figures, {}), wrong: ['<b>Ann</b> & Bob'] });
const about = { date: '2026-11-21T20:00:00.000Z', commit: 'abc1234', machine: '2 x a processor' };
const page = timelinePage({ ...report, did: 'It was killed.', saw: 'They stood.', course }, about, 'lifeverse drill x');

it('says what was done, what players saw, how it ended, on what, and what was missed', () => {
  for (const words of ['It was killed.', 'They stood.', 'failed', 'abc1234', '2 x a processor', 'lifeverse drill x'])
    expect(page).toContain(words);
  expect(page).toMatch(/class="missed"><th scope="row">acknowledged and not done/);
  expect(page).toContain('20:00:00 UTC');
});

it('needs nothing from elsewhere, runs nothing, and takes words as words', () => {
  expect(page).not.toMatch(/<script|https?:|@import|url\(|\son[a-z]+=/i);
  expect(page).toContain('&lt;b&gt;Ann&lt;/b&gt; &amp; Bob');
  expect(page).toContain('NATS &quot;killed&quot;');
  expect(page).toContain('coins &lt;given&gt;');
});

it('draws a lane for each process, with when it was gone, and says the same in words', () => {
  expect(page).toContain('<rect class="alive" x="10" y="3" width="490"');
  expect(page).toContain(
    '<rect class="gone" x="500" y="3" width="300" height="12"><title>nats gone, 0:05.0 to 0:08.0 (3.0 s)',
  );
  expect(page).toContain('<li><time>0:05.0</time> nats is gone</li>');
  expect(page).toContain('<li><time>0:08.0</time> nats runs, after 3.0 s</li>');
  expect(page).toContain('Fault: NATS &quot;killed&quot; (whole again after 3.0 s)');
});

it('is as good without anything to show', () => {
  const empty = { ...course, lanes: [], faults: [], acks: [], comings: [], settled: [] };
  const bare = timelinePage({ ...report, did: '', saw: '', course: empty }, about, '');
  expect(bare).not.toMatch(/NaN|undefined|Infinity/);
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
});
