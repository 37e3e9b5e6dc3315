import { parseArgs } from 'node:util';
import { type PeerName, peerNames } from '../peers/peer.ts';
import { defaultScenarioNames, parseScenario, type Scenario } from '../scenario.ts';

export interface Options {
  readonly scenarios: readonly Scenario[];
  /** False when scenarios were named: such a run does not replace the newest results. */
  readonly allScenarios: boolean;
  readonly peers: readonly PeerName[];
  readonly json: boolean;
  readonly rounds: number;
  readonly warmupS: number;
  readonly measuredS: number;
  readonly seed: number;
  readonly decoders: number;
  /** How far back every peer's clients show the world: the first is the one of the published figure. */
  readonly viewDelaysMs: readonly number[];
  /** Size of the floor's frame while ours has not been measured; 0: whatever ours sends. */
  readonly frameBytes: number;
}

/** The position error is also told at these. */
const VIEW_DELAYS_MS = [50, 75, 100, 150];

export const usage = `npm run bench -- [options]
  --scenario NAME    town-N, storm-N or input-20hz-N with N players; may be given again (all of the table by default);
                     journal: durable transfers, with --seconds, --seed and --json;
                     distributed: one world over more and more processes, with --players, --seconds, --rounds and --json;
                     log-in: log-ins on one core, with --seconds and --json;
                     tick-under-journal: a zone beside the journal at half its rate, with --seconds and --json
  --peers LIST       of ours,colyseus,floor (all)
  --rounds N         interleaved repetitions (3)
  --seconds S        measured part of each run (10)
  --warmup S         part before it, not measured: compilers and collectors settle (15)
  --seed N           of the movement (1)
  --decoders N       consumers that decode all they receive (50)
  --view-delay-ms N  how far back every peer's clients show the world (100)
  --frame-bytes N    size of the floor's frame (our median)
  --json             one object a scenario, at the end of standard output`;

/** The options, or a sentence saying what is wrong with them; `null` when help was asked for. */
export function parseOptions(args: readonly string[]): Options | string | null {
  const number = { type: 'string' } as const;
  let values: Record<string, string | boolean | string[] | undefined>;
  try {
    values = parseArgs({
      args: [...args],
      options: {
        scenario: { type: 'string', multiple: true },
        peers: number,
        rounds: number,
        seconds: number,
        warmup: number,
        seed: number,
        decoders: number,
        'view-delay-ms': number,
        'frame-bytes': number,
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (values.help === true) return null;
  const read = new NumberReader(values);
  const options = {
    rounds: read.whole('rounds', 3, 1),
    measuredS: read.whole('seconds', 10, 1),
    warmupS: read.whole('warmup', 15, 0),
    seed: read.whole('seed', 1, 0),
    decoders: read.whole('decoders', 50, 1),
    frameBytes: read.whole('frame-bytes', 0, 0),
  };
  const viewDelayMs = read.whole('view-delay-ms', 100, 0);
  if (read.wrong !== null) return read.wrong;
  const named = values.scenario as string[] | undefined;
  const scenarios: Scenario[] = [];
  for (const name of named ?? defaultScenarioNames) {
    const scenario = parseScenario(name, options.seed);
    if (typeof scenario === 'string') return scenario;
    scenarios.push(scenario);
  }
  const wanted = typeof values.peers === 'string' ? values.peers.split(',') : peerNames;
  const unknown = wanted.find((name) => !peerNames.some((known) => known === name));
  if (unknown !== undefined) return `unknown peer '${unknown}': it is one of ${peerNames.join(', ')}`;
  const peers = peerNames.filter((name) => wanted.includes(name));
  const viewDelaysMs = [viewDelayMs, ...VIEW_DELAYS_MS.filter((other) => other !== viewDelayMs)];
  return { ...options, viewDelaysMs, scenarios, peers, allScenarios: named === undefined, json: values.json === true };
}

class NumberReader {
  wrong: string | null = null;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  whole(name: string, byDefault: number, least: number): number {
    const given = this.#values[name];
    if (given === undefined) return byDefault;
    const value = Number(given);
    if (Number.isInteger(value) && value >= least) return value;
    this.wrong ??= `--${name} wants a whole number of at least ${least}, not '${given}'`;
    return byDefault;
  }
}
