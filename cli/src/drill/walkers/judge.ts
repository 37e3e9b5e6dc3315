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
  readonly entitiesDoubled: number;
  /** For each return. */
  readonly positionsLostM: readonly number[];
  /** For each player: the longest time between two acknowledgements. */
  readonly inputGapsMs: readonly number[];
  readonly disconnects: number;
  readonly wrong: readonly string[];
}

interface Counts {
  lost: number;
  doubled: number;
}

/** Holds what players were told against what they sent. It knows nothing of how any of it works. */
export function judgeWalks({ records, sightings, endMs }: WalkEvidence): WalkJudgement {
  const wrong: string[] = [];
  const inputs: Counts = { lost: 0, doubled: 0 };
  const there = records.filter(({ lives }) => livesOf(lives).length > 0);
  for (const record of there) judgeInputs(record, inputs, wrong);
  for (const { name, ended } of records) if (ended !== null) wrong.push(`${name} was put out of the world: ${ended}`);
  return {
    joined: there.length,
    acknowledged: there.reduce((sum, { lives }) => sum + acknowledgedIn(lives), 0),
    inputsLost: inputs.lost,
    inputsDoubled: inputs.doubled,
    entitiesLost: records.reduce((sum, { name, lives }) => sum + lostOf(name, lives, wrong), 0),
    entitiesDoubled: doubledIn(sightings, wrong),
    positionsLostM: there.flatMap(({ lives }) =>
      returns(lives).map(([before, after]) => metresOff(before, first(after))),
    ),
    inputGapsMs: there.map(({ lives }) => longestGapMs(lives, endMs)),
    disconnects: records.reduce((sum, { lostMs }) => sum + lostMs.length, 0),
    wrong,
  };
}

function judgeInputs({ name, lives }: PlayerRecord, counts: Counts, wrong: string[]): void {
  for (const life of livesOf(lives)) judgeLife(life, counts, (what) => wrong.push(`${name}: ${what}`));
  for (const [before, after] of returns(lives)) {
    const was = last(before);
    const { counted } = first(after);
    const unknown = before.inputs.filter((input) => isCount(input) && input.sequence > was.applied).length;
    counts.lost += Math.max(0, was.counted - counted);
    counts.doubled += Math.max(0, counted - was.counted - unknown);
  }
}

/** What was counted rises by exactly what was acknowledged, and the last of it is the last that was. */
function judgeLife({ inputs, told }: Life, counts: Counts, wrong: (what: string) => void): void {
  const [base] = told as [Told, ...Told[]];
  let [off, applied, expected, next] = [0, 0, base.counted, 0];
  let lastNumber = base.last;
  for (const word of told) {
    if (word.applied < applied) wrong(`input ${applied} was acknowledged, and then only ${word.applied}`);
    if (word.applied > inputs.length) wrong(`input ${word.applied} was acknowledged and never sent`);
    applied = word.applied;
    for (let input = inputs[next]; input !== undefined && input.sequence <= applied; input = inputs[++next]) {
      if (!('count' in input.does) || input.refused) continue;
      expected++;
      lastNumber = input.does.count;
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

function acknowledgedIn(lives: readonly Life[]): number {
  return lives.reduce((sum, { inputs }) => sum + inputs.filter(({ ackedMs }) => ackedMs !== null).length, 0);
}

/** Who comes back as somebody else has lost who they were. */
function lostOf(name: string, lives: readonly Life[], wrong: string[]): number {
  const anew = returns(lives).filter(([before, after]) => before.entity !== after.entity).length;
  if (anew > 0) wrong.push(`${name} came back as another entity`);
  return anew;
}

function longestGapMs(lives: readonly Life[], endMs: number): number {
  const times = acksOf(lives);
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
