import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TargetingRule, ToggleDefinition } from './toggle-definition.ts';
import { evaluateToggle, type ToggleContext } from './toggle-evaluation.ts';
import { toggles } from './toggles.ts';

const NOON_MS = Date.parse('2026-11-20T12:00:00Z');

function evaluate(definition: ToggleDefinition | null, context: ToggleContext = {}, nowMs = NOON_MS) {
  return evaluateToggle('updateHz', toggles.updateHz, definition, context, nowMs);
}

function ruled(...targeting: Omit<TargetingRule, 'serve'>[]): ToggleDefinition {
  return {
    variants: { full: 20, less: 10 },
    serve: 'full',
    targeting: targeting.map((rule) => ({ ...rule, serve: 'less' })),
  };
}

describe('a toggle', () => {
  it('has its declared default without a definition, or when it is disabled', () => {
    expect(evaluate(null)).toEqual({ value: 120, reason: 'DEFAULT' });
    const off: ToggleDefinition = { variants: { less: 10 }, serve: 'less', disabled: true };
    expect(evaluate(off)).toEqual({ value: 120, reason: 'DISABLED' });
  });

  it('is static without rules', () => {
    expect(evaluate({ variants: { less: 10 }, serve: 'less' })).toEqual({
      value: 10,
      reason: 'STATIC',
      variant: 'less',
    });
  });

  it.each<[string, Omit<TargetingRule, 'serve'>, ToggleContext, boolean]>([
    ['a cohort', { cohort: ['beta'] }, { cohort: 'beta' }, true],
    ['one of several cohorts', { cohort: ['beta', 'staff'] }, { cohort: ['new', 'staff'] }, true],
    ['another cohort', { cohort: ['beta'] }, { cohort: ['new'] }, false],
    ['no cohort', { cohort: ['beta'] }, {}, false],
    ['a platform', { platform: ['phone'] }, { platform: 'phone' }, true],
    ['another platform', { platform: ['phone'] }, { platform: 'desktop' }, false],
    ['a region', { region: ['eu', 'us'] }, { region: 'us' }, true],
    ['a player', { players: ['p1'] }, { targetingKey: 'p1' }, true],
    ['platform without region', { platform: ['phone'], region: ['eu'] }, { platform: 'phone' }, false],
    ['platform and region', { platform: ['phone'], region: ['eu'] }, { platform: 'phone', region: 'eu' }, true],
    ['from on', { from: '2026-11-20T12:00:00Z' }, {}, true],
    ['before from', { from: '2026-11-20T12:00:00.001Z' }, {}, false],
    ['before until', { until: '2026-11-20T12:00:00.001Z' }, {}, true],
    ['at until', { until: '2026-11-20T12:00:00Z' }, {}, false],
    ['all of 100 % without a key', { percentage: 100 }, {}, true],
    ['99 % without a key', { percentage: 99 }, {}, false],
    ['0 %', { percentage: 0 }, { targetingKey: 'p1' }, false],
  ])('meets or not: %s', (_, rule, context, met) => {
    expect(evaluate(ruled(rule), context)).toEqual(
      met
        ? { value: 10, variant: 'less', reason: rule.percentage === undefined ? 'TARGETING_MATCH' : 'SPLIT' }
        : { value: 20, variant: 'full', reason: 'DEFAULT' },
    );
  });

  it('goes by the first rule that meets', () => {
    const definition: ToggleDefinition = {
      variants: { a: 1, b: 2, c: 3 },
      serve: 'c',
      targeting: [
        { region: ['eu'], serve: 'a' },
        { platform: ['phone'], serve: 'b' },
      ],
    };
    expect(evaluate(definition, { region: 'eu', platform: 'phone' }).value).toBe(1);
    expect(evaluate(definition, { region: 'us', platform: 'phone' }).value).toBe(2);
  });
});

describe('a percentage', () => {
  const isIn = (percentage: number, targetingKey: string) =>
    evaluate(ruled({ percentage }), { targetingKey }).value === 10;

  it('keeps everybody who was in when it is raised', () => {
    const percent = fc.integer({ min: 0, max: 100_000 }).map((steps) => steps / 1_000);
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), percent, percent, (key, a, b) => {
        expect(isIn(Math.min(a, b), key) && !isIn(Math.max(a, b), key)).toBe(false);
      }),
    );
  });

  it.each([1, 10, 20, 50, 99])('of %i is that many of the players', (percentage) => {
    const players = 20_000;
    let count = 0;
    for (let i = 0; i < players; i++) if (isIn(percentage, `player-${i}`)) count++;
    const expected = (players * percentage) / 100;
    // Five standard deviations of a fair draw.
    expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt((expected * (100 - percentage)) / 100));
  });

  it('parts the players of another toggle otherwise', () => {
    let both = 0;
    const players = 20_000;
    for (let i = 0; i < players; i++) {
      const context = { targetingKey: `player-${i}` };
      const rule = ruled({ percentage: 50 });
      const one = evaluateToggle('a', toggles.updateHz, rule, context, NOON_MS).value;
      if (one === evaluateToggle('b', toggles.updateHz, rule, context, NOON_MS).value) both++;
    }
    expect(Math.abs(both - players / 2)).toBeLessThan(5 * Math.sqrt(players / 4));
  });

  it('has the same players on every machine and in every version', () => {
    const first = Array.from({ length: 40 }, (_, i) => `player-${i}`).filter((key) => isIn(20, key));
    expect(first).toMatchInlineSnapshot(`
      [
        "player-2",
        "player-6",
        "player-11",
        "player-14",
        "player-15",
        "player-19",
        "player-35",
        "player-38",
        "player-39",
      ]
    `);
  });
});
