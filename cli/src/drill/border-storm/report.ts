import { quantile } from '@lifeverse/base';
import { isAnswered } from '../books/history.ts';
import { judge as judgeBooks } from '../books/judge.ts';
import type { SettledBooks } from '../books/settled-books.ts';
import { type DrillReport, type DrillResult, drillReport } from '../report/drill-report.ts';
import { figuresOf } from '../report/figures.ts';
import { inWords } from '../report/in-words.ts';
import { commonTargets, type Target } from '../report/target.ts';
import { judgeWalks } from '../walkers/judge.ts';
import type { WalkEvidence } from '../walkers/record.ts';
import { sawOnScreens } from '../walkers/saw.ts';
import { unseenIn } from '../walkers/sightings.ts';
import type { Line } from '../walkers/steering.ts';
import { crossingGapsMs } from './crossings.ts';

const GAP_MS_MOST = 100;

/** What passes, in a sentence. */
export const passes = `nobody loses the connection, is lost or there twice, every input that was acknowledged was done, once, and every coin that was
said to be given is, once; and of 99 players in 100 the longest wait for an acknowledgement was ${GAP_MS_MOST} ms at most`;

/** So long everyone paced. */
export interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
  /** As zones have counted them. */
  readonly handovers: number;
}

export interface Evidence extends WalkEvidence, SettledBooks {
  readonly stretches: readonly Stretch[];
  readonly line: Line;
}

export interface Played {
  readonly players: number;
  readonly repeats: number;
  /** What did not come about in time. */
  readonly trouble: readonly string[];
}

interface Own {
  /** As players were told where they are. */
  readonly crossings: number;
  readonly crossing_gap_ms_p50: number | null;
  readonly crossing_gap_ms_p99: number | null;
  readonly crossing_gap_ms_max: number | null;
  readonly handovers_per_s: number;
  readonly inputs_acknowledged: number;
  readonly operations_done: number;
  readonly operations_unknown: number;
}

type OfCrossings = Omit<Own, 'inputs_acknowledged' | 'operations_done' | 'operations_unknown'>;

export function borderStormReport({ players, repeats, trouble }: Played, evidence: Evidence): DrillReport<Own> {
  const { records, stretches, sightings, deals, books } = evidence;
  const judgement = judgeWalks(evidence);
  const found = judgeBooks({ ...books, asked: deals });
  const wrong = [...trouble, ...judgement.wrong, ...found.lost, ...found.doubled, ...found.wrong];
  const names = records.map(({ name }) => name);
  const handovers = stretches.reduce((sum, stretch) => sum + stretch.handovers, 0);
  const figures = figuresOf({
    drill: 'border-storm',
    ...{ players, repeats, handovers, playersJoined: judgement.joined },
    faultsInjected: stretches.filter((stretch) => stretch.handovers > 0).length,
    operationsTotal: deals.length,
    operationsLost: judgement.inputsLost + found.lost.length,
    operationsDoubled: judgement.inputsDoubled + found.doubled.length,
    ...judgement,
    entitiesLost: judgement.entitiesLost + unseenIn(sightings, names, wrong),
  });
  const own: Own = {
    ...ofCrossings(evidence, handovers),
    inputs_acknowledged: judgement.acknowledged,
    operations_done: deals.filter(({ outcome }) => outcome?.ok === true).length,
    operations_unknown: deals.filter((deal) => !isAnswered(deal)).length,
  };
  const targets = [...commonTargets(figures, { input_gap_ms_p99: { most: GAP_MS_MOST }, disconnects: { most: 0 } })];
  return drillReport(figures, own, { targets: [...targets, ...ownTargets(handovers, players, own)], wrong });
}

function ofCrossings({ records, line, stretches, sinceMs = 0 }: Evidence, handovers: number): OfCrossings {
  const gaps = records.flatMap((record) => crossingGapsMs(record, line, sinceMs));
  const gap = (q: number): number | null => {
    const value = quantile(gaps, q);
    return value === null ? null : Math.round(value);
  };
  const forS = stretches.reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0) / 1_000;
  return {
    crossings: gaps.length,
    ...{ crossing_gap_ms_p50: gap(0.5), crossing_gap_ms_p99: gap(0.99), crossing_gap_ms_max: gap(1) },
    handovers_per_s: forS === 0 ? 0 : Math.round((handovers / forS) * 10) / 10,
  };
}

function ownTargets(handovers: number, players: number, own: Own): Target[] {
  const of = (key: keyof Own, words: string, unit: Target['unit'], least?: number): Target => {
    return { key, words, unit, value: own[key], ...(least === undefined ? {} : { least }) };
  };
  return [
    { key: 'handovers', words: 'from zone to zone, as zones counted', unit: '', value: handovers, least: players },
    of('handovers_per_s', 'the same, each second', ''),
    of('crossings', 'over the border, as players were told', '', players),
    of('crossing_gap_ms_p50', 'longest wait about a crossing, half of them', 'ms'),
    of('crossing_gap_ms_p99', 'the same, 99 crossings in 100', 'ms'),
    of('crossing_gap_ms_max', 'the same, of any', 'ms'),
    of('inputs_acknowledged', 'inputs of walkers acknowledged', '', 1),
    of('operations_done', 'coins given', '', 1),
    { ...of('operations_unknown', 'of which the player does not know whether it was done', ''), most: 0 },
  ];
}

/** What the players saw, from what they were told. */
export function sawOfBorder(result: DrillResult<Own>, { records }: Evidence): string {
  const { crossings, crossing_gap_ms_p99, input_gap_ms_p99 } = result;
  return `${crossings} times somebody walked over the border, and 99 times in 100 waited at most ${inWords(crossing_gap_ms_p99)} for an answer then; of 99 players in 100 the longest wait of all was ${inWords(input_gap_ms_p99)}. ${sawOnScreens(records)}`;
}
