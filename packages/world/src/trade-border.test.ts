import { encodeNeighbourMessage } from '@lifeverse/contracts';
import { describe, expect, it } from 'vitest';
import { keyed } from './test-dealings.ts';
import { Fair } from './test-fair.ts';

const LOAF = { id: 9, kind: 'loaf' };
const ROSE = { id: 11, kind: 'rose' };
const done = (operation: number) => ({ ok: true, operation, balances: {}, items: [] }) as const;

/** West has sat down with East, who stands in the other zone; the table is in West's. */
function seated() {
  const fair = new Fair();
  const west = fair.join(fair.west, 1, 'west', 50, LOAF);
  const east = fair.join(fair.east, 2, 'east', 10, ROSE);
  fair.west.prepare(1, 1, 'trade', { with: east });
  fair.run();
  fair.west.next('belongings').answer({ belongings: [fair.west.has('east', 10, ROSE)] });
  fair.run(3);
  return { fair, west, east };
}

/** West has laid a loaf there, East five coins. */
function laid() {
  const { fair, west, east } = seated();
  fair.west.prepare(1, 2, 'offer', { seen: 1, money: 0, items: [LOAF] }, 1);
  fair.run(3);
  fair.east.prepare(2, 3, 'offer', { seen: 2, money: 5, items: [] });
  fair.run(4);
  return { fair, west, east };
}

describe('[WO58] a trade across a border', () => {
  it('lies before both as it is, and changes hands in one request once both have accepted it', () => {
    const { fair, west, east } = laid();
    expect([fair.west.answers(1), fair.east.answers(2)]).toEqual([
      [
        [1, 0],
        [2, 0],
      ],
      [[3, 0]],
    ]);
    expect([fair.west.shown(1), fair.east.shown(2)]).toMatchObject([
      { tradeWith: east, tradeVersion: 3, tradeMine: [LOAF], tradeTheirsMoney: 5 },
      { tradeWith: west, tradeVersion: 3, tradeMineMoney: 5, tradeTheirs: [LOAF] },
    ]);
    fair.east.prepare(2, 4, 'accept', { seen: 3 }, 1);
    fair.run(4);
    expect(fair.west.shown(1)).toMatchObject({ tradeTheyAccept: true, tradeIAccept: false });
    fair.west.prepare(1, 5, 'accept', { seen: 3 }, 2);
    fair.run();
    const { ask, answer } = fair.west.next('exchange');
    expect(ask).toMatchObject({
      one: { holder: 'east', gives: { money: { coin: 5 } } },
      other: { holder: 'west', gives: { items: [LOAF.id] } },
    });
    answer({ outcome: done(77), belongings: [fair.west.has('west', 55), fair.west.has('east', 5, ROSE, LOAF)] });
    fair.run(4);
    expect([fair.west.answers(1).at(-1), fair.east.answers(2).at(-1)]).toEqual([
      [5, 77],
      [4, 77],
    ]);
    fair.east.next('belongings').answer({ belongings: [fair.east.has('east', 5, ROSE, LOAF)] });
    fair.run(2);
    expect([fair.west.shown(1), fair.east.shown(2)]).toMatchObject([
      { tradeWith: 0, purse: 55 },
      { tradeWith: 0, purse: 5, items: [LOAF, ROSE] },
    ]);
  });

  it('is refused what is not theirs, by the zone of the table', () => {
    const { fair } = laid();
    fair.east.prepare(2, 4, 'offer', { seen: 3, money: 11, items: [] }, 1);
    fair.east.prepare(2, 5, 'offer', { seen: 3, money: 0, items: [LOAF] }, 2);
    fair.run(3);
    for (let i = 0; i < 2; i++) fair.west.next('belongings').answer({ belongings: [fair.west.has('east', 10, ROSE)] });
    fair.east.prepare(2, 6, 'accept', { seen: 2 }, 3);
    fair.run(4);
    expect(fair.east.answers(2).slice(1)).toEqual([
      [4, 'money_short'],
      [5, 'item_not_yours'],
      [6, 'offer_changed'],
    ]);
    expect(fair.west.asked).toEqual([]);
  });

  it('takes what somebody beyond the border has got since they sat down', () => {
    const { fair } = laid();
    fair.east.prepare(2, 4, 'offer', { seen: 3, money: 30, items: [] }, 1);
    fair.run(3);
    const looked = fair.west.next('belongings');
    expect(looked.ask).toMatchObject({ holder: 'east' });
    looked.answer({ belongings: [fair.west.has('east', 40, ROSE)] });
    fair.run(4);
    expect(fair.east.answers(2).at(-1)).toEqual([4, 0]);
    expect(fair.west.shown(1)).toMatchObject({ tradeTheirsMoney: 30 });
  });

  it('answers what is done there in the very moment in which it is closed', () => {
    for (const [name, input] of [
      ['offer', { seen: 3, money: 1, items: [] }],
      ['accept', { seen: 3 }],
      ['cancel', {}],
    ] as const) {
      const { fair } = laid();
      fair.west.prepare(1, 9, 'cancel', {}, 2);
      fair.east.prepare(2, 8, name, input, 1);
      fair.run(6);
      expect(fair.east.answers(2).at(-1), name).toEqual([8, 'trade_closed']);
    }
  });

  it('ends when the zone of the table has another owner, and what was done there is looked up', () => {
    const { fair } = laid();
    fair.east.prepare(2, 8, 'accept', { seen: 3 }, 1);
    fair.run(4);
    expect(fair.east.answers(2)).toHaveLength(1);
    fair.cut = true;
    const header = { zone: 1, epoch: 99, toEpoch: 2, heard: 0, first: 1 };
    fair.east.zone.neighbour(encodeNeighbourMessage({ ...header, notes: [] }), fair.east.tick * 50);
    for (let i = 0; i < 11; i++) {
      fair.east.say();
      fair.run(10);
    }
    expect(fair.east.shown(2).tradeWith).toBe(0);
    const looked = fair.east.asked.find(({ ask }) => ask.ask === 'decided');
    expect(looked?.ask).toMatchObject({ holder: 'east', key: keyed(8) });
    looked?.answer({ outcome: done(77), belongings: [] });
    fair.run(2);
    expect(fair.east.answers(2).at(-1)).toEqual([8, 77]);
  });

  it('ends for both when either cancels', () => {
    for (const who of ['west', 'east'] as const) {
      const { fair } = laid();
      fair[who].prepare(who === 'west' ? 1 : 2, 9, 'cancel', {}, who === 'west' ? 2 : 1);
      fair.run(4);
      expect([fair.west.shown(1).tradeWith, fair.east.shown(2).tradeWith], who).toEqual([0, 0]);
      expect(fair[who].answers(who === 'west' ? 1 : 2).at(-1)).toEqual([9, 0]);
    }
  });

  it('ends for both when one goes over, walks away, or is not heard of any more', () => {
    const { fair, east } = laid();
    fair.east.zone.hands.teleport(fair.east.zone.store.rowOf(east) as number, 62, 50);
    fair.run(4);
    expect(fair.west.shown(1).tradeWith).toBe(0);

    const away = laid();
    away.fair.east.zone.hands.teleport(away.fair.east.zone.store.rowOf(away.east) as number, 90, 50);
    away.fair.run(14);
    expect([away.fair.west.shown(1).tradeWith, away.fair.east.shown(2).tradeWith]).toEqual([0, 0]);

    const silent = laid();
    silent.fair.cut = true;
    for (let i = 0; i < 5; i++) {
      silent.fair.west.say();
      silent.fair.east.say();
      silent.fair.run(10);
    }
    expect([silent.fair.west.shown(1).tradeWith, silent.fair.east.shown(2).tradeWith]).toEqual([0, 0]);
  });

  it('is not begun by one who trades already, on either side', () => {
    const { fair, west } = laid();
    fair.east.prepare(2, 4, 'trade', { with: west }, 1);
    fair.run(3);
    // With the same partner it is the one that is open.
    expect([fair.east.answers(2).at(-1), fair.east.shown(2).tradeWith]).toEqual([[4, 0], west]);
    fair.east.prepare(2, 5, 'trade', { with: 12_345 }, 2);
    fair.run(3);
    expect(fair.east.answers(2).at(-1)).toEqual([5, 'target_unknown']);
  });
});
