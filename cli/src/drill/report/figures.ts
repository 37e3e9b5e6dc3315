import { quantile } from '@lifeverse/base';

/** The first keys of every drill's result, in this order. */
export interface Figures {
  readonly drill: string;
  readonly players: number;
  readonly players_joined: number;
  readonly repeats: number;
  readonly faults_injected: number;
  readonly operations_total: number;
  readonly handovers: number;
  /** Over players: the longest time between two acknowledgements of one who sends in every tick. */
  readonly input_gap_ms_p50: number;
  readonly input_gap_ms_p99: number;
  readonly input_gap_ms_max: number;
  /** Infinite where somebody stands at a place to which no way led them. */
  readonly position_lost_m_max: number;
  readonly entities_lost: number;
  readonly entities_doubled: number;
  /** As the players' applications were told. */
  readonly disconnects: number;
  readonly operations_lost: number;
  readonly operations_doubled: number;
  /** Heard from an owner that was none any more. */
  readonly stale_frames: number;
}

/** What they are made of. */
export interface Measured {
  readonly drill: string;
  readonly players: number;
  readonly playersJoined: number;
  readonly repeats: number;
  readonly faultsInjected: number;
  readonly operationsTotal: number;
  /** Left out where there is one zone. */
  readonly handovers?: number;
  /** One for each player. */
  readonly inputGapsMs: readonly number[];
  readonly positionsLostM: readonly number[];
  readonly entitiesLost: number;
  readonly entitiesDoubled: number;
  readonly disconnects: number;
  readonly operationsLost: number;
  readonly operationsDoubled: number;
  /** Left out where no zone changes its owner. */
  readonly staleFrames?: number;
}

export function figuresOf(measured: Measured): Figures {
  const { inputGapsMs, positionsLostM } = measured;
  const gap = (q: number): number => Math.round(quantile(inputGapsMs, q) ?? 0);
  return {
    drill: measured.drill,
    players: measured.players,
    players_joined: measured.playersJoined,
    repeats: measured.repeats,
    faults_injected: measured.faultsInjected,
    operations_total: measured.operationsTotal,
    handovers: measured.handovers ?? 0,
    input_gap_ms_p50: gap(0.5),
    input_gap_ms_p99: gap(0.99),
    input_gap_ms_max: gap(1),
    position_lost_m_max: Math.round((quantile(positionsLostM, 1) ?? 0) * 1_000) / 1_000,
    entities_lost: measured.entitiesLost,
    entities_doubled: measured.entitiesDoubled,
    disconnects: measured.disconnects,
    operations_lost: measured.operationsLost,
    operations_doubled: measured.operationsDoubled,
    stale_frames: measured.staleFrames ?? 0,
  };
}
