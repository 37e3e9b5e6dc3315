import { catalogue } from '@lifeverse/protocol';
import { isAnswered } from '../books/history.ts';
import { type Evidence as BooksEvidence, judge as judgeBooks } from '../books/judge.ts';
import type { Loss } from '../parts/drilled-part.ts';
import { acksOf, judgeWalks, livesOf, type WalkJudgement } from '../walkers/judge.ts';
import type { Deal, Life, PlayerRecord, Refusal, WalkEvidence } from '../walkers/record.ts';
import { metresOff } from '../walkers/ways.ts';

/** One time that something was gone. */
export interface Outage {
  readonly how: Loss;
  readonly fromMs: number;
  /** When it served again, or as fast as ever. */
  readonly untilMs: number;
  /** By how much its answers came late, where it was slow. */
  readonly slowMs?: number;
}

/** All that the judgement rests on. */
export interface Evidence extends WalkEvidence {
  readonly outages: readonly Outage[];
  readonly deals: readonly Deal[];
  readonly books: Omit<BooksEvidence, 'asked'>;
}

export interface Judgement extends WalkJudgement {
  /** Outages that somebody felt who asked for something lasting: it was put off, or hung. */
  readonly felt: number;
  /** For each player and outage: from its end to the next input that is acknowledged. */
  readonly resumedMs: readonly number[];
  /** Likewise, to the next coin that is given. */
  readonly againMs: readonly number[];
  /** For each player: the longest time between two acknowledgements while nothing was gone. */
  readonly calmGapsMs: readonly number[];
  /** Losses of a connection while something was gone, not behind that. */
  readonly lostMeanwhile: number;
  readonly done: number;
  /** Refused for the moment with the sentence for it, and with when to ask again. */
  readonly putOff: number;
  /** Refused in any other way, or while nothing was gone. */
  readonly refusedOtherwise: number;
  /** Of which the player does not know what became of it. */
  readonly unknown: number;
  readonly operationsLost: number;
  readonly operationsDoubled: number;
}

/** Who asks a moment behind the end of an outage may find connections that are not made again yet. */
const GRACE_MS = 5_000;
/** So long behind an outage, what happens does not come of it any more. */
const CALM_MS = 2_000;
const PUT_OFF = 'journal_unreachable';

/** Holds what players were told against what they sent, and against what is durable. */
export function judge(evidence: Evidence): Judgement {
  const { records, deals, outages, books } = evidence;
  const walks = judgeWalks(evidence);
  const found = judgeBooks({ ...books, asked: deals });
  const wrong = [...walks.wrong, ...found.lost, ...found.doubled, ...found.wrong];
  const refusals = deals.flatMap((deal) => deal.refusals.map((refusal) => ({ deal, refusal })));
  const otherwise = refusals.filter(
    ({ deal, refusal }) => !isPutOff(refusal, outages) && !isWithoutPartner(deal, refusal, evidence),
  );
  for (const { deal, refusal } of otherwise)
    wrong.push(
      `${deal.player} was refused: "${refusal.sentence}" (${refusal.code}), again ${refusal.retryAfterMs} ms; ${circumstances(deal, refusal, evidence)}`,
    );
  return {
    ...walks,
    felt: outages.filter((outage) => deals.some((deal) => met(deal, outage))).length,
    positionsLostM: [...walks.positionsLostM, ...records.flatMap((record) => stoodOff(record, outages))],
    resumedMs: delays(records, outages, wrong, ({ lives }) => acksOf(lives), 'had no input acknowledged again'),
    againMs: delays(records, outages, wrong, ({ name }) => doneAt(deals, name), 'could give nothing again'),
    calmGapsMs: records.map(({ lives }) => calmGapMs(acksOf(lives), outages)),
    lostMeanwhile: records.flatMap(({ lostMs }) => lostMs.filter((ms) => isWithin(ms, outages))).length,
    done: deals.filter(({ outcome }) => outcome?.ok === true).length,
    putOff: refusals.filter(({ refusal }) => isPutOff(refusal, outages)).length,
    refusedOtherwise: otherwise.length,
    unknown: deals.filter((deal) => !isAnswered(deal)).length,
    operationsLost: walks.inputsLost + found.lost.length,
    operationsDoubled: walks.inputsDoubled + found.doubled.length,
    wrong,
  };
}

function isWithin(ms: number, outages: readonly Outage[]): boolean {
  return outages.some(({ fromMs, untilMs }) => ms >= fromMs && ms < untilMs);
}

function isPutOff({ code, sentence, retryAfterMs, atMs }: Refusal, outages: readonly Outage[]): boolean {
  const meanwhile = outages.some(({ fromMs, untilMs }) => atMs >= fromMs && atMs <= untilMs + GRACE_MS);
  return meanwhile && code === PUT_OFF && sentence === catalogue[PUT_OFF].message && (retryAfterMs ?? 0) > 0;
}

/** For whoever has to find out why. */
function circumstances({ wish, askedMs }: Deal, { atMs }: Refusal, { records, outages }: Evidence): string {
  const whom = wish.do === 'give' ? wish.to : '';
  const of = records.find(({ name }) => name === whom)?.lives.map(({ entity }) => entity) ?? [];
  const fromMs = outages[0]?.fromMs ?? 0;
  const s = (ms: number): string => ((ms - fromMs) / 1_000).toFixed(1);
  return `for ${whom}, who was entity ${of.join(', ')}; asked ${s(askedMs)} s and refused ${s(atMs)} s behind the beginning of the first outage`;
}

/** Whom it was for had just lost the connection, and was on the way back. */
function isWithoutPartner({ wish }: Deal, { code, atMs }: Refusal, { records, outages }: Evidence): boolean {
  const partner = records.find(({ name }) => wish.do === 'give' && name === wish.to);
  return (
    code === 'target_unknown' &&
    outages.some(({ untilMs }) => {
      const within = (ms: number): boolean => ms >= untilMs && ms <= untilMs + GRACE_MS;
      return within(atMs) && partner?.lostMs.some(within) === true;
    })
  );
}

/** It was put off while that was gone, was not answered within it, or took as long as that was slow. */
function met({ askedMs, answeredMs, refusals }: Deal, { fromMs, untilMs, slowMs }: Outage): boolean {
  if (slowMs !== undefined) return askedMs >= fromMs && answeredMs <= untilMs && answeredMs - askedMs >= slowMs;
  if (refusals.some(({ atMs }) => atMs >= fromMs && atMs <= untilMs + GRACE_MS)) return true;
  return askedMs < untilMs && answeredMs > untilMs;
}

function doneAt(deals: readonly Deal[], name: string): number[] {
  return deals.flatMap(({ player, outcome, answeredMs }) =>
    player === name && outcome?.ok === true ? [answeredMs] : [],
  );
}

/** From the end of each outage to the first of the moments behind it. `without`: of whom there is none. */
function delays(
  records: readonly PlayerRecord[],
  outages: readonly Outage[],
  wrong: string[],
  momentsOf: (record: PlayerRecord) => readonly number[],
  without: string,
): number[] {
  return records.flatMap((record) => {
    const moments = momentsOf(record);
    return outages.flatMap(({ untilMs }, at) => {
      const next = moments.find((ms) => ms >= untilMs);
      if (next !== undefined) return [next - untilMs];
      wrong.push(`${record.name} ${without} behind outage ${at + 1}`);
      return [];
    });
  });
}

function calmGapMs(ackedMs: readonly number[], outages: readonly Outage[]): number {
  return ackedMs.reduce((longest, atMs, at) => {
    const nextMs = ackedMs[at + 1] ?? atMs;
    const isCalm = outages.every(({ fromMs, untilMs }) => nextMs < fromMs || atMs > untilMs + CALM_MS);
    return isCalm ? Math.max(longest, nextMs - atMs) : longest;
  }, 0);
}

/** Where one stood at the end of an outage, from where the inputs lead; who came back on another connection is judged as such. */
function stoodOff({ lives }: PlayerRecord, outages: readonly Outage[]): number[] {
  return livesOf(lives).flatMap((life) =>
    outages.flatMap(({ untilMs }) => {
      const before = life.told.filter(({ atMs }) => atMs < untilMs);
      const after = life.told.find(({ atMs }) => atMs >= untilMs);
      return before.length === 0 || after === undefined ? [] : [metresOff(cut(life, before), after)];
    }),
  );
}

function cut({ gateway, entity, inputs }: Life, told: Life['told']): Life {
  return { gateway, entity, inputs, told };
}
