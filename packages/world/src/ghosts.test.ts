import { describe, expect, it } from 'vitest';
import type { Rules } from './serve.ts';
import { system } from './serve.ts';
import { TestBorder } from './test-border.ts';
import type { Yard } from './test-zone.ts';

/** Who is seen by whom, as a rule sees it, in the last tick. */
interface Sight {
  readonly by: number;
  readonly id: number;
  readonly kind: string;
  readonly mood: string;
  readonly purse: number;
  readonly y: number;
}

/** Ann stands two metres before the border, Bob three behind it; both look around and wave. */
function beside(more: Rules<Yard> = {}) {
  const sights: Sight[] = [];
  const cheered: { readonly id: number; readonly from: number; readonly tick: number }[] = [];
  const border = new TestBorder({
    rules: {
      join: ({ self, guest }) => {
        self.teleport({ x: 100.5, y: guest.name === 'ann' ? 126 : 131 });
        self.mood = guest.name === 'ann' ? 'calm' : 'merry';
        self.purse = 7;
      },
      commands: { wave: ({ at }) => at.tell('cheered') },
      effects: { cheered: ({ self, from, tick }) => void cheered.push({ id: self.id, from, tick }) },
      systems: [
        system<Yard>({}, ({ self, near }) => {
          for (const { id, kind, mood, purse, position } of near(10))
            sights.push({ by: self.id, id, kind, mood, purse, y: position.y });
        }),
      ],
      ...more,
    },
  });
  const [south, north] = border.voices();
  border.kept.add(south).add(north);
  south.attach(1, 'ann');
  north.attach(2, 'bob');
  border.run(12);
  const ann = south.records(1).find(({ attached }) => attached)?.attached?.entity as number;
  const bob = north.records(2).find(({ attached }) => attached)?.attached?.entity as number;
  const seen = (): Sight[] => {
    sights.length = 0;
    border.run();
    return [...sights];
  };
  return { border, south, north, ann, bob, seen, cheered };
}

describe('[WO57] who stands beside a border in another zone', () => {
  it('is seen by rules: where it is, what it is, and what everyone may see of it', () => {
    const { ann, bob, seen } = beside();
    expect(seen()).toEqual([
      { by: ann, id: bob, kind: 'player', mood: 'merry', purse: 0, y: 131 },
      { by: bob, id: ann, kind: 'player', mood: 'calm', purse: 0, y: 126 },
    ]);
  });

  it('is reached by effects in the next tick, as within a zone', () => {
    const { border, south, ann, bob, cheered } = beside();
    south.input(1, 1, border.tick + 1, ['wave', { at: bob }]);
    border.run(2);
    expect(cheered).toEqual([{ id: bob, from: ann, tick: border.tick }]);
    expect(border.zones.map(({ zone }) => zone.counters.effects_lost)).toEqual([0, 0]);
  });

  it('is named by commands under the same conditions as within a zone', () => {
    const { border, south, bob } = beside({
      join: ({ self, guest }) => self.teleport({ x: 100.5, y: guest.name === 'ann' ? 126 : 150 }),
    });
    south.input(1, 1, border.tick + 1, ['wave', { at: bob }]);
    south.input(1, 2, border.tick + 1, ['wave', { at: 987_654 }]);
    border.run(2);
    expect(south.refusals(1)).toEqual([
      [1, 'out_of_reach'],
      [2, 'target_unknown'],
    ]);
  });

  it('is seen where it walks, and once only when it comes over', () => {
    const { border, north, ann, bob, seen } = beside();
    north.input(2, 1, border.tick + 1, ['walk', { towards: (3 * Math.PI) / 2, pace: 'run' }]);
    let last = 131;
    for (let i = 0; i < 24; i++) {
      const of = seen().filter(({ by, id }) => by === ann && id === bob);
      expect(of.length).toBeLessThanOrEqual(1);
      if (of.length === 0) continue;
      // What rules see is the end of the tick before; of another zone it may be a tick older, predicted.
      expect(of[0]?.y).toBeLessThanOrEqual(last);
      expect(last - (of[0]?.y ?? 0)).toBeLessThanOrEqual(0.61);
      last = of[0]?.y ?? 0;
    }
    expect(border.having(bob)).toEqual(border.having(ann));
  });

  it('is seen no more when its zone has fallen silent, and again when it speaks', () => {
    const { border, ann, bob, seen } = beside();
    border.cut = true;
    border.run(40);
    expect(seen()).toEqual([]);
    border.cut = false;
    border.run(20);
    expect(seen().map(({ by, id }) => [by, id])).toEqual([
      [ann, bob],
      [bob, ann],
    ]);
  });

  it('is seen as it is, whatever the bus loses', () => {
    const { border, ann, bob, seen, north } = beside();
    for (let round = 0; round < 10; round++) {
      border.cut = true;
      north.input(2, round + 1, border.tick + 1, ['walk', { towards: Math.PI / 2, pace: 'run' }]);
      border.run(2);
      border.cut = false;
      border.run(12);
      const [at] = seen().filter(({ by, id }) => by === ann && id === bob);
      const truth = border.at(bob)?.y as number;
      if (truth < 135_000) expect(Math.abs((at?.y ?? 0) * 1_000 - truth)).toBeLessThanOrEqual(650);
      else break;
    }
  });

  it('is nothing to a zone of another part of the world, and no gateway reads under its name', () => {
    const { border } = beside();
    expect(border.south.zone.gauges().gateways).toBe(1);
    border.south.voice('zone 2', 9).say({ op: 'attach', session: 1, character: 'x', incarnation: 1, name: 'x' });
    border.run(2);
    expect(border.south.zone.gauges()).toMatchObject({ gateways: 1, players: 1 });
  });
});
