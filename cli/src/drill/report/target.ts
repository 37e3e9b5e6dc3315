import type { Figures } from './figures.ts';

/** A figure beside what it has to be. */
export interface Target {
  /** Its key in the result. */
  readonly key: string;
  /** What it is, for who reads the table. */
  readonly words: string;
  /** Null: there was nothing to measure. */
  readonly value: number | null;
  readonly unit: 'ms' | 's' | 'm' | '';
  /** Neither of the two: told, and not judged. */
  readonly least?: number;
  readonly most?: number;
}

type Bounds = Pick<Target, 'least' | 'most'>;

const common: readonly (readonly [key: keyof Figures, words: string, unit: Target['unit']])[] = [
  ['players_joined', 'players who came to stand in the world', ''],
  ['faults_injected', 'faults that were seen to happen', ''],
  ['operations_total', 'operations', ''],
  ['input_gap_ms_p50', 'longest wait of a player for an acknowledgement, median of players', 'ms'],
  ['input_gap_ms_p99', 'the same, of 99 players in 100', 'ms'],
  ['input_gap_ms_max', 'the same, of any', 'ms'],
  ['position_lost_m_max', 'from where somebody stands to where they should', 'm'],
  ['entities_lost', 'players who are not who they were', ''],
  ['entities_doubled', 'players who are there twice', ''],
  ['disconnects', 'connections lost, as players were told', ''],
  ['operations_lost', 'acknowledged and not done', ''],
  ['operations_doubled', 'done more than once', ''],
  ['stale_frames', 'frames of a former owner', ''],
];

/** `bounds`: what this drill asks beyond what every drill does. Nothing that was to happen may be zero. */
export function commonTargets(figures: Figures, bounds: Partial<Record<keyof Figures, Bounds>>): Target[] {
  const none = { most: 0 };
  const ofAll: Partial<Record<keyof Figures, Bounds>> = {
    players_joined: { least: Math.max(1, figures.players) },
    faults_injected: { least: Math.max(1, figures.repeats) },
    operations_total: { least: 1 },
    input_gap_ms_p50: { least: 1 },
    entities_lost: none,
    entities_doubled: none,
    operations_lost: none,
    operations_doubled: none,
    stale_frames: none,
  };
  return common.map(([key, words, unit]) => {
    return { key, words, unit, value: figures[key] as number, ...ofAll[key], ...bounds[key] };
  });
}

export type Verdict = 'kept' | 'missed' | 'told';

export function verdictOf({ value, least, most }: Target): Verdict {
  if (least === undefined && most === undefined) return 'told';
  if (value === null || value < (least ?? Number.NEGATIVE_INFINITY)) return 'missed';
  return value > (most ?? Number.POSITIVE_INFINITY) ? 'missed' : 'kept';
}

/** What it has to be, in words; empty where it is not judged. */
export function boundOf({ least, most, unit }: Target): string {
  if (least === undefined && most === undefined) return '';
  if (least === most) return `${amount(least as number, unit)}`;
  if (least === undefined) return most === 0 ? '0' : `at most ${amount(most as number, unit)}`;
  return most === undefined ? `at least ${amount(least, unit)}` : `${least} to ${amount(most, unit)}`;
}

export function measuredOf({ value, unit }: Target): string {
  return value === null ? 'not measured' : amount(value, unit);
}

/** Why this is no pass; null when it is none. */
export function objectionTo(target: Target): string | null {
  if (verdictOf(target) !== 'missed') return null;
  return `${target.key} is ${measuredOf(target)}, and was to be ${boundOf(target)}: ${target.words}`;
}

const THOUSANDS = new Intl.NumberFormat('en', { maximumFractionDigits: 3 });
const SECOND_MS = 1_000;

function amount(value: number, unit: Target['unit']): string {
  if (!Number.isFinite(value)) return 'beyond all bounds';
  if (unit === 'ms' && value >= SECOND_MS) return `${THOUSANDS.format(Math.round(value / 10) / 100)} s`;
  return unit === '' ? THOUSANDS.format(value) : `${THOUSANDS.format(value)} ${unit}`;
}
