import type { Figures } from './figures.ts';
import { objectionTo, type Target } from './target.ts';

/** The object on the last line: the keys of all drills, then those of this one. */
export type DrillResult<Own extends object = object> = Figures &
  Own & {
    readonly passed: boolean;
    /** Why it is no pass, the first of them. */
    readonly objections: readonly string[];
  };

export interface DrillReport<Own extends object = object> {
  readonly result: DrillResult<Own>;
  readonly targets: readonly Target[];
  readonly objections: readonly string[];
}

const SHOWN_MOST = 20;

/** `wrong`: what no figure says. A drill passes when there is nothing of it, and every target is kept. */
export function drillReport<Own extends object>(
  figures: Figures,
  own: Own,
  { targets, wrong }: { readonly targets: readonly Target[]; readonly wrong: readonly string[] },
): DrillReport<Own> {
  const objections = [...wrong, ...targets.flatMap((target) => objectionTo(target) ?? [])];
  const passed = objections.length === 0;
  return {
    result: { ...figures, passed, ...own, objections: objections.slice(0, SHOWN_MOST) },
    targets,
    objections,
  };
}
