import { firstArrangement, type ZoneTree } from '@lifeverse/contracts';
import { describe, expect, it } from 'vitest';
import { Scene } from './test-dealings.ts';
import { Fair } from './test-fair.ts';

const LOAF = { id: 9, kind: 'loaf' };
const done = (operation: number) => ({ ok: true, operation, balances: {}, items: [] }) as const;

describe('[WO57] across a border', () => {
  it('one gives to another, who is shown it', () => {
    const fair = new Fair();
    fair.join(fair.west, 1, 'west', 50, LOAF);
    const receiver = fair.join(fair.east, 2, 'east', 10, LOAF);
    fair.west.prepare(1, 1, 'give', { to: receiver, money: 5, items: [] });
    fair.run();
    const asked = fair.west.next('operate');
    expect(asked.ask.request.operation).toEqual({ kind: 'give', to: 'east', gives: { money: { coin: 5 }, items: [] } });
    const belongings = [fair.west.has('west', 45), fair.west.has('east', 15)];
    asked.answer({ outcome: done(77), belongings });
    fair.run(3);
    expect(fair.west.answers(1)).toEqual([[1, 77]]);
    fair.east.next('belongings').answer({ belongings: [fair.east.has('east', 15)] });
    fair.run(2);
    expect(fair.east.shown(2)).toMatchObject({ purse: 15 });
  });
});

describe('[WO33] what is dropped by one who stands within a metre beyond the border', () => {
  it('lies there', () => {
    const fair = new Fair();
    const entity = fair.join(fair.west, 1, 'west', 50, LOAF);
    fair.west.zone.hands.teleport(fair.west.zone.store.rowOf(entity) as number, 64.5, 50);
    fair.east.say();
    fair.run(2);
    expect(fair.west.zone.store.rowOf(entity)).toBeDefined();
    const counts = (): number[] => [fair.west, fair.east].map(({ zone }) => zone.store.count);
    const [west = 0, east = 0] = counts();
    fair.west.prepare(1, 1, 'drop', { item: LOAF.id });
    fair.run();
    fair.west.next('operate').answer({ outcome: done(78), belongings: [fair.west.has('west', 50)] });
    fair.run(4);
    expect(counts()).toEqual([west, east + 1]);
  });
});

describe('[WO57] where three zones meet', () => {
  it('who has gone on from the zone that they left this one for is shown what they are given', () => {
    const high: ZoneTree = { axis: 'y', at: 1, low: { zone: 2 }, high: { zone: 3 } };
    const arrangement = firstArrangement({ axis: 'x', at: 2, low: { zone: 1 }, high });
    const scenes: Scene[] = [];
    const passing: (() => void)[] = [];
    const toZone = (zone: number, bytes: Uint8Array): void => {
      const said = bytes.slice();
      passing.push(() => scenes[zone - 1]?.zone.neighbour(said, (scenes[0] as Scene).tick * 50));
    };
    for (const zone of [1, 2, 3]) scenes.push(new Scene({ zone, arrangement, toZone }));
    const run = (ticks: number): void => {
      for (let i = 0; i < ticks; i++) {
        for (const scene of scenes) scene.run();
        for (const pass of passing.splice(0)) pass();
      }
    };
    const [giving, last, between] = scenes as [Scene, Scene, Scene];
    const move = (scene: Scene, entity: number, x: number, y: number): void => {
      scene.zone.hands.teleport(scene.zone.store.rowOf(entity) as number, x, y);
      for (const each of scenes) each.say();
      run(6);
    };
    run(3);
    const join = (scene: Scene, session: number, name: string): number => {
      scene.say({ op: 'attach', session, character: name, incarnation: 1, name });
      run(3);
      scene.next('belongings').answer({ belongings: [scene.has(name, 50)] });
      run(8);
      return scene.zone.store.id[0] as number;
    };
    const giver = join(giving, 1, 'west');
    const taker = join(between, 2, 'east');
    move(between, taker, 62, 50);
    move(giving, taker, 66, 50);
    move(between, taker, 65.5, 30);
    move(giving, giver, 63, 31);
    expect(last.zone.store.rowOf(taker)).toBeDefined();
    // What they have was asked for wherever they came.
    for (const scene of scenes)
      for (const { ask, answer } of scene.asked.splice(0))
        if (ask.ask === 'belongings') answer({ belongings: [scene.has(ask.holder, 50)] });
    run(2);
    giving.prepare(1, 1, 'give', { to: taker, money: 5, items: [] });
    run(1);
    giving.next('operate').answer({ outcome: done(77), belongings: [giving.has('west', 45), giving.has('east', 55)] });
    for (const scene of scenes) scene.say();
    run(6);
    expect([last, between].map(({ asked }) => asked.map(({ ask }) => ask.ask))).toEqual([['belongings'], []]);
  });
});

describe('[WO54] who goes over while something is under way', () => {
  /** West asks to drop something, and goes over before the journal has answered. */
  function departing() {
    const fair = new Fair();
    const entity = fair.join(fair.west, 1, 'west', 50, LOAF);
    fair.west.prepare(1, 1, 'drop', { item: LOAF.id });
    fair.run();
    const asked = fair.west.next('operate');
    fair.west.zone.hands.teleport(fair.west.zone.store.rowOf(entity) as number, 66, 50);
    fair.east.say();
    fair.run(3);
    expect(fair.east.zone.store.rowOf(entity)).toBeDefined();
    fair.east.next('belongings').answer({ belongings: [fair.east.has('west', 50, LOAF)] });
    fair.east.say({ op: 'attach', session: 1, character: 'west', incarnation: 1, name: 'west' });
    fair.run();
    return { fair, asked };
  }

  it('is answered there, and shown there what has changed', () => {
    const { fair, asked } = departing();
    asked.answer({ outcome: done(78), belongings: [fair.west.has('west', 50)] });
    fair.run(3);
    expect(fair.east.answers(1)).toEqual([[1, 78]]);
    expect(fair.west.answers(1)).toEqual([]);
    expect(fair.east.next('belongings').ask.holder).toBe('west');
  });

  it('is answered alike when they ask again', () => {
    const { fair, asked } = departing();
    asked.answer({ outcome: { ok: false, code: 'item_not_yours' }, belongings: [] });
    fair.run(3);
    fair.east.prepare(1, 1, 'drop', { item: LOAF.id }, 1);
    fair.run(2);
    expect(fair.east.answers(1)).toEqual([
      [1, 'item_not_yours'],
      [1, 'item_not_yours'],
    ]);
  });

  it('is looked up in the journal when the former zone says nothing any more', () => {
    const { fair } = departing();
    for (let i = 0; i < 11; i++) {
      fair.east.say();
      fair.run(10);
    }
    const looked = fair.east.asked.find(({ ask }) => ask.ask === 'decided');
    expect(looked?.ask).toMatchObject({ holder: 'west' });
    looked?.answer({ outcome: done(79), belongings: [] });
    fair.run(2);
    expect(fair.east.answers(1)).toEqual([[1, 79]]);
  });
});
