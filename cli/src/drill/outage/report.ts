import { quantile } from '@lifeverse/base';
import { type DrillReport, drillReport } from '../report/drill-report.ts';
import { figuresOf } from '../report/figures.ts';
import { commonTargets, type Target } from '../report/target.ts';
import type { Evidence, Judgement } from './judge.ts';
import { type OutageKind, slowDisk } from './outage-kind.ts';

const GAP_MS_MOST = 250;
const AGAIN_MS_MOST = 5_000;
const POSITION_LOST_M_MOST = 1.5;

/** What passes, in a sentence. */
export function passesOf({ drill, playGoesOn, part }: OutageKind): string {
  if (drill === slowDisk.drill)
    return `while ${part} is slow play goes on (inputs are acknowledged within ${GAP_MS_MOST} ms, p99 of players), everyone can give
within ${AGAIN_MS_MOST / 1_000} s of when it is not any more, and nothing that was acknowledged is lost or was done twice`;
  const meanwhile = playGoesOn
    ? `play goes on (inputs are acknowledged within ${GAP_MS_MOST} ms, p99 of players), what is to last is put off with the sentence for it and a time`
    : `connections stay, all goes on (after more than 10 s on another connection) within ${AGAIN_MS_MOST / 1_000} s of its return`;
  return `while ${part} is gone ${meanwhile}, everyone can give again
within ${AGAIN_MS_MOST / 1_000} s of its return, and nothing that was acknowledged is lost or was done twice`;
}

export interface Played {
  readonly kind: OutageKind;
  readonly players: number;
  readonly repeats: number;
  /** For how long it was to be gone, each time. */
  readonly forMs: number;
  /** What did not come about in time. */
  readonly trouble: readonly string[];
}

export interface Own {
  readonly for_s: number;
  readonly inputs_acknowledged: number;
  readonly disconnects_meanwhile: number;
  readonly operations_done: number;
  readonly operations_put_off: number;
  readonly operations_refused_otherwise: number;
  readonly operations_unknown: number;
  /** While nothing was gone: what the machine does to players anyway. */
  readonly input_gap_calm_ms_p99: number | null;
  readonly inputs_resumed_ms_max: number | null;
  readonly operations_again_ms_max: number | null;
}

export function outageReport(played: Played, { deals }: Evidence, judgement: Judgement): DrillReport<Own> {
  const { kind, players, repeats, forMs, trouble } = played;
  const figures = figuresOf({
    ...{ drill: kind.drill, players, repeats, playersJoined: judgement.joined },
    ...{ faultsInjected: judgement.felt, operationsTotal: deals.length },
    ...judgement,
  });
  const own: Own = {
    for_s: forMs / 1_000,
    inputs_acknowledged: judgement.acknowledged,
    disconnects_meanwhile: judgement.lostMeanwhile,
    operations_done: judgement.done,
    operations_put_off: judgement.putOff,
    operations_refused_otherwise: judgement.refusedOtherwise,
    operations_unknown: judgement.unknown,
    input_gap_calm_ms_p99: rounded(quantile(judgement.calmGapsMs, 0.99)),
    inputs_resumed_ms_max: rounded(quantile(judgement.resumedMs, 1)),
    operations_again_ms_max: rounded(quantile(judgement.againMs, 1)),
  };
  const bounds = {
    // A world that stood still for long sends everyone out once it goes on, to come back at once.
    disconnects: { most: kind.playGoesOn ? 0 : players * repeats },
    position_lost_m_max: { most: POSITION_LOST_M_MOST },
    // Of a part without which nothing is acknowledged, the wait shows that it was gone.
    ...(kind.playGoesOn ? { input_gap_ms_p99: { most: GAP_MS_MOST } } : { input_gap_ms_p50: { least: forMs } }),
  };
  const targets = [...commonTargets(figures, bounds), ...ownTargets(kind, repeats, own)];
  return drillReport(figures, own, { targets, wrong: [...trouble, ...judgement.wrong] });
}

function ownTargets({ putsOff }: OutageKind, repeats: number, own: Own): Target[] {
  const of = (key: keyof Own, words: string, rest: Partial<Target>): Target => {
    return { key, words, unit: '', value: own[key], ...rest };
  };
  return [
    of('inputs_acknowledged', 'inputs of walkers acknowledged', { least: 1 }),
    of('disconnects_meanwhile', 'connections lost while it was gone', { most: 0 }),
    of('operations_done', 'coins given', { least: 1 }),
    of('operations_put_off', 'refused with the sentence for it, and with when to ask again', {
      ...(putsOff ? { least: repeats } : {}),
    }),
    of('operations_refused_otherwise', 'refused in any other way', { most: 0 }),
    of('operations_unknown', 'of which the player does not know whether it was done', { most: 0 }),
    of('input_gap_calm_ms_p99', 'longest wait of 99 players in 100 while nothing was gone', { unit: 'ms' }),
    of('inputs_resumed_ms_max', 'from the return to the next acknowledged input', { unit: 'ms', most: AGAIN_MS_MOST }),
    of('operations_again_ms_max', 'from the return to the next coin given', { unit: 'ms', most: AGAIN_MS_MOST }),
  ];
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
