import type { Input, Life, PlayerRecord, Told, WalkEvidence } from './record.ts';
import { doubledIn } from './sightings.ts';
import { metresOff } from './ways.ts';

/** What came of it all, for players who walk. */
export interface WalkJudgement {
  readonly joined: number;
  readonly acknowledged: number;
  /** Acknowledged, and not done. */
  readonly inputsLost: number;
  /** Done more than once, or never sent. */
  readonly inputsDoubled: number;
  readonly entitiesLost: number;
  /** Who came back as another entity. */
  readonly renewed: number;
  readonly entitiesDoubled: number;
  /** For each return. */
  readonly positionsLostM: readonly number[];
  /** For each player: the longest time between two acknowledgements. */
  readonly inputGapsMs: readonly number[];
  readonly disconnects: number;
  readonly wrong: readonly string[];
}

/** What a fault may do to a walk. */
export interface WalkRules {
  /** Whether the server may take back at that moment, for a while, that it has applied some inputs: a copy of it goes on. */
  readonly mayRewind: (atMs: number) => boolean;
  /** Whether players may come back as other entities: from what is kept of them. */
  readonly mayRenew: boolean;
}

const strict: WalkRules = { mayRewind: () => false, mayRenew: false };

interface Counts {
  lost: number;
  doubled: number;
}

/** Holds what players were told against what they sent. It knows nothing of how any of it works. */
export function judgeWalks({ records, sightings, sinceMs, endMs }: WalkEvidence, rules = strict): WalkJudgement {
  const wrong: string[] = [];
  const inputs: Counts = { lost: 0, doubled: 0 };
  const there = records.filter(({ lives }) => livesOf(lives).length > 0);
  for (const record of there) judgeInputs(record, rules, inputs, wrong);
  for (const { name, ended } of records) if (ended !== null) wrong.push(`${name} was put out of the world: ${ended}`);
  const anew = records.filter(({ lives }) => renewals(lives) > 0);
  if (!rules.mayRenew) for (const { name } of anew) wrong.push(`${name} came back as another entity`);
  const renewed = anew.reduce((sum, { lives }) => sum + renewals(lives), 0);
  return {
    joined: there.length,
    acknowledged: there.reduce((sum, { lives }) => sum + acknowledgedIn(lives), 0),
    inputsLost: inputs.lost,
    inputsDoubled: inputs.doubled,
    entitiesLost: rules.mayRenew ? 0 : renewed,
    renewed,
    entitiesDoubled: doubledIn(sightings, wrong),
    positionsLostM: there.flatMap(({ lives }) =>
      returns(lives).map(([before, after]) => metresOff(before, first(after))),
    ),
    inputGapsMs: there.map(({ lives }) => longestGapMs(lives, sinceMs, endMs)),
    disconnects: records.reduce((sum, { lostMs }) => sum + lostMs.length, 0),
    wrong,
  };
}

function judgeInputs({ name, lives }: PlayerRecord, rules: WalkRules, counts: Counts, wrong: string[]): void {
  for (const life of livesOf(lives)) judgeLife(life, rules, counts, (what) => wrong.push(`${name}: ${what}`));
  for (const [before, after] of returns(lives)) {
    const was = last(before);
    const { counted } = first(after);
    const unknown = before.inputs.filter((input) => isCount(input) && input.sequence > was.applied).length;
    counts.lost += Math.max(0, was.counted - counted);
    counts.doubled += Math.max(0, counted - was.counted - unknown);
  }
}

/** What was counted rises by exactly what was acknowledged, and the last of it is the last that was. */
function judgeLife({ inputs, told }: Life, rules: WalkRules, counts: Counts, wrong: (what: string) => void): void {
  const [base] = told as [Told, ...Told[]];
  let [off, applied, expected, next] = [0, 0, base.counted, 0];
  let lastNumber = base.last;
  for (const word of told) {
    if (word.applied < applied) {
      if (!rules.mayRewind(word.atMs)) wrong(`input ${applied} was acknowledged, and then only ${word.applied}`);
      else {
        const done = inputs.filter((input) => input.sequence <= word.applied);
        next = done.length;
        expected = base.counted + done.filter(isCount).length;
        lastNumber = numberOf(done.findLast(isCount)) ?? base.last;
      }
    }
    if (word.applied > inputs.length) wrong(`input ${word.applied} was acknowledged and never sent`);
    applied = word.applied;
    for (let input = inputs[next]; input !== undefined && input.sequence <= applied; input = inputs[++next]) {
      if (!isCount(input)) continue;
      expected++;
      lastNumber = numberOf(input) ?? lastNumber;
    }
    const more = word.counted - expected - off;
    if (more > 0) counts.doubled += more;
    else if (more < 0) counts.lost -= more;
    else if (off === 0 && word.last !== lastNumber) {
      // As many as there should be, and not the same: one stands in place of another.
      counts.lost++;
      counts.doubled++;
      lastNumber = word.last;
    }
    off += more;
  }
}

function isCount({ does, refused }: Input): boolean {
  return 'count' in does && !refused;
}

function numberOf(input: Input | undefined): number | undefined {
  return input !== undefined && 'count' in input.does ? input.does.count : undefined;
}

function acknowledgedIn(lives: readonly Life[]): number {
  return lives.reduce((sum, { inputs }) => sum + inputs.filter(({ ackedMs }) => ackedMs !== null).length, 0);
}

/** Who comes back as somebody else has lost who they were. */
function renewals(lives: readonly Life[]): number {
  return returns(lives).filter(([before, after]) => before.entity !== after.entity).length;
}

function longestGapMs(lives: readonly Life[], sinceMs: number | undefined, endMs: number): number {
  const acks = acksOf(lives);
  const times = sinceMs === undefined ? acks : [sinceMs, ...acks.filter((ms) => ms > sinceMs)];
  return times.reduce((longest, atMs, at) => Math.max(longest, (times[at + 1] ?? endMs) - atMs), 0);
}

/** When something was acknowledged, over all lives. */
export function acksOf(lives: readonly Life[]): number[] {
  return livesOf(lives).flatMap(({ told }) => {
    let applied = -1;
    return told.flatMap((word) => {
      if (word.applied <= applied) return [];
      applied = word.applied;
      return [word.atMs];
    });
  });
}

/** Those in which somebody came to stand in the world. */
export function livesOf(lives: readonly Life[]): readonly Life[] {
  return lives.filter(({ told }) => told.length > 0);
}

function returns(lives: readonly Life[]): (readonly [before: Life, after: Life])[] {
  const lived = livesOf(lives);
  return lived.slice(1).map((after, index) => [lived[index] as Life, after]);
}

export function first({ told }: Life): Told {
  return told[0] as Told;
}

function last({ told }: Life): Told {
  return told.at(-1) as Told;
}
