import { type DrillReport, drillReport } from '../report/drill-report.ts';
import { figuresOf } from '../report/figures.ts';
import { commonTargets, type Target } from '../report/target.ts';
import type { WalkJudgement } from '../walkers/judge.ts';
import type { Change, Evidence } from './split-storm.ts';

const GAP_MS_MOST = 150;

/** What passes, in a sentence. */
export const passes = `nobody loses the connection or is there twice, every input that was acknowledged was done, once, people went from zone to
zone, and of 99 players in 100 the longest wait for an acknowledgement was ${GAP_MS_MOST} ms at most`;

export interface Played {
  readonly players: number;
  readonly repeats: number;
  /** What did not come about in time. */
  readonly trouble: readonly string[];
}

interface Own {
  /** Until a change was over, of any. */
  readonly change_ms_max: number | null;
}

export function splitStormReport(
  { players, repeats, trouble }: Played,
  { changes, handovers }: Pick<Evidence, 'changes' | 'handovers'>,
  judgement: WalkJudgement,
): DrillReport<Own> {
  const over = changes.flatMap(({ overMs }: Change) => overMs ?? []);
  const figures = figuresOf({
    drill: 'split-storm',
    ...{ players, repeats, handovers, playersJoined: judgement.joined },
    faultsInjected: over.length,
    // No durable operation is asked for: what counts is inputs.
    operationsTotal: judgement.acknowledged,
    operationsLost: judgement.inputsLost,
    operationsDoubled: judgement.inputsDoubled,
    ...judgement,
  });
  const own: Own = { change_ms_max: over.length === 0 ? null : Math.round(Math.max(...over)) };
  const targets: Target[] = [
    ...commonTargets(figures, { input_gap_ms_p99: { most: GAP_MS_MOST }, disconnects: { most: 0 } }),
    { key: 'handovers', words: 'from zone to zone', unit: '', value: handovers, least: 1 },
    { key: 'change_ms_max', words: 'until a change was over, of any', unit: 'ms', value: own.change_ms_max },
  ];
  return drillReport(figures, own, { targets, wrong: [...trouble, ...judgement.wrong] });
}

/** What the players saw, from what they were told. */
export function sawOfStorm({ input_gap_ms_p99, input_gap_ms_max, disconnects }: DrillReport<Own>['result']): string {
  const halts = `The longest that anybody waited for an answer is ${input_gap_ms_max} ms; of 99 players in 100 it was ${input_gap_ms_p99} ms at most.`;
  return disconnects === 0 ? `Nobody was told anything. ${halts}` : `${disconnects} connections were lost. ${halts}`;
}
