import { type Asked, isAnswered } from '../books/history.ts';
import type { Judgement } from '../books/judge.ts';
import type { FaultKind } from './fault.ts';

/** What is kept of a character may be so old. */
export const WALKED_BACK_S_MOST = 5;
const SHOWN_MOST = 20;

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

export interface DrillFindings {
  readonly rounds: readonly Round[];
  readonly asked: readonly Asked[];
  readonly judgement: Judgement;
  readonly walkedBackS: readonly number[];
  readonly awayMs: readonly number[];
}

export interface DrillReport {
  readonly operations_total: number;
  readonly faults_injected: number;
  readonly operations_lost: number;
  readonly operations_doubled: number;
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
  readonly objections: readonly string[];
  readonly passed: boolean;
}

/** `asked`: how many faults there should have been. */
export function drillReport(findings: DrillFindings, repeat: number, seconds: number): DrillReport {
  const { rounds, asked, judgement, walkedBackS, awayMs } = findings;
  const objections = objectionsTo(findings, repeat);
  const answered = asked.filter(isAnswered);
  const ok = answered.filter(({ outcome }) => outcome?.ok === true);
  const refused = answered.flatMap(({ outcome }) => (outcome === null || outcome.ok ? [] : [outcome.code]));
  const back = Math.max(0, ...walkedBackS);
  return {
    operations_total: asked.length,
    faults_injected: rounds.length,
    operations_lost: judgement.lost.length,
    operations_doubled: judgement.doubled.length,
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
    objections: objections.slice(0, SHOWN_MOST),
    passed: objections.length === 0,
  };
}

/** Why this is not a pass: a drill that tried nothing is none. */
function objectionsTo({ rounds, asked, judgement, walkedBackS }: DrillFindings, repeat: number): string[] {
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
  if (rounds.length < repeat) objections.push(`${rounds.length} of ${repeat} faults were injected`);
  if (repeat === 0) objections.push('no fault was injected');
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
