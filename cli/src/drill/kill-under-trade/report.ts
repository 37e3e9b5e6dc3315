import { type Asked, isAnswered } from '../books/history.ts';
import type { Judgement } from '../books/judge.ts';
import { type DrillReport, drillReport } from '../report/drill-report.ts';
import { figuresOf } from '../report/figures.ts';
import { commonTargets, type Target } from '../report/target.ts';
import type { Sighting } from '../walkers/record.ts';
import { doubledIn, unseenIn } from '../walkers/sightings.ts';
import type { FaultKind } from './fault.ts';

/** What is kept of a character may be so old. */
export const WALKED_BACK_S_MOST = 5;

/** One kill, and what came of it. */
export interface Round {
  readonly fault: FaultKind;
  /** Operations that were asked for and not answered when it struck. */
  readonly underWay: number;
  /** Done between the last fault and the judging behind this one: what is at stake. */
  readonly done: number;
  /** From the kill until everyone played again. */
  readonly backS: number;
  /** Of the log, by which the disk was cut short. */
  readonly bytesCut: number;
}

export interface Findings {
  readonly rounds: readonly Round[];
  readonly asked: readonly Asked[];
  readonly judgement: Judgement;
  readonly walkedBackS: readonly number[];
  /** For each time: how far somebody was put back, metres. */
  readonly lostM: readonly number[];
  readonly awayMs: readonly number[];
  /** For each player: the longest time between two acknowledgements. */
  readonly inputGapsMs: readonly number[];
  readonly joined: number;
  readonly disconnects: number;
  readonly names: readonly string[];
  /** Of all players together; a list for each round, once everyone was back. */
  readonly sightings: readonly (readonly Sighting[])[];
}

interface Own {
  readonly operations_wrong: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly done: Readonly<Record<string, number>>;
  readonly refused: Readonly<Record<string, number>>;
  readonly unanswered: number;
  /** When a fault struck, over all of them. */
  readonly under_way_at_faults: number;
  readonly players_came_back: number;
  readonly away_s_max: number;
  readonly all_back_s_max: number;
  readonly positions_judged: number;
  readonly walked_back_s_max: number | null;
  readonly log_bytes_cut: number;
  readonly seconds: number;
}

/** `repeats`: how many faults there should have been. */
export function killReport(findings: Findings, repeats: number, seconds: number): DrillReport<Own> {
  const { rounds, asked, judgement, names, sightings } = findings;
  const seen: string[] = [];
  const figures = figuresOf({
    ...{ drill: 'kill-under-trade', players: names.length, repeats, playersJoined: findings.joined },
    ...{ faultsInjected: rounds.length, operationsTotal: asked.length, positionsLostM: findings.lostM },
    ...{ inputGapsMs: findings.inputGapsMs, disconnects: findings.disconnects },
    entitiesLost: unseenIn(sightings, names, seen),
    entitiesDoubled: doubledIn(sightings, seen),
    operationsLost: judgement.lost.length,
    operationsDoubled: judgement.doubled.length,
  });
  const own = ownOf(findings, seconds);
  const targets: Target[] = [
    ...commonTargets(figures, {}),
    {
      ...{ key: 'operations_wrong', words: 'not as players were told, or not in balance', unit: '' },
      ...{ value: own.operations_wrong, most: 0 },
    },
    {
      ...{ key: 'walked_back_s_max', words: 'of their way that somebody had to walk again', unit: 's' },
      value: Math.max(0, ...findings.walkedBackS),
      most: WALKED_BACK_S_MOST,
    },
    {
      ...{ key: 'all_back_s_max', words: 'from a kill until everyone played again', unit: 's' },
      value: own.all_back_s_max,
    },
  ];
  return drillReport(figures, own, { targets, wrong: [...seen, ...objectionsTo(findings)] });
}

function ownOf({ rounds, asked, judgement, walkedBackS, awayMs }: Findings, seconds: number): Own {
  const answered = asked.filter(isAnswered);
  const ok = answered.filter(({ outcome }) => outcome?.ok === true);
  const refused = answered.flatMap(({ outcome }) => (outcome === null || outcome.ok ? [] : [outcome.code]));
  const back = Math.max(0, ...walkedBackS);
  return {
    operations_wrong: judgement.wrong.length,
    faults: counts(rounds.map(({ fault }) => fault)),
    done: counts(ok.map(({ wish }) => wish.do)),
    refused: counts(refused),
    unanswered: asked.length - answered.length,
    under_way_at_faults: rounds.reduce((sum, { underWay }) => sum + underWay, 0),
    players_came_back: awayMs.length,
    away_s_max: rounded(Math.max(0, ...awayMs) / 1_000),
    all_back_s_max: rounded(Math.max(0, ...rounds.map(({ backS }) => backS))),
    positions_judged: walkedBackS.length,
    walked_back_s_max: Number.isFinite(back) ? rounded(back) : null,
    log_bytes_cut: rounds.reduce((sum, { bytesCut }) => sum + bytesCut, 0),
    seconds: rounded(seconds),
  };
}

/** What no figure says. A drill that tried nothing is no pass. */
function objectionsTo({ rounds, asked, judgement, walkedBackS }: Findings): string[] {
  const objections = [
    ...judgement.lost.map((what) => `lost: ${what}`),
    ...judgement.doubled.map((what) => (what.startsWith('doubled') ? what : `doubled: ${what}`)),
    ...judgement.wrong.map((what) => `wrong: ${what}`),
  ];
  for (const back of walkedBackS)
    if (back > WALKED_BACK_S_MOST)
      objections.push(
        Number.isFinite(back)
          ? `somebody stands where they were ${rounded(back)} s before`
          : 'somebody stands where they never were',
      );
  rounds.forEach(({ done }, index) => {
    if (done === 0) objections.push(`nothing lasting was done around fault ${index + 1}`);
  });
  const lasting = asked.filter(({ outcome }) => outcome?.ok === true && outcome.operation !== 0);
  if (!lasting.some(({ wish }) => wish.do === 'accept')) objections.push('nothing was traded');
  return objections;
}

function counts(names: readonly string[]): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const name of [...names].sort()) counted[name] = (counted[name] ?? 0) + 1;
  return counted;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** What the players saw, from what they were told. */
export function sawOfKills({ result }: DrillReport<Own>): string {
  const { away_s_max, walked_back_s_max, players_came_back, operations_total, unanswered } = result;
  const again =
    walked_back_s_max === null
      ? 'at a place where they never were'
      : `with at most ${walked_back_s_max} s of their way to walk again`;
  return `${players_came_back} times somebody lost the connection and came back by themselves, after at most ${away_s_max} s, ${again}. Of ${operations_total} things that were asked for, ${unanswered} were never answered; the rest is as they were told.`;
}
