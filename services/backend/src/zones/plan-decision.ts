import type { ZonePlan } from '@lifeverse/contracts';

/** Another plan, and why. */
export interface PlanDecision {
  readonly plan: ZonePlan;
  readonly why: string;
}
