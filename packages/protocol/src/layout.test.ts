import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRecord } from './field.ts';
import { fingerprint } from './fingerprint.ts';
import { adaptLayout, canonical, layoutFingerprint, type MessageLayout, type WorldLayout } from './layout.ts';
import { layoutProblem } from './layout-problem.ts';
import * as limits from './limits.ts';
import { fieldLayouts } from './test-arbitraries.ts';

const meadow: WorldLayout = {
  name: 'meadow',
  tickHz: 20,
  cellSizeM: 32,
  viewCellsSquared: 5,
  position: { toleranceMm: 50, maxSpeedMmPerTick: 400 },
  audiences: ['owls'],
  components: [
    { number: 1, name: 'mood', audience: 'all', field: { kind: 'choice', options: ['calm', 'merry'] } },
    { number: 2, name: 'purse', audience: 'owner', field: { kind: 'integer', min: 0, max: 1_000 } },
  ],
  commands: [
    {
      number: 1,
      name: 'walk',
      predicted: true,
      fields: [{ number: 1, name: 'towards', layout: { kind: 'heading' } }],
    },
  ],
  events: [
    { number: 1, name: 'speech', fields: [{ number: 1, name: 'text', layout: { kind: 'text', maxBytes: 200 } }] },
  ],
  mapFingerprint: 'm',
  stepFingerprint: 's',
};

describe('[PR10] the fingerprint of a layout', () => {
  it('is that of its canonical text, pinned for all time', () => {
    expect(canonical({ b: [1, 'x', null], a: { d: true, c: undefined } })).toBe('{"a":{"d":true},"b":[1,"x",null]}');
    expect(['', 'a', 'b', '\u{1f600}'].map(fingerprint)).toMatchInlineSnapshot(`
      [
        "ab3e7c0bebb6c228",
        "2a68181905a597d4",
        "e803c75d14c2f90c",
        "e4b287bad1b6a579",
      ]
    `);
    expect(layoutFingerprint(meadow)).toMatchInlineSnapshot(`"440946f852ddce9f"`);
  });

  it('does not depend on the order of keys, and not on map and step, which are told beside it', () => {
    const reversed = Object.fromEntries(Object.entries(meadow).reverse()) as unknown as WorldLayout;
    expect(layoutFingerprint(reversed)).toBe(layoutFingerprint(meadow));
    expect(layoutFingerprint({ ...meadow, mapFingerprint: 'other', stepFingerprint: 'other' })).toBe(
      layoutFingerprint(meadow),
    );
  });

  it('changes with everything that travels', () => {
    const { components } = meadow;
    const others: WorldLayout[] = [
      { ...meadow, name: 'heath' },
      { ...meadow, tickHz: 10 },
      { ...meadow, cellSizeM: 16 },
      { ...meadow, viewCellsSquared: 4 },
      { ...meadow, position: { ...meadow.position, toleranceMm: 51 } },
      { ...meadow, audiences: [] },
      { ...meadow, components: [...components].reverse() },
      { ...meadow, events: [] },
    ];
    const prints = [meadow, ...others].map(layoutFingerprint);
    expect(new Set(prints).size).toBe(prints.length);
    expect(prints.every((print) => /^[0-9a-f]{16}$/.test(print))).toBe(true);
  });
});

describe('[PR11] what a layout may say', () => {
  it('finds nothing wrong with a good one', () => {
    expect(layoutProblem(meadow)).toBeUndefined();
    fc.assert(
      fc.property(fieldLayouts, (field) => {
        const components = [{ number: 9, name: 'one', audience: 'all', field }];
        expect(layoutProblem({ ...meadow, components })).toBeUndefined();
      }),
    );
  });

  const walk = meadow.commands[0];
  const number = (n: number, name: string) => ({ ...meadow.components[0], number: n, name });
  it.each<[string, object]>([
    ['tickHz', { tickHz: 30 }],
    ['tickHz', { tickHz: '20' }],
    ['cellSizeM', { cellSizeM: 3 }],
    ['viewCellsSquared', { viewCellsSquared: 65 }],
    ['viewCellsSquared', { viewCellsSquared: 2.5 }],
    ['position', { position: null }],
    ['maxSpeedMmPerTick', { position: { toleranceMm: 50, maxSpeedMmPerTick: 0 } }],
    ['toleranceMm', { position: { toleranceMm: 1_001, maxSpeedMmPerTick: 1 } }],
    ['audiences', { audiences: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] }],
    ['audiences', { audiences: ['a', 'a'] }],
    ['audience has no proper name', { audiences: ['all'] }],
    ['fingerprint', { mapFingerprint: undefined }],
    ['at most 31 components', { components: Array.from({ length: 32 }, (_, i) => number(i + 1, `c${i}`)) }],
    ['at most 31 components', { components: {} }],
    [
      'at most 64 commands',
      { commands: Array.from({ length: 65 }, (_, i) => ({ ...walk, number: i + 1, name: `c${i}` })) },
    ],
    [
      'more than 1024 bytes',
      { operations: [{ ...walk, fields: [{ number: 1, name: 'text', layout: { kind: 'text', maxBytes: 1_024 } }] }] },
    ],
    ['1..256 things', { components: [{ ...number(1, 'a'), field: { kind: 'items', kinds: ['a'], most: 257 } }] }],
    ['different texts', { components: [{ ...number(1, 'a'), field: { kind: 'items', kinds: ['a', 'a'], most: 2 } }] }],
    ['share a number', { components: [number(1, 'a'), number(1, 'b')] }],
    ['share a name', { components: [number(1, 'a'), number(2, 'a')] }],
    ["component's number", { components: [number(0, 'a')] }],
    ["command's number", { commands: [{ ...walk, number: 256 }] }],
    ['cannot be named "__proto__"', { components: [number(1, '__proto__')] }],
    ['cannot be named "constructor"', { components: [number(1, 'constructor')] }],
    ['cannot be named ""', { events: [{ number: 1, name: '', fields: [] }] }],
    ['component a: its audience', { components: [{ ...number(1, 'a'), audience: 'owls' }] }],
    ['component a: there is no field', { components: [{ ...number(1, 'a'), field: undefined }] }],
    ['no such kind', { components: [{ ...number(1, 'a'), field: { kind: 'matrix' } }] }],
    ['integers need', { components: [{ ...number(1, 'a'), field: { kind: 'integer', min: 0, max: 2 ** 53 } }] }],
    ['reals need', { components: [{ ...number(1, 'a'), field: { kind: 'real', min: '0', max: 1, precision: 1 } }] }],
    ['reals need', { components: [{ ...number(1, 'a'), field: { kind: 'real', min: 0, max: 1, precision: 0 } }] }],
    ['1..256 options', { components: [{ ...number(1, 'a'), field: { kind: 'choice', options: [] } }] }],
    ['different texts', { components: [{ ...number(1, 'a'), field: { kind: 'choice', options: ['a', 'a'] } }] }],
    ['1..1024 bytes', { components: [{ ...number(1, 'a'), field: { kind: 'text', maxBytes: 1_025 } }] }],
    ['withinM', { components: [{ ...number(1, 'a'), field: { kind: 'entity', withinM: -1 } }] }],
    ['command walk: at most', { commands: [{ ...walk, fields: 'none' }] }],
    [
      'command walk: two fields share a number',
      { commands: [{ ...walk, fields: [1, 1].map((n) => named(n, `f${n}`)) }] },
    ],
    [
      'may take more than 8192 bytes',
      {
        events: [{ number: 1, name: 'book', fields: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => named(n, `page${n}`, 1_024)) }],
      },
    ],
    [
      'longer than 65536 bytes',
      { components: [{ ...number(1, 'a'), field: { kind: 'choice', options: ['\u00fc'.repeat(40_000)] } }] },
    ],
  ])('says what is wrong: %s', (problem, change) => {
    expect(layoutProblem({ ...meadow, ...change })).toContain(problem);
  });

  it('looks at each part before it is used: whatever a JSON text says, it does not throw', () => {
    const parts = fc.oneof(fc.jsonValue(), fc.constantFrom(...(Object.values(meadow) as unknown[])));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(meadow)), parts), (change) => {
        const problem = layoutProblem({ ...meadow, ...change });
        expect(problem === undefined || problem.length > 0).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(typeof layoutProblem(value)).toBe('string');
      }),
    );
  });

  it('lets no layout pass whose text a welcome could not carry', () => {
    expect(JSON.stringify(meadow).length).toBeLessThan(limits.layoutBytes);
  });
});

function named(n: number, name: string, maxBytes = 10) {
  return { number: n, name: n === 1 ? 'same' : name, layout: { kind: 'text', maxBytes } };
}

describe('[PR12] an older client reads through the newer layout', () => {
  const newer: WorldLayout = {
    ...meadow,
    components: [
      { number: 1, name: 'temper', audience: 'all', field: { kind: 'choice', options: ['calm', 'merry', 'tired'] } },
      { number: 3, name: 'mood', audience: 'all', field: { kind: 'text', maxBytes: 20 } },
      { number: 2, name: 'purse', audience: 'owner', field: { kind: 'integer', min: 0, max: 1_000 } },
    ],
    commands: [
      { number: 2, name: 'rest', fields: [] },
      {
        number: 1,
        name: 'go',
        predicted: true,
        fields: [
          { number: 2, name: 'pace', layout: { kind: 'integer', min: 2, max: 5 } },
          { number: 1, name: 'direction', layout: { kind: 'heading' } },
        ],
      },
    ],
  };
  const adapted = adaptLayout(meadow, newer);

  it('under its own names, matched by number, in the order of the newer one', () => {
    expect(adapted.components.map(({ number: n, name }) => [n, name])).toEqual([
      [1, 'mood'],
      [3, 'mood#3'],
      [2, 'purse'],
    ]);
    expect(adapted.components[0]?.field).toBe(newer.components[0]?.field);
    expect(adapted.commands.map(({ name }) => name)).toEqual(['rest', 'walk']);
    expect(adapted.commands[1]?.fields.map(({ name }) => name)).toEqual(['pace', 'towards']);
  });

  it('sends the initial value of fields that it does not know', () => {
    const codec = compileRecord(adapted.commands[1] as MessageLayout);
    expect(codec.toRaw({ towards: 0 })).toEqual({ raw: { pace: 0, towards: 0 } });
    expect(codec.toRaw({ pace: 3 })).toEqual({ invalid: 'towards' });
  });

  it('sees itself unchanged in a layout that is its own', () => {
    expect(adaptLayout(meadow, meadow)).toEqual(meadow);
    expect(layoutFingerprint(adaptLayout(meadow, newer))).not.toBe(layoutFingerprint(meadow));
  });
});

describe('[PR34] operations of a layout', () => {
  const give: MessageLayout = { number: 1, name: 'give', fields: [] };

  it('are a list of it, or none, and change what travels', () => {
    expect(layoutProblem({ ...meadow, operations: [give] })).toBeUndefined();
    expect(layoutProblem({ ...meadow, operations: 'give' })).toMatch('at most 64 operations');
    expect(layoutProblem({ ...meadow, operations: [give, give] })).toMatch('two operations share a number');
    expect(layoutFingerprint({ ...meadow, operations: [give] })).not.toBe(layoutFingerprint(meadow));
  });

  it('are matched by number, and keep the names of an older client', () => {
    const theirs = {
      ...meadow,
      operations: [
        { ...give, name: 'hand' },
        { ...give, number: 2, name: 'give' },
      ],
    };
    const names = adaptLayout({ ...meadow, operations: [give] }, theirs).operations?.map(({ name }) => name);
    expect(names).toEqual(['give', 'give#2']);
    expect(adaptLayout(meadow, theirs).operations?.map(({ name }) => name)).toEqual(['hand', 'give']);
    expect(adaptLayout({ ...meadow, operations: [give] }, meadow).operations).toBeUndefined();
  });
});
