import { quantile } from '@lifeverse/base';
import type { Judgement } from './judge.ts';

const BACK_MS_MOST = 10_000;
const POSITION_LOST_M_MOST = 1.5;

/** What passes, in a sentence. */
export const passes = `everyone is back within ${BACK_MS_MOST / 1_000} s (p99) as who they were, nobody twice, at most ${POSITION_LOST_M_MOST} m from
where their inputs lead, and every input that was acknowledged was done, once`;

export interface Played {
  readonly players: number;
  readonly repeats: number;
  /** Kills that the supervisor confirmed. */
  readonly faults: number;
  readonly disconnects: number;
  /** For each kill: until that gateway was open again. */
  readonly restartsMs: readonly number[];
  /** What did not come about in time. */
  readonly trouble: readonly string[];
}

export interface GatewayCrashReport {
  readonly drill: 'gateway-crash';
  readonly players: number;
  readonly players_joined: number;
  readonly repeats: number;
  readonly faults_injected: number;
  /** Inputs acknowledged: no durable operation is asked for. */
  readonly operations_total: number;
  readonly handovers: number;
  readonly input_gap_ms_p50: number;
  readonly input_gap_ms_p99: number;
  readonly input_gap_ms_max: number;
  readonly position_lost_m_max: number;
  readonly entities_lost: number;
  readonly entities_doubled: number;
  readonly disconnects: number;
  readonly operations_lost: number;
  readonly operations_doubled: number;
  readonly stale_frames: number;
  readonly passed: boolean;
  readonly back_ms_p99: number;
  readonly restart_ms_max: number;
}

export function gatewayCrashReport(
  played: Played,
  judgement: Judgement,
): { report: GatewayCrashReport; objections: string[] } {
  const objections = objectionsTo(played, judgement);
  const { inputGapsMs, backMs, positionsLostM } = judgement;
  const report: GatewayCrashReport = {
    drill: 'gateway-crash',
    players: played.players,
    players_joined: judgement.joined,
    repeats: played.repeats,
    faults_injected: played.faults,
    operations_total: judgement.acknowledged,
    handovers: 0,
    input_gap_ms_p50: Math.round(quantile(inputGapsMs, 0.5) ?? 0),
    input_gap_ms_p99: Math.round(quantile(inputGapsMs, 0.99) ?? 0),
    input_gap_ms_max: Math.round(quantile(inputGapsMs, 1) ?? 0),
    position_lost_m_max: Math.round((quantile(positionsLostM, 1) ?? 0) * 1_000) / 1_000,
    entities_lost: judgement.entitiesLost,
    entities_doubled: judgement.entitiesDoubled,
    disconnects: played.disconnects,
    operations_lost: judgement.operationsLost,
    operations_doubled: judgement.operationsDoubled,
    stale_frames: 0,
    passed: objections.length === 0,
    back_ms_p99: Math.round(quantile(backMs, 0.99) ?? 0),
    restart_ms_max: Math.round(quantile(played.restartsMs, 1) ?? 0),
  };
  return { report, objections };
}

/** Why this is not a pass: a zero where something should have happened is none. */
function objectionsTo(played: Played, judgement: Judgement): string[] {
  const { players, repeats, faults, disconnects } = played;
  const objections = [...played.trouble, ...judgement.wrong];
  const object = (isSo: boolean, what: string): void => void (isSo && objections.push(what));
  const backMs = quantile(judgement.backMs, 0.99);
  const lostM = quantile(judgement.positionsLostM, 1) ?? 0;
  object(judgement.joined < players || players === 0, `${judgement.joined} of ${players} players joined`);
  object(faults < repeats || repeats === 0, `${faults} of ${repeats} gateways were killed`);
  object(judgement.acknowledged === 0, 'no input was acknowledged');
  object(disconnects === 0, 'nobody lost a connection');
  object(backMs === null, 'nobody came back');
  object((backMs ?? 0) > BACK_MS_MOST, `back after ${Math.round(backMs ?? 0)} ms (p99)`);
  object(lostM > POSITION_LOST_M_MOST, `somebody stands ${lostM.toFixed(2)} m from where their inputs lead`);
  object(judgement.entitiesLost > 0, `${judgement.entitiesLost} entities were lost`);
  object(judgement.entitiesDoubled > 0, `${judgement.entitiesDoubled} entities were doubled`);
  object(judgement.operationsLost > 0, `${judgement.operationsLost} acknowledged inputs were lost`);
  object(judgement.operationsDoubled > 0, `${judgement.operationsDoubled} inputs were done twice`);
  return objections;
}
