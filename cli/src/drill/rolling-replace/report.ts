import { type DrillReport, drillReport } from '../report/drill-report.ts';
import { figuresOf } from '../report/figures.ts';
import { commonTargets, type Target } from '../report/target.ts';
import type { Evidence, Judgement } from './judge.ts';

const GAP_MS_MOST = 250;

/** What passes, in a sentence. */
export const passes = `every process is another one, nobody loses the connection or is there twice, every input that was acknowledged was done,
once, and of 99 players in 100 the longest wait for an acknowledgement was ${GAP_MS_MOST} ms at most`;

export interface Played {
  readonly players: number;
  readonly repeats: number;
  /** How many processes were to be replaced, over all repeats. */
  readonly wanted: number;
  /** What did not come about in time. */
  readonly trouble: readonly string[];
}

interface Own {
  /** From the start of a successor until what it replaces has ended, of any. */
  readonly replace_ms_max: number | null;
}

export function rollingReplaceReport(
  { players, repeats, wanted, trouble }: Played,
  { rounds, handovers }: Pick<Evidence, 'rounds' | 'handovers'>,
  judgement: Judgement,
): DrillReport<Own> {
  const figures = figuresOf({
    drill: 'rolling-replace',
    ...{ players, repeats, handovers, playersJoined: judgement.joined },
    faultsInjected: judgement.replaced,
    // No durable operation is asked for: what counts is inputs.
    operationsTotal: judgement.acknowledged,
    operationsLost: judgement.inputsLost,
    operationsDoubled: judgement.inputsDoubled,
    ...judgement,
  });
  const over = rounds.flatMap(({ replaced }) => replaced.flatMap(({ overMs }) => overMs ?? []));
  const own: Own = { replace_ms_max: over.length === 0 ? null : Math.round(Math.max(...over)) };
  const targets: Target[] = [
    ...commonTargets(figures, {
      faults_injected: { least: Math.max(1, wanted) },
      input_gap_ms_p99: { most: GAP_MS_MOST },
      disconnects: { most: 0 },
    }),
    {
      ...{ key: 'replace_ms_max', words: 'until a process was replaced, of any', unit: 'ms' },
      value: own.replace_ms_max,
    },
  ];
  return drillReport(figures, own, { targets, wrong: [...trouble, ...judgement.wrong] });
}

/** What the players saw, from what they were told. */
export function sawOfReplacement({
  input_gap_ms_p99,
  input_gap_ms_max,
  disconnects,
}: DrillReport<Own>['result']): string {
  const halts = `The longest that anybody waited for an answer is ${input_gap_ms_max} ms; of 99 players in 100 it was ${input_gap_ms_p99} ms at most.`;
  return disconnects === 0 ? `Nobody was told anything. ${halts}` : `${disconnects} connections were lost. ${halts}`;
}
