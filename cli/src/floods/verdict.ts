import { quantile } from '@lifeverse/base';
import type { Attack, Deeds } from './attack.ts';

/** What the well-behaved saw in one window of time. */
export interface WindowFigures {
  /** Told, not judged: where the p99 says more about the machine than about the server, these still show a change. */
  readonly stalenessMsP50: number | null;
  readonly stalenessMsP90: number | null;
  readonly stalenessMsP99: number | null;
  readonly samples: number;
  /** Of one core. */
  readonly serverCpu: number;
  /** By so much the measuring process itself was late at most. */
  readonly latenessMs: number;
}

/** One attack between two calms. */
export interface Round {
  readonly before: WindowFigures;
  readonly during: WindowFigures;
  readonly after: WindowFigures;
  readonly deeds: Deeds;
  readonly attackerCpuS: number;
  readonly failure: string | null;
  /** How long newcomers took to join; null: it never came to it. */
  readonly joinsMs: readonly (number | null)[];
}

/** All that is known of one attack. */
export interface Evidence {
  readonly attack: Attack;
  readonly rounds: readonly Round[];
  /** In the calm before the first round. */
  readonly rssBytes: number;
  /** At most, from then to the end of the last calm. */
  readonly rssBytesPeak: number;
  /** Of those who behave, over all rounds. */
  readonly disconnects: number;
  readonly protocolErrors: number;
  /** What the server's counters grew by, over all rounds. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly grown: Readonly<Record<string, number>>;
}

export const RSS_BYTES_MOST = 64 * 1_048_576;
export const STALENESS_RATIO_MOST = 1.2;
/** What a window's p99 moves by on its own: less than this is no movement, however small the p99 is. */
export const STALENESS_FLOOR_MS = 2;
export const JOIN_MS_MOST = 1_000;
/** Below, a p99 says nothing. */
const SAMPLES_LEAST = 1_000;

/**
 * Whether the machine was steady around a round: its two calms agree as well as an attack has to agree with them. A round
 * in which they do not shows how busy others were, and is repeated; which rounds these are does not depend on what the
 * attack did.
 */
export function isSteady({ before, during, after }: Round): boolean {
  if ([before, during, after].some(({ samples }) => samples < SAMPLES_LEAST)) return false;
  const [one, other] = [before.stalenessMsP99 as number, after.stalenessMsP99 as number];
  const [least, most] = [Math.min(one, other), Math.max(one, other)];
  return most / least < STALENESS_RATIO_MOST || most - least < STALENESS_FLOOR_MS;
}

export interface Move {
  readonly ratio: number;
  readonly moreMs: number;
}

/**
 * By how much an attack moved the staleness: in each steady round its p99 against the mean of the p99s of the two calms
 * beside it, then the median of these rounds. Where the machine was not steady in enough of them, the median of all
 * attacked windows against that of all calm ones: coarser, told and not judged by. Null when a window has too few samples
 * for that.
 */
export function stalenessMove({ attack, rounds }: Pick<Evidence, 'attack' | 'rounds'>): Move | null {
  const steady = rounds.filter(isSteady);
  if (steady.length < attack.rounds) return middleMove(rounds);
  const ratios: number[] = [];
  const more: number[] = [];
  for (const { before, during, after } of steady) {
    const calmMs = ((before.stalenessMsP99 as number) + (after.stalenessMsP99 as number)) / 2;
    ratios.push((during.stalenessMsP99 as number) / calmMs);
    more.push((during.stalenessMsP99 as number) - calmMs);
  }
  return { ratio: quantile(ratios, 0.5) as number, moreMs: quantile(more, 0.5) as number };
}

function middleMove(rounds: readonly Round[]): Move | null {
  const attacked = rounds.map(({ during }) => during);
  const calms = calmsOf(rounds);
  if (attacked.length === 0 || [...attacked, ...calms].some(({ samples }) => samples < SAMPLES_LEAST)) return null;
  const middle = (windows: readonly WindowFigures[]): number =>
    quantile(
      windows.map(({ stalenessMsP99 }) => stalenessMsP99 as number),
      0.5,
    ) as number;
  const [attackedMs, calmMs] = [middle(attacked), middle(calms)];
  return { ratio: attackedMs / calmMs, moreMs: attackedMs - calmMs };
}

/** Each once: the calm after a round is the one before the next. */
export function calmsOf(rounds: readonly Round[]): WindowFigures[] {
  return [...rounds.slice(0, 1).map(({ before }) => before), ...rounds.map(({ after }) => after)];
}

/** What is wrong, each in a sentence; empty when the server stood it. */
export function objections(evidence: Evidence): string[] {
  return [
    ...attackObjections(evidence),
    ...memoryObjections(evidence),
    ...stalenessObjections(evidence),
    ...bystanderObjections(evidence),
  ];
}

/** That the attack took place, and was seen for what it was. */
function attackObjections({ attack, rounds, refusals, grown }: Evidence): string[] {
  const found: string[] = [];
  for (const { deeds, failure } of rounds) {
    if (failure !== null) found.push(`the attack failed: ${failure}`);
    for (const [name, least] of Object.entries(attack.least)) {
      if ((deeds[name] ?? 0) < least) found.push(`only ${deeds[name] ?? 0} of ${least} ${name} in a round`);
    }
  }
  for (const [code, least] of Object.entries(attack.refusals)) {
    if ((refusals[code] ?? 0) < least) found.push(`only ${refusals[code] ?? 0} of ${least} refusals with ${code}`);
  }
  for (const series of attack.grows) if (!((grown[series] ?? 0) > 0)) found.push(`${series} did not grow`);
  return found;
}

function memoryObjections({ rssBytes, rssBytesPeak }: Evidence): string[] {
  const grewMib = (rssBytesPeak - rssBytes) / 1_048_576;
  return rssBytesPeak - rssBytes <= RSS_BYTES_MOST ? [] : [`the server's memory grew by ${grewMib.toFixed(1)} MiB`];
}

function stalenessObjections(evidence: Evidence): string[] {
  const { attack, rounds } = evidence;
  const steady = rounds.filter(isSteady).length;
  const move = stalenessMove(evidence);
  if (move === null) return ['staleness cannot be judged: too little was seen in a window'];
  if (steady < attack.rounds)
    return [`staleness cannot be judged: the machine was steady in ${steady} of ${rounds.length} rounds only`];
  if (move.ratio < STALENESS_RATIO_MOST || move.moreMs < STALENESS_FLOOR_MS) return [];
  return [`staleness p99 moved by ${((move.ratio - 1) * 100).toFixed(0)} % (${move.moreMs.toFixed(1)} ms)`];
}

function bystanderObjections({ attack, rounds, disconnects, protocolErrors }: Evidence): string[] {
  const found: string[] = [];
  if (disconnects > 0) found.push(`${disconnects} well-behaved players lost their connection`);
  if (protocolErrors > 0) found.push(`${protocolErrors} protocol errors at well-behaved players`);
  const joinsMs = rounds.flatMap((round) => round.joinsMs);
  if (attack.newcomers && joinsMs.length === 0) found.push('nobody tried to join');
  if (joinsMs.some((ms) => ms === null)) found.push('a newcomer could not join');
  const longest = Math.max(0, ...joinsMs.map((ms) => ms ?? 0));
  if (longest >= JOIN_MS_MOST) found.push(`a newcomer took ${longest.toFixed(0)} ms to join`);
  return found;
}
