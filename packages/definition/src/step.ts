import { canonical, fingerprint } from '@lifeverse/protocol';
import { headingX, headingY, UNIT } from './heading-table.ts';
import type { Body, WorldMap } from './map.ts';

/**
 * What both server and client compute for an avatar in one tick. Integers in, integers out; only + - x / and sqrt.
 * `rate`: the rate of time, 256 being normal; scales the step, never the numbering of ticks.
 */
export interface PredictedStep<Input> {
  /** Equal fingerprints promise equal results for equal arguments; a client whose own differs does not predict. */
  readonly fingerprint: string;
  /** Half the width of the body, for what else moves it. */
  readonly radiusMm: number;
  run(body: Body, input: Input, map: WorldMap, rate: number): void;
}

/** A predicted step of one's own. Change `version` with every change of what it computes. */
export function predictedStep<Input>(
  identity: { readonly name: string; readonly version: number; readonly radiusM: number },
  run: PredictedStep<Input>['run'],
): PredictedStep<Input> {
  return { fingerprint: fingerprint(canonical(identity)), radiusMm: Math.round(identity.radiusM * 1_000), run };
}

/**
 * Walking: goes `towards` at the speed of `pace`, along walls. Speeds in metres per second.
 * `tickHz` is the world's; `radiusM` half the width of the body.
 */
export function walker<const P extends string>(options: {
  tickHz: number;
  radiusM: number;
  paceMps: Readonly<Record<P, number>>;
}): PredictedStep<{ readonly towards: number; readonly pace: P }> {
  const radiusMm = Math.round(options.radiusM * 1_000);
  const mmPerTick = new Map<string, number>();
  for (const [pace, mps] of Object.entries<number>(options.paceMps))
    mmPerTick.set(pace, Math.round((mps * 1_000) / options.tickHz));
  return {
    fingerprint: fingerprint(`walker/1 ${canonical(options)}`),
    radiusMm,
    run(body, input, map, rate) {
      const speed = mmPerTick.get(input.pace) as number;
      if (speed === 0) return;
      const dx = Math.round((headingX(input.towards) * speed * rate) / (UNIT * 256));
      const dy = Math.round((headingY(input.towards) * speed * rate) / (UNIT * 256));
      map.slide(body, dx, dy, radiusMm);
    },
  };
}
