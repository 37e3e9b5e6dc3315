import { quantile } from '@lifeverse/base';
import type { Attack, Deeds } from './attack.ts';
import { type Shift, shiftBetween } from './shift.ts';

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

/** One attack, and the calm after it: window by window. */
export interface Round {
  readonly during: readonly WindowFigures[];
  readonly after: readonly WindowFigures[];
  readonly deeds: Deeds;
  readonly attackerCpuS: number;
  readonly failure: string | null;
  /** How long newcomers took to join; null: it never came to it. */
  readonly joinsMs: readonly (number | null)[];
}

/** All that is known of one attack. */
export interface Evidence {
  readonly attack: Attack;
  /** The calm before the first round. */
  readonly before: readonly WindowFigures[];
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
/** Less than this nobody notices, however small the p99 is. */
export const STALENESS_FLOOR_MS = 2;
export const JOIN_MS_MOST = 1_000;
/** Below, a p99 says nothing. */
const SAMPLES_LEAST = 1_000;

type Windows = Pick<Evidence, 'before' | 'rounds'>;

export const calmsOf = ({ before, rounds }: Windows): WindowFigures[] => [
  ...before,
  ...rounds.flatMap(({ after }) => after),
];
export const attackedOf = ({ rounds }: Windows): WindowFigures[] => rounds.flatMap(({ during }) => during);

/**
 * By how much an attack moved the staleness: the p99s of all attacked windows against those of all calm ones, which
 * alternate, so that the machine's moods are in both. Null when a window has too few samples, or there are too few windows.
 */
export function stalenessShift(windows: Windows): Shift | null {
  const [calms, attacked] = [calmsOf(windows), attackedOf(windows)];
  if ([...calms, ...attacked].some(({ samples }) => samples < SAMPLES_LEAST)) return null;
  return shiftBetween(p99s(calms), p99s(attacked));
}

const p99s = (windows: readonly WindowFigures[]): number[] =>
  windows.map(({ stalenessMsP99 }) => stalenessMsP99 as number);

/** Whether the shift is known so well that none at all would be told from one that is too large. */
const isPrecise = ({ least, most }: Shift): boolean => Math.sqrt(most / least) <= STALENESS_RATIO_MOST;

/**
 * Whether another round would hardly change what is said. That all is well: the bound lies outside the inner half of what may be. That it is
 * not: beyond all that may be, since a machine that was busy with something else for one window alone says so too.
 */
export function isClear(shift: Shift | null): boolean {
  if (shift === null || !isPrecise(shift)) return false;
  const { ratio, least, most } = shift;
  return Math.sqrt(ratio * most) < STALENESS_RATIO_MOST || least >= STALENESS_RATIO_MOST;
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
  const shift = stalenessShift(evidence);
  if (shift === null) return ['staleness cannot be judged: too little was seen'];
  const { ratio, least, most } = shift;
  if (!isPrecise(shift))
    return [
      `staleness cannot be judged: ${ratio.toFixed(2)} times the calm, but anything from ${least.toFixed(2)} to ${most.toFixed(2)}`,
    ];
  const moreMs = (ratio - 1) * (quantile(p99s(calmsOf(evidence)), 0.5) as number);
  if (ratio < STALENESS_RATIO_MOST || moreMs < STALENESS_FLOOR_MS) return [];
  return [`staleness p99 moved by ${((ratio - 1) * 100).toFixed(0)} % (${moreMs.toFixed(1)} ms)`];
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
