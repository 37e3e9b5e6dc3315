import { isAnswered } from '../books/history.ts';
import { judge as judgeBooks } from '../books/judge.ts';
import type { SettledBooks } from '../books/settled-books.ts';
import { acksOf, judgeWalks, livesOf, type WalkJudgement } from '../walkers/judge.ts';
import type { Heard, Life, PlayerRecord, WalkEvidence } from '../walkers/record.ts';
import { unseenIn } from '../walkers/sightings.ts';
import { metresOff } from '../walkers/ways.ts';
import type { DeskAsk } from '../witness/desk-log.ts';
import { staleHeard, staleWrites } from '../witness/fences.ts';
import type { Owner, Stray } from '../witness/owner-log.ts';
import type { Write } from '../witness/write-witness.ts';

/** One time that servers failed. */
export interface Strike {
  /** In a word or two. */
  readonly how: string;
  readonly servers: readonly string[];
  readonly zones: readonly number[];
  readonly atMs: number;
  /** It was seen to happen: by the supervisor who lost them, or on the bus, where others spoke while they were stopped. */
  readonly happened: boolean;
  /** When the last of their zones was heard by a new owner; null: never. */
  readonly takenMs: number | null;
  /** When they were there again; null: never. */
  readonly againMs: number | null;
  /** So long was looked on. */
  readonly untilMs: number;
}

/** All that the judgement rests on. */
export interface Evidence extends WalkEvidence, SettledBooks {
  readonly strikes: readonly Strike[];
  /** From zone to zone, while it was looked on. */
  readonly handovers: number;
  /** As the bus had it. */
  readonly owners: readonly Owner[];
  readonly strays: readonly Stray[];
  readonly asked: readonly DeskAsk[];
  /** Answers of the backend to who is no owner any more. */
  readonly writesRefused: number;
  /** What players heard about when strays were said. */
  readonly heard: readonly Heard[];
  /** As the database had it. */
  readonly writes: readonly Write[];
}

export interface Judgement extends WalkJudgement {
  /** For each strike: until its zones were heard by new owners. */
  readonly takenMs: readonly number[];
  /** For each player and strike: until the wait of a second or more that came of it was over; 0 where there was none. */
  readonly playableMs: readonly number[];
  readonly staleFrames: number;
  readonly staleWrites: number;
  readonly done: number;
  /** Of which the player does not know what became of it. */
  readonly unknown: number;
  readonly operationsLost: number;
  readonly operationsDoubled: number;
}

/** A wait of so long is felt. */
const FELT_MS = 1_000;
/** Who has felt none for so long plays again: what comes later comes of something else. */
const SOON_MS = 3_000;

/** Holds what players were told against what they sent, what is durable, and what passed on the bus. */
export function judge(evidence: Evidence, fromCopy: boolean): Judgement {
  const { records, strikes, deals, books, sightings } = evidence;
  const mayRewind = (ms: number): boolean => strikes.some(({ atMs, untilMs }) => ms >= atMs && ms <= untilMs);
  const walks = judgeWalks(evidence, { mayRewind, mayRenew: !fromCopy });
  const found = judgeBooks({ ...books, asked: deals });
  const frames = staleHeard(evidence.strays, evidence.heard);
  const writes = staleWrites(evidence.writes, evidence.asked);
  const wrong = [...walks.wrong, ...found.lost, ...found.doubled, ...found.wrong, ...frames, ...writes];
  const names = records.map(({ name }) => name);
  witnessed(evidence, wrong);
  return {
    ...walks,
    entitiesLost: walks.entitiesLost + unseenIn(sightings, names, wrong),
    positionsLostM: records.flatMap(({ lives }) => strikes.map((strike) => lostM(lives, strike))),
    takenMs: strikes.flatMap(({ atMs, takenMs }) => (takenMs === null ? [] : [takenMs - atMs])),
    playableMs: records.flatMap((record) => strikes.map((strike) => playableMs(record, strike, wrong))),
    staleFrames: frames.length,
    staleWrites: writes.length,
    done: deals.filter(({ outcome }) => outcome?.ok === true).length,
    unknown: deals.filter((deal) => !isAnswered(deal)).length,
    operationsLost: found.lost.length,
    operationsDoubled: found.doubled.length,
    wrong,
  };
}

/** Who looks away sees nothing go wrong. */
function witnessed({ strikes, owners, writes }: Evidence, wrong: string[]): void {
  for (const { zones, atMs } of strikes)
    for (const zone of zones) {
      const before = owners.some((owner) => owner.zone === zone && owner.firstMs < atMs);
      if (!before) wrong.push(`nothing was heard on the bus of zone ${zone} before its server failed`);
    }
  if (!writes.some(({ kind }) => kind === 'checkpoint')) wrong.push('no checkpoint was seen to be written');
  if (!writes.some(({ kind }) => kind === 'operation')) wrong.push('no operation was seen to be written');
}

/** Until the end of the wait that somebody felt by it, and of those that follow soon; 0 for who felt none. */
function playableMs({ name, lives }: PlayerRecord, { atMs, takenMs, untilMs }: Strike, wrong: string[]): number {
  const acks = acksOf(lives).filter((ms) => ms <= untilMs);
  if ((acks.at(-1) ?? 0) <= atMs) wrong.push(`${name} had no input acknowledged again`);
  let [playable, soonMs] = [0, takenMs ?? untilMs];
  for (const [at, toMs] of [...acks, untilMs].entries()) {
    const fromMs = acks[at - 1] ?? toMs;
    if (toMs <= atMs || toMs - fromMs < FELT_MS || fromMs > soonMs) continue;
    playable = toMs - atMs;
    soonMs = toMs + SOON_MS;
  }
  return playable;
}

/** The longest time between two of the moments that ends within that. */
function longest(moments: readonly number[], fromMs: number, untilMs: number): readonly [number, number] | null {
  let found: readonly [number, number] | null = null;
  moments.forEach((to, at) => {
    const from = moments[at - 1];
    if (from === undefined || to < fromMs || to > untilMs) return;
    if (found === null || to - from > found[1] - found[0]) found = [from, to];
  });
  return found;
}

/** Where somebody stood behind the longest silence of a strike, from where the inputs lead that they had sent until then. */
function lostM(lives: readonly Life[], { atMs, untilMs }: Strike): number {
  const words = livesOf(lives).flatMap((life) => life.told.map((word) => ({ life, word })));
  const silence = longest(
    words.map(({ word }) => word.atMs),
    atMs,
    untilMs,
  );
  if (silence === null) return 0;
  const after = words.find(({ word }) => word.atMs === silence[1]);
  const before = words.findLast(({ word }) => word.atMs <= silence[0]);
  if (after === undefined || before === undefined) return 0;
  const told = before.life.told.filter((word) => word.atMs <= silence[0]);
  const inputs = before.life.inputs.filter(({ sentMs }) => sentMs <= after.word.atMs);
  return metresOff({ ...before.life, told, inputs }, after.word);
}
