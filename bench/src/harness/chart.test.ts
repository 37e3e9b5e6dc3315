import { describe, expect, it } from 'vitest';
import { resultChart } from './chart.ts';
import type { Provenance } from './machine.ts';
import { ratioNames, type ScenarioResult } from './summary.ts';
import { xmlText } from './xml.ts';

const provenance: Provenance = {
  date: '2026-01-02T03:04:05.000Z',
  commit: 'abc1234',
  node: 'v24.0.0',
  cpu: 'Xeon <"fast"> & cheap',
  cores: 2,
  memoryGb: 4,
  kernel: 'Linux 6.1',
};

function result(scenario: string, colyseusUs: number | null): ScenarioResult {
  const spread = (median: number) => ({ median, min: median * 0.9, max: median * 1.1 });
  return {
    scenario,
    players: 1000,
    peers: {
      ours: {},
      colyseus: { cpu_us_per_player_tick: colyseusUs === null ? null : spread(colyseusUs) },
      floor: { cpu_us_per_player_tick: spread(3.2) },
    },
    ratios: Object.fromEntries(ratioNames.map((name) => [name, null])) as ScenarioResult['ratios'],
  };
}

it('escapes what XML reserves, and drops what it forbids', () => {
  expect(xmlText(`a<b>&"c"'d'\u0000\u001b\n`)).toBe('a&lt;b&gt;&amp;&quot;c&quot;&#39;d&#39;\n');
});

describe('resultChart', () => {
  it('escapes names that come from outside', () => {
    const svg = resultChart([result('town-<1>', 31)], provenance);
    expect(svg).toContain('town-&lt;1&gt;');
    expect(svg).toContain('Xeon &lt;&quot;fast&quot;&gt; &amp; cheap');
    expect(svg).not.toContain('town-<1>');
  });

  it('draws a bar for each figure there is, inside the picture', () => {
    const svg = resultChart([result('town-1000', 31), result('town-5000', null)], provenance);
    const bars = [...svg.matchAll(/<rect class="(\w+)" x="([\d.]+)" y="\d+" width="([\d.]+)" height="13"/g)];
    expect(bars.map((bar) => bar[1])).toEqual(['colyseus', 'floor', 'floor']);
    for (const bar of bars) expect(Number(bar[2]) + Number(bar[3])).toBeLessThan(960);
    const [colyseus, floor] = bars.map((bar) => Number(bar[3]));
    expect((colyseus ?? 0) / (floor ?? 1)).toBeCloseTo(31 / 3.2, 1);
  });

  it('can be drawn of nothing', () => {
    expect(resultChart([], provenance)).toMatch(/^<svg.*<\/svg>\n$/s);
  });
});
