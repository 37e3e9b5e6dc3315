import { quantile } from '@lifeverse/base';
import { type DrillReport, type DrillResult, drillReport } from '../report/drill-report.ts';
import { figuresOf } from '../report/figures.ts';
import { inWords } from '../report/in-words.ts';
import { commonTargets, type Target } from '../report/target.ts';
import { judgeWalks } from '../walkers/judge.ts';
import type { PlayerRecord, WalkEvidence } from '../walkers/record.ts';
import { sawOnScreens } from '../walkers/saw.ts';
import { unseenIn } from '../walkers/sightings.ts';

const NORMAL_RATE = 256;
/** So slow time goes at most. */
const SLOWEST_PERCENT = 50;

/** What passes, in a sentence. */
export const passes = `everyone is told that time goes slower, down to half of its pace and no slower, and that it goes as ever when there is not too much to do any more; nobody
loses the connection, is lost or there twice, and every input that was acknowledged was done, once`;

/** So long there was too much to do. */
export interface Toiled {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Evidence extends WalkEvidence {
  readonly toils: readonly Toiled[];
}

export interface Played {
  readonly players: number;
  readonly repeats: number;
  /** What did not come about in time. */
  readonly trouble: readonly string[];
}

interface Own {
  /** Players who were told of it, each time. */
  readonly players_slowed: number;
  readonly slowest_percent: number | null;
  readonly slowed_ms_max: number | null;
  readonly as_ever_ms_max: number | null;
}

export function overloadReport({ players, repeats, trouble }: Played, evidence: Evidence): DrillReport<Own> {
  const { records, toils, sightings } = evidence;
  const judgement = judgeWalks(evidence);
  const wrong = [...trouble, ...judgement.wrong];
  const names = records.map(({ name }) => name);
  const felt = toils.map((toil) => records.flatMap((record) => feltBy(record, toil) ?? []));
  const figures = figuresOf({
    drill: 'overload',
    ...{ players, repeats, playersJoined: judgement.joined },
    faultsInjected: felt.filter(({ length }) => length > 0).length,
    // No durable operation is asked for: what counts is inputs.
    operationsTotal: judgement.acknowledged,
    operationsLost: judgement.inputsLost,
    operationsDoubled: judgement.inputsDoubled,
    ...judgement,
    entitiesLost: judgement.entitiesLost + unseenIn(sightings, names, wrong),
  });
  const all = felt.flat();
  const own: Own = {
    players_slowed: Math.min(...felt.map(({ length }) => length), players),
    slowest_percent: rounded(
      quantile(
        all.map(({ slowest }) => (100 * slowest) / NORMAL_RATE),
        0,
      ),
    ),
    slowed_ms_max: rounded(
      quantile(
        all.map(({ slowedMs }) => slowedMs),
        1,
      ),
    ),
    as_ever_ms_max: rounded(
      quantile(
        all.map(({ asEverMs }) => asEverMs),
        1,
      ),
    ),
  };
  const targets = [...commonTargets(figures, { disconnects: { most: 0 } }), ...ownTargets(players, own)];
  return drillReport(figures, own, { targets, wrong });
}

interface Felt {
  readonly slowest: number;
  /** From when there was too much until this player was told that time goes slower. */
  readonly slowedMs: number;
  /** From when there was not, until it goes as ever; infinite: it never did. */
  readonly asEverMs: number;
}

/** Null for who was told nothing. */
function feltBy({ rates }: PlayerRecord, { fromMs, untilMs }: Toiled): Felt | null {
  const told = rates.filter(({ atMs }) => atMs >= fromMs);
  const slower = told.find(({ rate, atMs }) => rate < NORMAL_RATE && atMs <= untilMs);
  if (slower === undefined) return null;
  const over = told.find(({ rate, atMs }) => rate === NORMAL_RATE && atMs > slower.atMs);
  const during = told.filter(({ atMs }) => atMs <= (over?.atMs ?? Number.POSITIVE_INFINITY));
  return {
    slowest: Math.min(...during.map(({ rate }) => rate)),
    slowedMs: slower.atMs - fromMs,
    asEverMs: over === undefined ? Number.POSITIVE_INFINITY : Math.max(0, over.atMs - untilMs),
  };
}

function ownTargets(players: number, own: Own): Target[] {
  return [
    {
      ...{ key: 'players_slowed', words: 'players who were told that time goes slower, each time', unit: '' },
      ...{ value: own.players_slowed, least: players },
    },
    {
      ...{ key: 'slowest_percent', words: 'of its pace, the slowest that anybody was told', unit: '' },
      ...{ value: own.slowest_percent, least: SLOWEST_PERCENT },
    },
    { key: 'slowed_ms_max', words: 'until the last was told', unit: 'ms', value: own.slowed_ms_max },
    {
      ...{ key: 'as_ever_ms_max', words: 'from the end of it until time went as ever', unit: 'ms' },
      ...{ value: own.as_ever_ms_max, most: 60_000 },
    },
  ];
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}

/** What the players saw, from what they were told. */
export function sawOfOverload(result: DrillResult<Own>, { records }: Evidence): string {
  const { slowest_percent, slowed_ms_max, as_ever_ms_max, input_gap_ms_p99 } = result;
  if (slowest_percent === null) return `Time went as ever. ${sawOnScreens(records)}`;
  return `Everything went on more slowly, in the end at ${slowest_percent} % of its pace: clients heard of it within ${inWords(slowed_ms_max)}, and all was as ever ${inWords(as_ever_ms_max)} after there was less to do. Of 99 players in 100 the longest wait for an answer was ${inWords(input_gap_ms_p99)}. ${sawOnScreens(records)}`;
}
