import { judgeWalks, type WalkJudgement } from '../walkers/judge.ts';
import type { WalkEvidence } from '../walkers/record.ts';

/** A process of the cluster, as it was seen to run. */
export interface Running {
  readonly name: string;
  readonly pid: number;
}

/** What the supervisor said of one. */
export interface Replaced {
  readonly name: string;
  /** Null: it never was. */
  readonly by: string | null;
  readonly atMs: number;
  readonly overMs: number | null;
}

/** Every process replaced once. */
export interface Round {
  /** Those that were to be replaced. */
  readonly before: readonly Running[];
  /** All that ran when it was over. */
  readonly after: readonly Running[];
  readonly replaced: readonly Replaced[];
}

/** All that the judgement rests on. */
export interface Evidence extends WalkEvidence {
  readonly rounds: readonly Round[];
  /** From zone to zone, while it was looked on. */
  readonly handovers: number;
}

export interface Judgement extends WalkJudgement {
  /** Processes that were there, and are not, and in whose place another one is. */
  readonly replaced: number;
}

/** It takes the supervisor's word for nothing: a process is replaced when it is gone and the one said to be in its place runs. */
export function judge(evidence: Evidence): Judgement {
  const walks = judgeWalks(evidence);
  const wrong = [...walks.wrong];
  const replaced = evidence.rounds.reduce((sum, round) => sum + replacedIn(round, wrong), 0);
  return { ...walks, replaced, wrong };
}

function replacedIn({ before, after, replaced }: Round, wrong: string[]): number {
  return before.filter(({ name, pid }) => {
    const by = replaced.find((one) => one.name === name)?.by ?? null;
    const successor = after.find((one) => one.name === by);
    const isThere = after.some((one) => one.pid === pid);
    if (isThere) wrong.push(`${name}, process ${pid}, runs still`);
    else if (by === null) wrong.push(`nobody has taken the place of ${name}`);
    else if (successor === undefined) wrong.push(`${by}, which was to take the place of ${name}, does not run`);
    return !isThere && successor !== undefined;
  }).length;
}
