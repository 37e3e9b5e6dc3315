import type { Peer, PeerName } from '../peers/peer.ts';
import { peerNamed } from '../peers/registry.ts';
import type { Scenario } from '../scenario.ts';
import { figuresOf, type RunFigures } from './figures.ts';
import type { Options } from './options.ts';
import { run } from './run.ts';

/** Beyond this many players Colyseus needs more than the core it has: its ticks come late, and say nothing. */
const COLYSEUS_PLAYERS_MAX = 1_000;
/** Where nobody has measured ours: of the order of its frames. */
const FRAME_BYTES = 32;

export interface Round {
  readonly scenario: Scenario;
  readonly round: number;
  readonly peer: PeerName;
  /** Null when the run failed. */
  readonly result: RunFigures | null;
  readonly failure: string | null;
}

/**
 * All runs, interleaved: in each round every scenario, in each scenario the peers in turn, another first each time.
 * The speed of a shared machine drifts, so only what lies side by side is compared.
 */
export async function runRounds(options: Options, progress: (line: string) => void): Promise<readonly Round[]> {
  const peers = options.peers.map(peerNamed).filter((peer): peer is Peer => peer !== undefined);
  const missing = options.peers.filter((name) => peerNamed(name) === undefined);
  if (missing.length > 0) progress(`not in this build, left out: ${missing.join(', ')}`);
  const rounds: Round[] = [];
  const frameBytes = new Map<string, number>();
  for (let round = 0; round < options.rounds; round++) {
    for (const scenario of options.scenarios) {
      for (const peer of inTurn(peers, round)) {
        if (peer.name === 'colyseus' && scenario.players > COLYSEUS_PLAYERS_MAX) continue;
        const ourFrame = options.frameBytes || frameBytes.get(scenario.name) || FRAME_BYTES;
        const label = `[${round + 1}/${options.rounds}] ${scenario.name} ${peer.name}`;
        const done = await runOnce(peer, scenario, round, options, ourFrame, (what) => progress(`${label}: ${what}`));
        rounds.push(done);
        if (peer.name === 'ours' && done.result !== null) {
          frameBytes.set(scenario.name, done.result.details.frame_bytes_median);
        }
      }
    }
  }
  return rounds;
}

/** The first round has ours before the floor, whose frame is of our size; then each begins once. */
function inTurn(peers: readonly Peer[], round: number): readonly Peer[] {
  const first = round % Math.max(1, peers.length);
  return [...peers.slice(first), ...peers.slice(0, first)];
}

async function runOnce(
  peer: Peer,
  scenario: Scenario,
  round: number,
  options: Options,
  frameBytes: number,
  progress: (what: string) => void,
): Promise<Round> {
  try {
    const report = await run(peer, { ...options, scenario, frameBytes }, progress);
    const result = figuresOf(report, scenario.players, options.viewDelaysMs);
    progress(told(result));
    return { scenario, round, peer: peer.name, result, failure: null };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    progress(`failed: ${failure}`);
    return { scenario, round, peer: peer.name, result: null, failure };
  }
}

function told({ figures, details }: RunFigures): string {
  if (details.void_reason !== null) return `void: ${details.void_reason}`;
  const parts = [
    `${figures.cpu_us_per_player_tick?.toFixed(2)} us a player-tick`,
    `${figures.bytes_per_player_s?.toFixed(0)} B/s a player`,
    `${details.ticks} ticks`,
    `server ${Math.round(details.server_cores * 100)} % and consumers ${Math.round(details.consumer_cores * 100)} % of a core`,
  ];
  if (figures.staleness_ms_p99 !== null) parts.push(`staleness p99 ${figures.staleness_ms_p99.toFixed(0)} ms`);
  if (figures.position_error_m_p95 !== null)
    parts.push(`position error p95 ${figures.position_error_m_p95.toFixed(3)} m`);
  if (details.disconnects > 0) parts.push(`${details.disconnects} disconnects (${details.errors[0]})`);
  return parts.join(', ');
}
