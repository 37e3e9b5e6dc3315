import type { ZoneTree } from '@lifeverse/contracts';
import { describe, expect, it } from 'vitest';
import { Scene } from './test-dealings.ts';

/** Cells of 32 m: the border is at 64 m. */
const zones: ZoneTree = { axis: 'x', at: 2, low: { zone: 1 }, high: { zone: 2 } };
const LOAF = { id: 9, kind: 'loaf' };
const done = (operation: number) => ({ ok: true, operation, balances: {}, items: [] }) as const;

/** Two zones, each with a desk of its own that answers when it is told to. */
class Fair {
  readonly west: Scene;
  readonly east: Scene;
  #underway: { readonly zone: number; readonly bytes: Uint8Array }[] = [];

  constructor() {
    const toZone = (zone: number, bytes: Uint8Array) => void this.#underway.push({ zone, bytes: bytes.slice() });
    this.west = new Scene({ zone: 1, zones, toZone });
    this.east = new Scene({ zone: 2, zones, toZone });
    this.run(3);
  }

  run(ticks = 1): void {
    for (let i = 0; i < ticks; i++) {
      for (const scene of [this.west, this.east]) scene.run();
      for (const { zone, bytes } of this.#underway.splice(0)) {
        const to = zone === 1 ? this.west : this.east;
        to.zone.neighbour(bytes, to.tick * 50);
      }
    }
  }

  /** In the world, with that many coins. */
  join(scene: Scene, session: number, name: 'west' | 'east', coin: number): number {
    scene.say({ op: 'attach', session, character: name, incarnation: 1, name });
    this.run(3);
    scene.next('belongings').answer({ belongings: [scene.has(name, coin, LOAF)] });
    this.run(8);
    const [entity] = [...Array(scene.zone.store.end).keys()].map((row) => scene.zone.store.id[row]);
    return entity as number;
  }
}

describe('[WO57] across a border', () => {
  it('one gives to another, who is shown it', () => {
    const fair = new Fair();
    fair.join(fair.west, 1, 'west', 50);
    const receiver = fair.join(fair.east, 2, 'east', 10);
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

describe('[WO54] who goes over while something is under way', () => {
  /** West asks to drop something, and goes over before the journal has answered. */
  function departing() {
    const fair = new Fair();
    const entity = fair.join(fair.west, 1, 'west', 50);
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
