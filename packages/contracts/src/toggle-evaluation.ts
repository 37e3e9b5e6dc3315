import { stableHash } from './stable-hash.ts';
import type { TargetingRule, ToggleDefinition } from './toggle-definition.ts';
import type { ToggleDeclaration, ToggleValue } from './toggles.ts';

/** For whom a toggle is evaluated: OpenFeature's evaluation context, of which these are looked at. */
export interface ToggleContext {
  /** The player's id: decides a percentage. */
  readonly targetingKey?: string;
  readonly cohort?: string | readonly string[];
  readonly platform?: string;
  readonly region?: string;
}

/** As OpenFeature's `ResolutionDetails` has it. */
export interface ToggleDetails<Value extends ToggleValue = ToggleValue> {
  readonly value: Value;
  /** `STATIC`: there are no rules. `DEFAULT`: none met, or there is no definition. `SPLIT`: a percentage decided. */
  readonly reason: 'STATIC' | 'DEFAULT' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED';
  readonly variant?: string;
}

/** Steps of a percentage: 0.001 %. */
const STEPS = 100_000;

/** Pure: the same for the same arguments, everywhere. `nowMs`: the server's time, milliseconds since 1970. */
export function evaluateToggle(
  name: string,
  declaration: ToggleDeclaration,
  definition: ToggleDefinition | null,
  context: ToggleContext,
  nowMs: number,
): ToggleDetails {
  if (definition === null) return { value: declaration.default, reason: 'DEFAULT' };
  if (definition.disabled === true) return { value: declaration.default, reason: 'DISABLED' };
  const variantOf = (variant: string): { value: ToggleValue; variant: string } => ({
    value: definition.variants[variant] as ToggleValue,
    variant,
  });
  for (const rule of definition.targeting ?? []) {
    if (!meets(rule, context, nowMs) || !isAmong(rule.percentage, name, context.targetingKey)) continue;
    return { ...variantOf(rule.serve), reason: rule.percentage === undefined ? 'TARGETING_MATCH' : 'SPLIT' };
  }
  return { ...variantOf(definition.serve), reason: definition.targeting === undefined ? 'STATIC' : 'DEFAULT' };
}

function meets(rule: TargetingRule, context: ToggleContext, nowMs: number): boolean {
  const { targetingKey, cohort, platform, region } = context;
  const cohorts = typeof cohort === 'string' ? [cohort] : (cohort ?? []);
  return (
    (rule.from === undefined || nowMs >= Date.parse(rule.from)) &&
    (rule.until === undefined || nowMs < Date.parse(rule.until)) &&
    names(rule.players, targetingKey) &&
    names(rule.platform, platform) &&
    names(rule.region, region) &&
    (rule.cohort === undefined || cohorts.some((each) => names(rule.cohort, each)))
  );
}

function names(list: readonly string[] | undefined, value: string | undefined): boolean {
  return list === undefined || (value !== undefined && list.includes(value));
}

/**
 * A player's place among the steps depends on the toggle and the player alone, so that raising a percentage only adds
 * players, and two toggles part them independently. Whoever has no key is in only when all are.
 */
function isAmong(percentage: number | undefined, name: string, key: string | undefined): boolean {
  if (percentage === undefined || percentage >= 100) return true;
  if (key === undefined) return false;
  const step = Math.floor((stableHash(`${name}\0${key}`) / 2 ** 32) * STEPS);
  return step < Math.round(percentage * 1_000);
}
