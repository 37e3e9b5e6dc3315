import { plainSideM } from './movement.ts';

/** `town`: inputs on change. `storm`: the server turns everyone each tick. `input-20hz`: everyone sends each tick. */
const scenarioKinds = ['town', 'storm', 'input-20hz'] as const;
export type ScenarioKind = (typeof scenarioKinds)[number];

export const TICK_MS = 50;
/** Nobody's truth is recorded beyond about this many subjects: enough for a percentile, too few to disturb the server. */
const TRUTH_SUBJECTS = 500;

export interface Scenario {
  readonly name: string;
  readonly kind: ScenarioKind;
  readonly players: number;
  readonly sideM: number;
  readonly seed: number;
  /** Truth and what clients show are recorded of players whose number is a multiple of this. */
  readonly truthStride: number;
}

export const defaultScenarioNames = [
  'town-1000',
  'town-5000',
  'storm-1000',
  'storm-5000',
  'input-20hz-1000',
  'town-10000',
] as const;

const NAME = /^(town|storm|input-20hz)-([1-9]\d{0,5})$/;

/** The scenario of a name such as `town-1000`; a sentence saying what is wrong with it otherwise. */
export function parseScenario(name: string, seed: number): Scenario | string {
  const match = NAME.exec(name);
  const kind = scenarioKinds.find((known) => known === match?.[1]);
  if (match === null || kind === undefined) {
    return `unknown scenario '${name}': it is one of ${scenarioKinds.map((known) => `${known}-N`).join(', ')} with N players`;
  }
  const players = Number(match[2]);
  const truthStride = Math.max(1, Math.ceil(players / TRUTH_SUBJECTS));
  return { name, kind, players, sideM: plainSideM(players), seed, truthStride };
}
