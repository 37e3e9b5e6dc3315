import { first, judgeWalks, livesOf, type WalkJudgement } from '../walkers/judge.ts';
import type { PlayerRecord, WalkEvidence } from '../walkers/record.ts';

/** One kill of a gateway. */
export interface Strike {
  readonly gateway: number;
  readonly atMs: number;
  /** Its supervisor has seen it die by that. */
  readonly died: boolean;
  /** How long after that it was open again; null: never. */
  readonly againMs: number | null;
}

/** All that the judgement rests on. */
export interface Evidence extends WalkEvidence {
  readonly strikes: readonly Strike[];
}

export interface Judgement extends WalkJudgement {
  /** For each player who was there by a gateway when it was killed: from the kill to the first word of the server in the next life. */
  readonly backMs: readonly number[];
}

export function judge(evidence: Evidence): Judgement {
  const walks = judgeWalks(evidence);
  const wrong = [...walks.wrong];
  const backMs = evidence.strikes.flatMap((strike) => backsOf(strike, evidence.records, wrong));
  return { ...walks, backMs, wrong };
}

function backsOf({ gateway, atMs }: Strike, records: readonly PlayerRecord[], wrong: string[]): number[] {
  return records.flatMap(({ name, lives }) => {
    if (livesOf(lives).findLast((life) => first(life).atMs <= atMs)?.gateway !== gateway) return [];
    const next = livesOf(lives).find((life) => first(life).atMs > atMs);
    if (next !== undefined) return [first(next).atMs - atMs];
    wrong.push(`${name} did not come back`);
    return [];
  });
}
