import { quantile } from '@lifeverse/base';
import { type DrillReport, drillReport } from '../report/drill-report.ts';
import { figuresOf } from '../report/figures.ts';
import { commonTargets, type Target } from '../report/target.ts';
import type { Evidence, Judgement } from './judge.ts';
import type { ZoneFaultKind } from './kinds.ts';

/** What passes, in a sentence. */
export function passesOf({ targets, fromCopy }: ZoneFaultKind): string {
  const { inputGapMsP99, playableMsP99, positionLostM, inputsLost } = targets;
  const s = (ms: number): string => `${ms / 1_000} s`;
  return [
    ...(inputGapMsP99 === undefined ? [] : [`of 99 players in 100 the longest wait is at most ${s(inputGapMsP99)}`]),
    ...(playableMsP99 === undefined ? [] : [`99 players in 100 play again within ${s(playableMsP99)}`]),
    ...(positionLostM === undefined ? [] : [`they stand at most ${positionLostM} m from where their inputs lead`]),
    fromCopy ? 'they are who they were, and nobody is lost or there twice' : 'nobody is lost or there twice',
    ...(inputsLost === undefined ? [] : ['every input that was acknowledged was done, once']),
    'every coin that was said to be given is, once',
    'nothing that a former owner says is heard by anybody, or kept',
  ].join(',\n');
}

export interface Played {
  readonly kind: ZoneFaultKind;
  readonly players: number;
  readonly repeats: number;
  /** What did not come about in time. */
  readonly trouble: readonly string[];
}

export interface Own {
  readonly taken_ms_max: number | null;
  readonly playable_ms_p50: number | null;
  readonly playable_ms_p99: number | null;
  readonly inputs_acknowledged: number;
  readonly inputs_lost: number;
  readonly inputs_doubled: number;
  readonly entities_renewed: number;
  readonly operations_done: number;
  readonly operations_unknown: number;
  readonly stale_writes: number;
  /** Bundles of a former owner on the bus, whether anybody heard them or not. */
  readonly strays: number;
  readonly writes_refused: number;
}

export function zoneFaultReport(played: Played, evidence: Evidence, judgement: Judgement): DrillReport<Own> {
  const { kind, players, repeats, trouble } = played;
  const { targets } = kind;
  const figures = figuresOf({
    ...{ drill: kind.drill, players, repeats, playersJoined: judgement.joined },
    faultsInjected: evidence.strikes.filter(({ happened, takenMs }) => happened && takenMs !== null).length,
    ...{ operationsTotal: evidence.deals.length, handovers: evidence.handovers },
    ...judgement,
  });
  const own: Own = {
    taken_ms_max: rounded(quantile(judgement.takenMs, 1)),
    playable_ms_p50: rounded(quantile(judgement.playableMs, 0.5)),
    playable_ms_p99: rounded(quantile(judgement.playableMs, 0.99)),
    inputs_acknowledged: judgement.acknowledged,
    inputs_lost: judgement.inputsLost,
    inputs_doubled: judgement.inputsDoubled,
    entities_renewed: judgement.renewed,
    operations_done: judgement.done,
    operations_unknown: judgement.unknown,
    stale_writes: judgement.staleWrites,
    strays: evidence.strays.length,
    writes_refused: evidence.writesRefused,
  };
  const bounds = {
    ...(targets.inputGapMsP99 === undefined ? {} : { input_gap_ms_p99: { most: targets.inputGapMsP99 } }),
    ...(targets.positionLostM === undefined ? {} : { position_lost_m_max: { most: targets.positionLostM } }),
  };
  const all = [...commonTargets(figures, bounds), ...ownTargets(kind, own)];
  return drillReport(figures, own, { targets: all, wrong: [...trouble, ...judgement.wrong] });
}

function ownTargets({ targets, fromCopy }: ZoneFaultKind, own: Own): Target[] {
  const of = (key: keyof Own, words: string, rest: Partial<Target> = {}): Target => {
    return { key, words, unit: '', value: own[key], ...rest };
  };
  const most = (bound: number | undefined): Partial<Target> => (bound === undefined ? {} : { most: bound });
  return [
    of('taken_ms_max', 'until the zones were heard by new owners', { unit: 'ms' }),
    of('playable_ms_p50', 'until a wait of a second that came of it was over, median', { unit: 'ms' }),
    of('playable_ms_p99', 'the same, of 99 players in 100', { unit: 'ms', ...most(targets.playableMsP99) }),
    of('inputs_acknowledged', 'inputs of walkers acknowledged', { least: 1 }),
    of('inputs_lost', 'of them, not done in the end', most(targets.inputsLost)),
    of('inputs_doubled', 'done more than once', { most: 0 }),
    of('entities_renewed', 'players who came back as other entities', fromCopy ? { most: 0 } : {}),
    of('operations_done', 'coins given', { least: 1 }),
    of('operations_unknown', 'of which the player does not know whether it was done', { most: 0 }),
    of('stale_writes', 'committed for a former owner', { most: 0 }),
    of('strays', 'messages of a former owner to gateways, heard or not'),
    of('writes_refused', 'questions of a former owner that the backend refused'),
  ];
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
