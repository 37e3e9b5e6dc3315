import { layoutFingerprint } from '@lifeverse/protocol';
import { describe, expect, it } from 'vitest';
import {
  type CommandsOf,
  type ComponentsOf,
  defineWorld,
  type EventsOf,
  type WorldDefinition,
} from './define-world.ts';
import { bool, choice, type EntityId, entityRef, heading, kept, numbered, owned, text, uint, vec2 } from './field.ts';
import { plain, TileMap } from './map.ts';
import { walker } from './step.ts';

const position = vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity', maxSpeedMps: 6 });
const steer = walker({ tickHz: 20, radiusM: 0.3, paceMps: { stand: 0, run: 6 } });
const definition = {
  name: 'meadow',
  tickHz: 20,
  cellSizeM: 32,
  map: plain({ areaM2: 10_000 }),
  components: { position, mood: choice('calm', 'merry'), purse: owned(uint({ max: 99 })), old: numbered(9, bool()) },
  commands: {
    wave: { input: { at: entityRef({ withinM: 12 }) } },
    walk: { input: { towards: heading(), pace: choice('stand', 'run') }, predict: steer },
  },
  effects: { cheered: { loud: bool() } },
  events: { speech: { text: text({ maxBytes: 200 }) } },
  audiences: ['owls'],
} as const satisfies WorldDefinition;
const meadow = defineWorld(definition);

describe('a world', () => {
  it('has the layout that its definition says, numbered in the order of declaration', () => {
    expect(meadow.layout).toMatchObject({
      name: 'meadow',
      viewCellsSquared: 5,
      position: { toleranceMm: 50, maxSpeedMmPerTick: 300 },
      audiences: ['owls'],
      components: [
        { number: 1, name: 'mood', audience: 'all' },
        { number: 2, name: 'purse', audience: 'owner' },
        { number: 9, name: 'old', audience: 'all' },
      ],
      commands: [
        { number: 1, name: 'wave', predicted: false },
        { number: 2, name: 'walk', predicted: true },
      ],
      events: [{ number: 1, name: 'speech' }],
      mapFingerprint: definition.map.fingerprint,
    });
    expect(meadow.fingerprint).toBe(layoutFingerprint(meadow.layout));
    expect(meadow.predicted?.command).toBe('walk');
    expect(JSON.parse(JSON.stringify(meadow.layout))).toEqual(meadow.layout);
  });

  it('says what stays with a character, which is nothing that clients must know', () => {
    const components = {
      ...definition.components,
      mood: kept(choice('calm', 'merry')),
      purse: kept(owned(uint({ max: 99 }))),
      old: owned(numbered(9, kept(bool()))),
    };
    const keeping = defineWorld({ ...definition, components: { ...components, old: numbered(9, kept(bool())) } });
    expect(meadow.kept).toEqual([]);
    expect(keeping.kept).toEqual(['mood', 'purse', 'old']);
    expect(keeping.fingerprint).toBe(meadow.fingerprint);
    expect(defineWorld({ ...definition, components }).kept).toEqual(['mood', 'purse', 'old']);
  });

  it('keeps no entities, and no more than a checkpoint takes', () => {
    expect(() => kept(entityRef())).toThrow('what is of kind entity cannot be kept');
    const long = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, kept(text({ maxBytes: 1_000 }))]));
    expect(() => defineWorld({ ...definition, components: { position, ...long } })).toThrow(
      'bytes of components are kept',
    );
  });

  it('keeps effects to itself: they change nothing that clients must know', () => {
    expect(defineWorld({ ...definition, effects: {} }).fingerprint).toBe(meadow.fingerprint);
  });

  it('tells a changed step and a changed map apart from a changed layout', () => {
    const faster = walker({ tickHz: 20, radiusM: 0.3, paceMps: { stand: 0, run: 7 } });
    const walk = { ...definition.commands.walk, predict: faster };
    const other = defineWorld({ ...definition, map: plain({ areaM2: 1 }), commands: { ...definition.commands, walk } });
    expect(other.fingerprint).toBe(meadow.fingerprint);
    expect(other.layout.stepFingerprint).not.toBe(meadow.layout.stepFingerprint);
    expect(other.layout.mapFingerprint).not.toBe(meadow.layout.mapFingerprint);
  });

  it('gives its types to who writes a game', () => {
    const seen: ComponentsOf<typeof definition> = { position: { x: 1, y: 2 }, mood: 'merry', purse: 3, old: true };
    const sent: CommandsOf<typeof definition>['walk'] = { towards: 1, pace: 'run' };
    const heard: EventsOf<typeof definition>['speech'] = { text: 'hello' };
    const waved: CommandsOf<typeof definition>['wave'] = { at: 7 as EntityId };
    // @ts-expect-error: no such mood
    const wrong: ComponentsOf<typeof definition>['mood'] = 'grim';
    expect([seen.mood, sent.pace, heard.text, waved.at, wrong]).toEqual(['merry', 'run', 'hello', 7, 'grim']);
  });
});

describe('a definition at fault is refused by name', () => {
  const { commands } = definition;
  it.each<[string, object]>([
    ['name of a-z', { name: 'Meadow' }],
    ['world meadow: tickHz', { tickHz: 30 }],
    ['world meadow: cellSizeM', { cellSizeM: 3 }],
    ['only one position', { components: { position, second: position } }],
    ['at most one command is predicted', { commands: { walk: commands.walk, swim: commands.walk } }],
    ['two components share a number', { components: { position, a: bool(), b: numbered(1, bool()) } }],
    ['cannot be named "toString"', { components: { position, toString: bool() } }],
    ['take larger cells', { cellSizeM: 4, map: new TileMap({ tileM: 200, columns: 1_000, rows: 1, solid: [] }) }],
  ])('%s', (why, change) => {
    expect(() => defineWorld({ ...definition, ...change } as never)).toThrow(why);
  });
});
