import { isName, type ToggleContext } from '@lifeverse/contracts';

const COHORTS_MAX = 64;
const texts = ['targetingKey', 'platform', 'region'] as const;

/** What toggles look at in an evaluation context of OpenFeature; the rest of it is the application's. Else, why not. */
export function toggleContext(input: unknown): ToggleContext | { readonly fault: string } {
  if (input === undefined) return {};
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return { fault: 'context must be an object' };
  const given = new Map<string, unknown>(Object.entries(input).filter(([, value]) => value !== undefined));
  const context: Record<string, string | readonly string[]> = {};
  for (const name of texts) {
    const value = given.get(name);
    if (value === undefined) continue;
    if (!isName(value)) return { fault: `${name} must be text of 1 to 256 bytes` };
    context[name] = value;
  }
  const cohort = given.get('cohort');
  if (cohort === undefined) return context;
  const cohorts: unknown[] = Array.isArray(cohort) ? cohort : [cohort];
  if (cohorts.length > COHORTS_MAX || !cohorts.every(isName))
    return { fault: `cohort must be text of 1 to 256 bytes, or a list of at most ${COHORTS_MAX} of them` };
  return { ...context, cohort: cohorts as string[] };
}
