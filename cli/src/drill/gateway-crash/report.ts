import { quantile } from '@lifeverse/base';
import { type DrillReport, drillReport } from '../report/drill-report.ts';
import { figuresOf } from '../report/figures.ts';
import { commonTargets, type Target } from '../report/target.ts';
import type { Evidence, Judgement } from './judge.ts';

const BACK_MS_MOST = 10_000;
const POSITION_LOST_M_MOST = 1.5;

/** What passes, in a sentence. */
export const passes = `everyone is back within ${BACK_MS_MOST / 1_000} s (p99) as who they were, nobody twice, at most ${POSITION_LOST_M_MOST} m from
where their inputs lead, and every input that was acknowledged was done, once`;

export interface Played {
  readonly players: number;
  readonly repeats: number;
  /** What did not come about in time. */
  readonly trouble: readonly string[];
}

interface Own {
  readonly back_ms_p99: number | null;
  readonly restart_ms_max: number | null;
}

export function gatewayCrashReport(
  { players, repeats, trouble }: Played,
  { strikes }: Pick<Evidence, 'strikes'>,
  judgement: Judgement,
): DrillReport<Own> {
  const figures = figuresOf({
    drill: 'gateway-crash',
    ...{ players, repeats, playersJoined: judgement.joined },
    faultsInjected: strikes.filter(({ died }) => died).length,
    // No durable operation is asked for: what counts is inputs.
    operationsTotal: judgement.acknowledged,
    operationsLost: judgement.inputsLost,
    operationsDoubled: judgement.inputsDoubled,
    ...judgement,
  });
  const back = quantile(judgement.backMs, 0.99);
  const restart = quantile(
    strikes.flatMap(({ againMs }) => againMs ?? []),
    1,
  );
  const rounded = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));
  const own: Own = { back_ms_p99: rounded(back), restart_ms_max: rounded(restart) };
  const targets: Target[] = [
    ...commonTargets(figures, { disconnects: { least: 1 }, position_lost_m_max: { most: POSITION_LOST_M_MOST } }),
    {
      ...{ key: 'back_ms_p99', words: 'from the kill to the first word to a player, of 99 in 100', unit: 'ms' },
      ...{ value: own.back_ms_p99, most: BACK_MS_MOST },
    },
    {
      ...{ key: 'restart_ms_max', words: 'from a kill until that gateway was open again', unit: 'ms' },
      value: own.restart_ms_max,
    },
  ];
  return drillReport(figures, own, { targets, wrong: [...trouble, ...judgement.wrong] });
}

/** What the players saw, from what they were told. */
export function sawOfCrash({ back_ms_p99, disconnects, input_gap_ms_max }: DrillReport<Own>['result']): string {
  if (back_ms_p99 === null) return 'Nobody came back.';
  const s = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  return `${disconnects} times a player's application was told that the connection is lost, and tried again by itself; 99 in 100 were back in the world after at most ${s(back_ms_p99)}, where they had been. The longest that anybody waited for an answer is ${s(input_gap_ms_max)}.`;
}
