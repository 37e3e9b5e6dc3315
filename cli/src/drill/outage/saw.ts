import type { DrillResult } from '../report/drill-report.ts';
import { inWords } from '../report/in-words.ts';
import type { Evidence } from './judge.ts';
import type { OutageKind } from './outage-kind.ts';
import type { Own } from './report.ts';

/** What the players saw, from what they were told. */
export function sawOf({ part, playGoesOn }: OutageKind, result: DrillResult<Own>, { deals }: Evidence): string {
  const { input_gap_ms_p99, disconnects, inputs_resumed_ms_max, operations_again_ms_max } = result;
  const walked = playGoesOn
    ? `Everyone walked on: of 99 players in 100 the longest wait for an answer was ${inWords(input_gap_ms_p99)}.`
    : `Everyone stood still while ${part} was gone, and walked on at most ${inWords(inputs_resumed_ms_max)} after its return.`;
  const lost =
    disconnects === 0
      ? 'Nobody lost the connection.'
      : `${disconnects} times a player was told that the connection is lost, ${result.disconnects_meanwhile} of them while ${part} was gone, and came back by themselves.`;
  const again = `Everyone's next coin was given at most ${inWords(operations_again_ms_max)} after the return.`;
  return [walked, lost, readOf(deals), again].join(' ');
}

/** The sentences, as they came with the refusals, and how often. */
function readOf(deals: Evidence['deals']): string {
  const counts = new Map<string, number>();
  for (const { sentence } of deals.flatMap(({ refusals }) => refusals))
    counts.set(sentence, (counts.get(sentence) ?? 0) + 1);
  if (counts.size === 0) return 'Whoever gave a coin meanwhile saw nothing happen until it was done.';
  const read = [...counts].map(([sentence, count]) => `“${sentence}” (${count} times)`);
  return `Whoever gave a coin meanwhile read ${read.join(', ')}.`;
}
