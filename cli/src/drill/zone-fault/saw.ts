import type { DrillResult } from '../report/drill-report.ts';
import { inWords } from '../report/in-words.ts';
import { sawOnScreens } from '../walkers/saw.ts';
import type { Evidence } from './judge.ts';
import type { Own } from './report.ts';

/** What the players saw, from what they were told. */
export function sawOf(result: DrillResult<Own>, { records }: Evidence): string {
  const { input_gap_ms_p50, input_gap_ms_p99, entities_renewed, position_lost_m_max } = result;
  const stood = `Avatars of its zones stood still: the longest wait for an answer was ${inWords(input_gap_ms_p99)} for 99 players in 100, ${inWords(input_gap_ms_p50)} for half of them.`;
  const where =
    entities_renewed > 0
      ? `${entities_renewed} times somebody was let in anew where they were last kept, up to ${position_lost_m_max} m from where they had been.`
      : `Nobody was moved by more than ${position_lost_m_max} m.`;
  return [stood, sawOnScreens(records), where].join(' ');
}
