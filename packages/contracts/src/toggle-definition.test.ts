import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseToggleDefinition } from './toggle-definition.ts';
import { evaluateToggle } from './toggle-evaluation.ts';
import { type ToggleDeclaration, toggles } from './toggles.ts';

const rate = { ...toggles.updateHz, scope: 'player' } as const;
const good = {
  variants: { full: 20, less: 10 },
  serve: 'full',
  targeting: [
    {
      players: ['p1'],
      cohort: ['beta'],
      platform: ['phone'],
      region: ['eu'],
      percentage: 12.345,
      from: '2026-11-20T12:00:00Z',
      until: '2026-12-24T00:00:00.5Z',
      serve: 'less',
    },
  ],
};

const faultsOf = (input: unknown, declaration: ToggleDeclaration = rate) => {
  const parsed = parseToggleDefinition(declaration, input);
  return parsed.ok ? [] : parsed.faults;
};
const ruled = (rule: object) => ({ ...good, targeting: [{ serve: 'less', ...rule }] });

describe('a definition from outside', () => {
  it('is taken when it is right', () => {
    expect(parseToggleDefinition(rate, good)).toEqual({ ok: true, definition: good });
  });

  it.each<[string, unknown, string, RegExp]>([
    ['nothing', null, '', /must be an object/],
    ['a list', [], '', /must be an object/],
    ['an unknown field', { ...good, serv: 'x' }, '/serv', /is no field; there are variants/],
    ['a field by inheritance', Object.create(good), '/variants', /must be an object/],
    ['__proto__', JSON.parse('{"__proto__":{"serve":"a"}}'), '/__proto__', /is no field/],
    ['no variants', { ...good, variants: {} }, '/variants', /1 to 32/],
    [
      'too many variants',
      { ...good, variants: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`v${i}`, 1])) },
      '/variants',
      /1 to 32/,
    ],
    [
      'a variant __proto__',
      { ...good, variants: JSON.parse('{"__proto__":1,"full":20,"less":1}') },
      '/variants/__proto__',
      /is no name/,
    ],
    [
      'a name of a variant with a slash',
      { ...good, variants: { 'a/b~': 1, full: 1, less: 1 } },
      '/variants/a~1b~0',
      /is no name/,
    ],
    [
      'a value of another type',
      { ...good, variants: { full: '20', less: 1 } },
      '/variants/full',
      /whole number from 1 to 120/,
    ],
    [
      'a value out of range',
      { ...good, variants: { full: 121, less: 1 } },
      '/variants/full',
      /whole number from 1 to 120/,
    ],
    ['a broken number', { ...good, variants: { full: 1.5, less: 1 } }, '/variants/full', /whole number/],
    [
      'a number beyond 2^53',
      { ...good, variants: { full: JSON.parse('9007199254740993'), less: 1 } },
      '/variants/full',
      /whole number/,
    ],
    ['NaN', { ...good, variants: { full: Number.NaN, less: 1 } }, '/variants/full', /whole number/],
    ['no such variant', { ...good, serve: 'none' }, '/serve', /one of the variants/],
    ['an inherited variant', { ...good, serve: 'toString' }, '/serve', /one of the variants/],
    ['disabled by a word', { ...good, disabled: 'yes' }, '/disabled', /true or false/],
    ['rules that are no list', { ...good, targeting: {} }, '/targeting', /list of at most 64/],
    ['too many rules', { ...good, targeting: Array(65).fill({ serve: 'less' }) }, '/targeting', /list of at most 64/],
    ['a rule that is none', { ...good, targeting: [null] }, '/targeting/0', /must be an object/],
    ['a rule for no such variant', ruled({ serve: 'x' }), '/targeting/0/serve', /one of the variants/],
    ['a rule with an unknown field', ruled({ percent: 1 }), '/targeting/0/percent', /is no field/],
    ['a cohort that is no list', ruled({ cohort: 'beta' }), '/targeting/0/cohort', /list of 1 to 1000/],
    ['an empty list', ruled({ region: [] }), '/targeting/0/region', /list of 1 to 1000/],
    ['a name that is a number', ruled({ region: ['eu', 1] }), '/targeting/0/region/1', /must be text/],
    ['an unpaired surrogate', ruled({ players: ['a\ud800'] }), '/targeting/0/players/0', /must be text/],
    ['a NUL', ruled({ players: ['a\0'] }), '/targeting/0/players/0', /without control/],
    ['a name of 1 MB', ruled({ players: ['x'.repeat(1_000_000)] }), '/targeting/0/players/0', /1 to 256 bytes/],
    ['a name too long in bytes', ruled({ players: ['€'.repeat(100)] }), '/targeting/0/players/0', /1 to 256 bytes/],
    ['a negative percentage', ruled({ percentage: -0.001 }), '/targeting/0/percentage', /from 0 to 100/],
    ['more than all', ruled({ percentage: 100.001 }), '/targeting/0/percentage', /from 0 to 100/],
    ['a percentage too fine', ruled({ percentage: 0.0005 }), '/targeting/0/percentage', /3 decimals/],
    ['a time without a zone', ruled({ from: '2026-11-20T12:00:00' }), '/targeting/0/from', /instant in UTC/],
    ['a day that no month has', ruled({ from: '2026-02-30T12:00:00Z' }), '/targeting/0/from', /instant in UTC/],
    ['a time as a number', ruled({ until: 1_795_000_000 }), '/targeting/0/until', /instant in UTC/],
    [
      'an end before its beginning',
      ruled({ from: '2026-11-20T12:00:00Z', until: '2026-11-20T12:00:00Z' }),
      '/targeting/0/until',
      /later than from/,
    ],
  ])('is refused with the place of the fault: %s', (_, input, at, why) => {
    expect(faultsOf(input)).toContainEqual({ at, why: expect.stringMatching(why) });
  });

  it('is refused for other types of toggles', () => {
    const choice = { scope: 'player', type: 'choice', default: 'a', options: ['a', 'b'], sentence: '' } as const;
    expect(faultsOf({ variants: { on: 'c' }, serve: 'on' }, choice)).toEqual([
      { at: '/variants/on', why: 'must be one of a, b' },
    ]);
    const boolean = { scope: 'player', type: 'boolean', default: true, sentence: '' } as const;
    expect(faultsOf({ variants: { on: 1 }, serve: 'on' }, boolean)[0]?.why).toBe('must be true or false');
    expect(faultsOf({ variants: { on: 0.5 }, serve: 'on' }, toggles.viewRadiusCells)).toEqual([]);
  });

  it('names times and nobody in particular when the toggle is the same for all', () => {
    const serving = { variants: { less: 10 }, serve: 'less' };
    const timed = { ...serving, targeting: [{ from: '2026-11-20T12:00:00Z', serve: 'less' }] };
    expect(faultsOf(timed, toggles.updateHz)).toEqual([]);
    const parting = { cohort: ['staff'], players: ['p1'], platform: ['phone'], region: ['eu'], percentage: 5 };
    for (const [name, value] of Object.entries(parting))
      expect(faultsOf({ ...serving, targeting: [{ [name]: value, serve: 'less' }] }, toggles.updateHz)).toEqual([
        { at: `/targeting/0/${name}`, why: 'parts players, and this toggle is the same for all of them' },
      ]);
  });

  it('never throws, whatever it is, and evaluates to a value in range when it is taken', () => {
    const name = fc.constantFrom('full', 'less', 'x', '__proto__', 'a\ud800', '');
    const rule = fc.record(
      {
        cohort: fc.oneof(fc.array(name), fc.anything()),
        percentage: fc.oneof(fc.double(), fc.constantFrom(0, 10, 100)),
        from: fc.oneof(fc.string(), fc.constant('2026-11-20T12:00:00Z')),
        serve: name,
      },
      { requiredKeys: [] },
    );
    const near = fc.record(
      {
        variants: fc.dictionary(name, fc.oneof(fc.integer({ min: -5, max: 130 }), fc.anything())),
        serve: name,
        targeting: fc.oneof(fc.array(rule), fc.anything()),
        disabled: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(near, fc.anything({ withNullPrototype: true })), name, (input, key) => {
        const parsed = parseToggleDefinition(rate, input);
        if (!parsed.ok) return void expect(parsed.faults.length).toBeGreaterThan(0);
        const { value } = evaluateToggle('updateHz', rate, parsed.definition, { targetingKey: key, cohort: key }, 0);
        return void expect(Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 120).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('tells the first 20 faults of a thing that has a thousand', () => {
    expect(faultsOf(ruled({ players: Array(1_000).fill(0) }))).toHaveLength(20);
  });
});
