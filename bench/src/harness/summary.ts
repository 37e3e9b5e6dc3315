import { type PeerName, peerNames } from '../peers/peer.ts';
import { type Figures, figureNames } from './figures.ts';
import type { Round } from './rounds.ts';
import { growthExponent, ratio, rounded, type Spread, spreadOf } from './statistics.ts';

/**
 * What is compared, always inside one round. Growth and the memory's slope are ours, from the scenario of the same kind
 * with the fewest players to this one; the cost of an input is that of `input-20hz` beyond `town` with as many players.
 */
export const ratioNames = [
  'cpu_ours_over_floor',
  'cpu_colyseus_over_ours',
  'bytes_colyseus_over_ours',
  'position_error_ours_over_colyseus',
  'growth_exponent',
  'rss_slope_kb_per_player',
  'input_cost_us',
] as const;
export type RatioName = (typeof ratioNames)[number];

export type Spreads = Readonly<Record<string, Spread | null>>;

/** One scenario over all rounds. */
export interface ScenarioResult {
  readonly scenario: string;
  readonly players: number;
  /** Of each peer the figures and details that are numbers. */
  readonly peers: Readonly<Record<PeerName, Spreads>>;
  readonly ratios: Readonly<Record<RatioName, Spread | null>>;
}

export function summarize(rounds: readonly Round[]): readonly ScenarioResult[] {
  const names = [...new Set(rounds.map((round) => round.scenario.name))];
  return names.map((name) => {
    const own = rounds.filter((round) => round.scenario.name === name);
    const [first] = own;
    if (first === undefined) throw new Error('unreachable: a name without a round');
    const numbers = [...new Set(own.map((round) => round.round))];
    const perRound = numbers.map((number) => new RoundView(rounds, number).ratios(first.scenario));
    return {
      scenario: name,
      players: first.scenario.players,
      peers: { ours: spreadsOf(own, 'ours'), colyseus: spreadsOf(own, 'colyseus'), floor: spreadsOf(own, 'floor') },
      ratios: recordOf(ratioNames, (key) => spreadOf(perRound.map((ratios) => ratios[key]))),
    };
  });
}

function spreadsOf(rounds: readonly Round[], peer: PeerName): Spreads {
  const runs = rounds.filter((round) => round.peer === peer).map((round) => numbersOf(round));
  const keys = new Set(runs.flatMap((run) => Object.keys(run)));
  return Object.fromEntries([...keys].map((key) => [key, spreadOf(runs.map((run) => run[key] ?? null))]));
}

function numbersOf(round: Round): Record<string, number | null> {
  const all = Object.entries({ ...round.result?.figures, ...round.result?.details });
  return Object.fromEntries(all.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}

/** What was measured side by side. */
class RoundView {
  readonly #runs: readonly Round[];

  constructor(rounds: readonly Round[], number: number) {
    this.#runs = rounds.filter((round) => round.round === number);
  }

  ratios(scenario: Round['scenario']): Record<RatioName, number | null> {
    const of = (peer: PeerName, figure: string, name = scenario.name) => this.#figure(name, peer, figure);
    const cpu = 'cpu_us_per_player_tick';
    const fewest = this.#fewest(scenario);
    return {
      cpu_ours_over_floor: ratio(of('ours', cpu), of('floor', cpu)),
      cpu_colyseus_over_ours: ratio(of('colyseus', cpu), of('ours', cpu)),
      bytes_colyseus_over_ours: ratio(of('colyseus', 'bytes_per_player_s'), of('ours', 'bytes_per_player_s')),
      position_error_ours_over_colyseus: ratio(
        of('ours', 'position_error_m_p95'),
        of('colyseus', 'position_error_m_p95'),
      ),
      growth_exponent:
        fewest === null
          ? null
          : growthExponent(of('ours', cpu, fewest.name), fewest.players, of('ours', cpu), scenario.players),
      rss_slope_kb_per_player:
        fewest === null
          ? null
          : over(
              difference(of('ours', 'rss_mb'), of('ours', 'rss_mb', fewest.name)),
              (scenario.players - fewest.players) / 1024,
            ),
      input_cost_us: this.#inputCostUs(scenario),
    };
  }

  /** The smaller scenario of the same kind that growth is taken from. */
  #fewest(scenario: Round['scenario']): Round['scenario'] | null {
    const kin = this.#runs.map((run) => run.scenario).filter((other) => other.kind === scenario.kind);
    const fewest = kin.reduce((least, other) => (other.players < least.players ? other : least), scenario);
    return fewest.players < scenario.players ? fewest : null;
  }

  #inputCostUs(scenario: Round['scenario']): number | null {
    if (scenario.kind !== 'input-20hz') return null;
    const town = `town-${scenario.players}`;
    const of = (figure: string, name: string) => this.#figure(name, 'ours', figure);
    const cpu = 'cpu_us_per_player_tick';
    const inputs = difference(of('inputs_per_player_s', scenario.name), of('inputs_per_player_s', town));
    const ticksAS = 20;
    return over(difference(of(cpu, scenario.name), of(cpu, town)), inputs === null ? null : inputs / ticksAS);
  }

  #figure(scenario: string, peer: PeerName, figure: string): number | null {
    const run = this.#runs.find((one) => one.scenario.name === scenario && one.peer === peer);
    return run === undefined ? null : (numbersOf(run)[figure] ?? null);
  }
}

function difference(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

/** As `ratio`, of a difference that may be negative. */
function over(a: number | null, b: number | null): number | null {
  return a === null || b === null || b <= 0 ? null : a / b;
}

/** What `--json` prints of a scenario: medians only. */
export interface Published {
  readonly scenario: string;
  readonly players: number;
  readonly ours: Figures;
  readonly colyseus: Figures;
  readonly floor: Figures;
  readonly ratios: Readonly<Record<RatioName, number | null>>;
}

export function published(result: ScenarioResult): Published {
  const figures = recordOf(peerNames, (peer) => recordOf(figureNames, (key) => medianOf(result.peers[peer][key])));
  return {
    scenario: result.scenario,
    players: result.players,
    ...figures,
    ratios: recordOf(ratioNames, (key) => medianOf(result.ratios[key])),
  };
}

function medianOf(spread: Spread | null | undefined): number | null {
  return spread ? rounded(spread.median) : null;
}

function recordOf<K extends string, V>(keys: readonly K[], value: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>;
}
