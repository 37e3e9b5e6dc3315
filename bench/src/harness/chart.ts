import { type PeerName, peerNames } from '../peers/peer.ts';
import type { Provenance } from './machine.ts';
import { rounded, type Spread } from './statistics.ts';
import type { ScenarioResult } from './summary.ts';
import { xmlText } from './xml.ts';

const WIDTH = 960;
const LABEL_WIDTH = 150;
const PANEL_GAP = 28;
const HEAD = 96;
const BAR = 13;
const BAR_GAP = 3;
const GROUP_GAP = 16;
/** Kept free behind the longest bar, for its number. */
const NUMBER_WIDTH = 88;

const titles: Readonly<Record<PeerName, string>> = {
  ours: 'LifeVerse',
  colyseus: 'Colyseus 0.18',
  floor: 'floor: one write per frame',
};

interface Panel {
  readonly title: string;
  readonly figure: string;
  readonly peers: readonly PeerName[];
}

const panels: readonly Panel[] = [
  { title: 'CPU per player and tick, µs', figure: 'cpu_us_per_player_tick', peers: peerNames },
  { title: 'Bytes per player and second', figure: 'bytes_per_player_s', peers: ['ours', 'colyseus'] },
];

// Chosen to be told apart in both schemes, and by those who do not see red from green.
const style = `
  .ground { fill: #ffffff } .ink { fill: #1c2430 } .soft { fill: #5b6676 } .rule { stroke: #d5dae1 } .whisker { stroke: #1c2430 }
  .ours { fill: #0f7b6c } .colyseus { fill: #d9822b } .floor { fill: #9aa5b1 }
  text { font: 12px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif } .head { font-size: 17px; font-weight: 600 } .strong { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #12161c } .ink { fill: #e8ecf1 } .soft { fill: #9aa5b1 } .rule { stroke: #2c343f } .whisker { stroke: #e8ecf1 }
    .ours { fill: #3dc2ac } .colyseus { fill: #f0a355 } .floor { fill: #6b7684 }
  }`;

/** The newest figures as one picture: medians as bars, least to greatest of the rounds as whiskers. */
export function resultChart(results: readonly ScenarioResult[], provenance: Provenance): string {
  const groups = layOut(results);
  const bottom = groups.reduce((low, group) => Math.max(low, group.bottom), HEAD);
  const height = bottom + 58;
  const panelWidth = (WIDTH - LABEL_WIDTH - 24 - PANEL_GAP) / 2;
  const drawn = panels.map((panel, index) =>
    drawPanel(panel, groups, LABEL_WIDTH + index * (panelWidth + PANEL_GAP), panelWidth, bottom),
  );
  const labels = groups.map(
    ({ result, top }) => `<text class="ink strong" x="24" y="${top + BAR - 2}">${xmlText(result.scenario)}</text>`,
  );
  const { date, commit, cpu, cores, kernel, node } = provenance;
  const foot = [
    'One interleaved run; bars are medians of its rounds, lines reach from the least to the greatest.',
    `${date.slice(0, 10)}, commit ${commit}, ${cores} × ${cpu}, ${kernel}, Node ${node}`,
  ].map((line, index) => `<text class="soft" x="24" y="${height - 32 + index * 17}">${xmlText(line)}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title about">
<title id="title">LifeVerse beside Colyseus and the floor</title>
<desc id="about">${xmlText(described(results))}</desc>
<style>${style}
</style>
<rect class="ground" width="${WIDTH}" height="${height}" rx="8"/>
<text class="ink head" x="24" y="34">What a player costs the server</text>
${legend(results)}
${drawn.join('\n')}
${labels.join('\n')}
${foot.join('\n')}
</svg>
`;
}

interface Group {
  readonly result: ScenarioResult;
  readonly top: number;
  readonly bottom: number;
}

/** One group a scenario, as high as its panel with most bars. */
function layOut(results: readonly ScenarioResult[]): readonly Group[] {
  let top = HEAD + 10;
  return results.map((result) => {
    const bars = Math.max(1, ...panels.map((panel) => barsOf(panel, result).length));
    const group = { result, top, bottom: top + bars * (BAR + BAR_GAP) };
    top = group.bottom + GROUP_GAP;
    return group;
  });
}

function barsOf(panel: Panel, result: ScenarioResult): readonly { readonly peer: PeerName; readonly spread: Spread }[] {
  return panel.peers.flatMap((peer) => {
    const spread = result.peers[peer][panel.figure];
    return spread ? [{ peer, spread }] : [];
  });
}

function drawPanel(panel: Panel, groups: readonly Group[], left: number, width: number, bottom: number): string {
  const all = groups.flatMap(({ result }) => barsOf(panel, result));
  const greatest = Math.max(Number.MIN_VALUE, ...all.map(({ spread }) => spread.max));
  const scale = (width - NUMBER_WIDTH) / greatest;
  const parts = [
    `<text class="soft" x="${left}" y="${HEAD - 8}">${xmlText(panel.title)}</text>`,
    `<line class="rule" x1="${left}" y1="${HEAD}" x2="${left}" y2="${bottom + 4}"/>`,
  ];
  for (const { result, top } of groups) {
    barsOf(panel, result).forEach(({ peer, spread }, index) => {
      const y = top + index * (BAR + BAR_GAP);
      parts.push(drawBar(peer, spread, left, y, scale));
    });
  }
  return parts.join('\n');
}

function drawBar(peer: PeerName, spread: Spread, left: number, y: number, scale: number): string {
  const [length, from, to] = [spread.median, spread.min, spread.max].map((value) => (value * scale).toFixed(1));
  const middle = y + BAR / 2;
  const label = rounded(spread.median, 3).toLocaleString('en-US');
  const labelX = left + spread.max * scale + 7;
  return [
    `<rect class="${peer}" x="${left}" y="${y}" width="${length}" height="${BAR}" rx="2"/>`,
    `<line class="whisker" x1="${left + Number(from)}" y1="${middle}" x2="${left + Number(to)}" y2="${middle}"/>`,
    `<text class="ink" x="${labelX.toFixed(1)}" y="${y + BAR - 2}">${label}</text>`,
  ].join('');
}

function legend(results: readonly ScenarioResult[]): string {
  const shown = peerNames.filter((peer) => results.some((result) => Object.keys(result.peers[peer]).length > 0));
  let x = 24;
  return shown
    .map((peer) => {
      const part = `<rect class="${peer}" x="${x}" y="48" width="12" height="12" rx="2"/><text class="ink" x="${x + 18}" y="58">${xmlText(titles[peer])}</text>`;
      x += 40 + titles[peer].length * 7;
      return part;
    })
    .join('');
}

/** The same in words, for those who hear it. */
function described(results: readonly ScenarioResult[]): string {
  return results
    .map((result) => {
      const costs = peerNames.flatMap((peer) => {
        const spread = result.peers[peer].cpu_us_per_player_tick;
        return spread ? [`${titles[peer]} ${rounded(spread.median, 3)}`] : [];
      });
      return `${result.scenario}, microseconds per player and tick: ${costs.join(', ')}.`;
    })
    .join(' ');
}
