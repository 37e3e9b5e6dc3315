import { styleText } from 'node:util';
import { inWords } from '../drill/report/in-words.ts';
import type { DrillRun } from './drill-runs.ts';
import type { Measured, Standing } from './standing.ts';

const WIDTH = 100;

/** For a terminal: a paragraph each, in red what nobody takes over from and what no drill has shown. */
export function standingText(standings: readonly Standing[]): string {
  return standings
    .map(({ part, here, isSingle, loss, drill, measured }) => {
      const where = here === null ? '' : `: ${here}`;
      const head = `${part}${where}${isSingle === true ? ', a single point' : ''}`;
      const shown = measured === null ? missingWords(drill) : `  ${measuredWords(drill, measured)}`;
      return [
        isSingle === true ? red(head) : head,
        ...wrapped(loss).map((line) => `  ${line}`),
        measured?.passed === true ? shown : red(shown),
      ].join('\n');
    })
    .join('\n\n');
}

/** docs/reference/single-points.md. */
export function standingMarkdown(standings: readonly Standing[]): string {
  const rows = standings.map(({ part, loss, drill, measured }) => {
    const name = drill === null ? '🔴 **none**' : `\`${drill}\``;
    const shown =
      measured === null
        ? ['🔴 **not measured**', '']
        : [
            measured.recovery,
            `${measured.passed ? '' : '🔴 **failed**, '}${measured.players} players, ${times(measured.faults)}; ${day(measured)}, ${measured.commit}`,
          ];
    return `| ${[part, loss, name, ...shown].join(' | ')} |`;
  });
  return [
    '# Single points',
    '',
    'Owner: cli · Version: 1.0 · Date: 2026-11-22 · Status: current',
    '',
    'What a world is made of, and what becomes of its players when a part of it is gone. Made from `cli/src/points/parts.ts` and the results in',
    '`docs/drills`; `npx vitest run cli/src/points -u` makes it anew, and fails where a part has no drill on record. `npx lifeverse points` says the same of a world that',
    'runs: how many there are of each part, and of which there is only one.',
    '',
    '| gone is | players | drill | recovery, measured | with |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** Behind it: what was measured, drill by drill. */
export function runsMarkdown(runs: ReadonlyMap<string, DrillRun>): string {
  const all = [...runs.values()].toSorted((a, b) => (a.result.drill < b.result.drill ? -1 : 1));
  const machines = [...new Set(all.map(({ machine }) => machine))];
  const rows = all.map(({ command, date, commit, result }) => [
    `\`${command.replace(/^lifeverse drill /, '')}\``,
    `${result.players}, ${result.faults_injected}`,
    `${inWords(result.input_gap_ms_p50)}, ${inWords(result.input_gap_ms_p99)}`,
    result.position_lost_m_max === null ? 'unknown' : `${result.position_lost_m_max.toFixed(2)} m`,
    `${result.entities_lost}, ${result.entities_doubled}`,
    `${result.operations_total.toLocaleString('en')}; ${result.operations_lost}, ${result.operations_doubled}`,
    String(result.handovers),
    String(result.disconnects),
    result.passed ? 'yes' : `🔴 no: ${result.objections.join('; ')}`,
    `${date.slice(0, 10)}, ${commit}`,
  ]);
  return [
    '## All drills on record',
    '',
    `Players and the whole cluster on one machine: ${machines.join('; and ')}. [What the columns are](../guides/drills.md#what-a-drill-says).`,
    '',
    '| drill | players, faults | input gap p50, p99 | position | entities lost, doubled | operations; lost, doubled | handovers | disconnects | passed | at |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
  ].join('\n');
}

function missingWords(drill: string | null): string {
  return drill === null ? '  No drill takes it away.' : `  No run of ${drill} is on record.`;
}

function measuredWords(drill: string | null, measured: Measured): string {
  const verdict = measured.passed ? '' : ', FAILED';
  return `${drill}: ${measured.recovery}; ${measured.players} players, ${times(measured.faults)}, ${day(measured)}, commit ${measured.commit}${verdict}`;
}

const day = ({ date }: Measured): string => date.slice(0, 10);
const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
const red = (words: string): string => styleText('red', words, { stream: process.stdout });

function wrapped(words: string): string[] {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
