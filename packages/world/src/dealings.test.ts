import type { DurableOutcome } from '@lifeverse/contracts';
import { describe, expect, it } from 'vitest';
import { keyed, operations, Scene } from './test-dealings.ts';

const done = (operation: number): DurableOutcome => ({ ok: true, operation, balances: {}, items: [] });
const nothing = { money: 0, items: [] };
const loaf = { id: 11, kind: 'loaf' };
const rose = { id: 12, kind: 'rose' };

function pair() {
  const scene = new Scene();
  const ann = scene.join(1, 'ann', 50, loaf);
  const bob = scene.join(2, 'bob', 20, rose);
  return { scene, ann, bob };
}

/** Both at a table: ann lays the loaf, bob five coins. */
function laid() {
  const { scene, ann, bob } = pair();
  scene.operation(1, 1, 'trade', { with: bob });
  scene.operation(1, 2, 'offer', { seen: 1, money: 0, items: [loaf] });
  scene.operation(2, 3, 'offer', { seen: 2, money: 5, items: [] });
  return { scene, ann, bob };
}

describe('[WO30] an operation', () => {
  it('is done by the journal, and only then is the player told, with what they have now', () => {
    const { scene, bob } = pair();
    scene.operation(1, 7, 'give', { to: bob, money: 5, items: [loaf] });
    scene.run(3);
    expect(scene.answers(1)).toEqual([]);
    const { ask, answer } = scene.next('operate');
    expect(ask.request).toMatchObject({
      holder: 'ann',
      key: keyed(7),
      operation: { kind: 'give', to: 'bob', gives: { money: { coin: 5 }, items: [11] } },
      fence: { zone: 1, epoch: 1 },
    });
    answer({ outcome: done(99), belongings: [scene.has('ann', 45), scene.has('bob', 25, loaf, rose)] });
    scene.run();
    expect(scene.answers(1)).toEqual([[7, 99]]);
    expect([scene.shown(1), scene.shown(2)]).toMatchObject([
      { purse: 45, items: [] },
      { purse: 25, items: [loaf, rose] },
    ]);
  });

  it('is refused with the code of the journal, or of the rules', () => {
    const { scene, bob } = pair();
    scene.operation(1, 7, 'give', { to: bob, money: 500, items: [] });
    scene.next('operate').answer({ outcome: { ok: false, code: 'money_short' } });
    scene.operation(1, 8, 'sell', { stall: 'baker', item: 11, price: 3 });
    scene.run();
    expect(scene.answers(1)).toEqual([
      [7, 'money_short'],
      [8, 'not_for_sale'],
    ]);
    expect(scene.asked).toEqual([]);
  });

  it('that names whom one cannot reach, or nobody, is refused before the journal hears of it', () => {
    const { scene, bob } = pair();
    const row = scene.zone.store.rowOf(bob) as number;
    scene.zone.store.x[row] = 90_000;
    scene.operation(1, 1, 'give', { to: bob, money: 5, items: [] });
    scene.operation(1, 2, 'give', { to: 4_711, money: 5, items: [] });
    scene.operation(1, 3, 'pickUp', { thing: 4_711 });
    scene.run();
    expect(scene.answers(1)).toEqual([
      [1, 'out_of_reach'],
      [2, 'target_unknown'],
      [3, 'target_unknown'],
    ]);
    expect(scene.asked).toEqual([]);
  });

  it.each([
    ['of no kind', Uint8Array.of(200), 'operation_unknown'],
    ['without an end', Uint8Array.of(), 'request_invalid'],
    ['of nothing', Uint8Array.of(0), 'request_invalid'],
    ['of half a field', Uint8Array.of(5, 1), 'request_invalid'],
  ])('%s is refused, and nothing else is disturbed', (_what, body, code) => {
    const { scene } = pair();
    scene.raw(1, 1, body);
    scene.run();
    expect(scene.answers(1)).toEqual([[1, code]]);
  });
});

describe('[WO36] while the database is gone', () => {
  it('operations are refused at once, nothing is decided, and the same one can be asked again', () => {
    const { scene, bob } = pair();
    const give = { to: bob, money: 5, items: [] };
    scene.operation(1, 7, 'give', give);
    scene.next('operate').later('journal_unreachable');
    scene.run(10);
    expect([scene.answers(1), scene.asked]).toEqual([[[7, 'journal_unreachable']], []]);
    scene.operation(1, 7, 'give', give, true);
    scene.next('decided').answer({ outcome: null });
    scene.run();
    scene.next('operate').answer({ outcome: done(8) });
    scene.run();
    expect(scene.answers(1).at(-1)).toEqual([7, 8]);
  });

  it('one whose outcome is unknown is asked for until it is known, and the player hears nothing before', () => {
    const { scene, bob } = pair();
    scene.operation(1, 7, 'give', { to: bob, money: 5, items: [] });
    const asked = scene.next('operate');
    asked.later('outcome_unknown');
    // Asked about again, by itself, while the journal cannot even say that.
    asked.later('journal_unreachable');
    scene.run();
    expect(scene.answers(1)).toEqual([]);
    scene.run(3);
    scene.next('operate').answer({ outcome: done(9) });
    scene.run();
    expect(scene.answers(1)).toEqual([[7, 9]]);
  });

  it('a trade that both have accepted is over, and nothing has changed hands', () => {
    const { scene } = laid();
    scene.operation(1, 4, 'accept', { seen: 3 });
    scene.operation(2, 5, 'accept', { seen: 3 });
    scene.next('exchange').later('journal_unreachable');
    scene.run();
    expect([scene.answers(1).at(-1), scene.answers(2).at(-1)]).toEqual([
      [4, 'journal_unreachable'],
      [5, 'journal_unreachable'],
    ]);
    expect(scene.shown(1)).toMatchObject({ tradeWith: 0, purse: 50 });
  });

  it('who comes in is told so when asking, until it is known what they have', () => {
    const scene = new Scene();
    scene.say({ op: 'attach', session: 1, character: 'ann', incarnation: 1, name: 'ann' });
    scene.run(3);
    scene.next('belongings').later('journal_unreachable');
    scene.operation(1, 1, 'drop', { item: 11 });
    scene.run();
    expect(scene.answers(1)).toEqual([[1, 'journal_unreachable']]);
    scene.run(21);
    scene.next('belongings').answer({ belongings: [scene.has('ann', 1, loaf)] });
    scene.operation(1, 2, 'drop', { item: 11 });
    scene.next('operate');
  });
});

describe('[WO31] operations arrive', () => {
  it('in order, each once, and the gateway is told up to which', () => {
    const { scene } = pair();
    const message = operations.prepare('cancel', {});
    if (typeof message === 'string') throw new Error(message);
    const body = operations.encode([message]);
    const say = (sequence: number, key: number): void =>
      scene.say({ op: 'operation', session: 1, sequence, held: 0, key: keyed(key), again: false, body });
    say(2, 2);
    scene.run();
    expect([scene.held(1), scene.answers(1)]).toEqual([[], []]);
    say(1, 1);
    say(1, 1);
    say(2, 2);
    scene.run(2);
    expect(scene.held(1).at(-1)).toBe(2);
    expect(scene.answers(1)).toEqual([
      [1, 'trade_closed'],
      [2, 'trade_closed'],
    ]);
  });

  it('and wait until it is known what the player has', () => {
    const scene = new Scene();
    scene.say({ op: 'attach', session: 1, character: 'ann', incarnation: 1, name: 'ann' });
    scene.run(3);
    scene.operation(1, 1, 'drop', { item: 11 });
    scene.run();
    scene.next('belongings').answer({ belongings: [scene.has('ann', 1, loaf)] });
    scene.run();
    expect(scene.next('operate').ask.request.operation).toEqual({ kind: 'drop', item: 11, xMm: 50_000, yMm: 50_000 });
  });
});

describe('[WO32] a repetition', () => {
  it('is looked up in the journal before any rule is asked, though the player has walked away since', () => {
    const { scene, bob } = pair();
    scene.zone.store.x[scene.zone.store.rowOf(bob) as number] = 90_000;
    scene.operation(1, 7, 'give', { to: bob, money: 5, items: [] }, true);
    const { ask, answer } = scene.next('decided');
    expect(ask).toMatchObject({ holder: 'ann', key: keyed(7) });
    answer({ outcome: done(99) });
    scene.run();
    expect(scene.answers(1)).toEqual([[7, 99]]);
  });

  it('of what was never decided is decided now', () => {
    const { scene, bob } = pair();
    scene.operation(1, 7, 'give', { to: bob, money: 5, items: [] }, true);
    scene.next('decided').answer({ outcome: null });
    scene.run();
    scene.next('operate').answer({ outcome: done(5) });
    scene.run();
    expect(scene.answers(1)).toEqual([[7, 5]]);
  });

  it('of what is under way does nothing; of what was answered is answered again', () => {
    const { scene, bob } = pair();
    const give = { to: bob, money: 5, items: [] };
    scene.operation(1, 7, 'give', give);
    scene.operation(1, 7, 'give', give, true);
    scene.run(3);
    expect(scene.asked).toHaveLength(1);
    const belongings = [scene.has('ann', 45, loaf), scene.has('bob', 25, rose)];
    scene.next('operate').answer({ outcome: done(5), belongings });
    scene.operation(1, 7, 'give', give, true);
    scene.run();
    expect(scene.answers(1)).toEqual([
      [7, 5],
      [7, 5],
    ]);
    expect(scene.asked).toEqual([]);
  });

  it.each(['journal_unreachable', 'internal'] as const)('that cannot be looked up (%s) is never refused', (code) => {
    const { scene, bob } = pair();
    const give = { to: bob, money: 5, items: [] };
    scene.operation(1, 7, 'give', give, true);
    scene.next('decided').later(code);
    scene.run();
    expect(scene.answers(1)).toEqual([[7, 'outcome_unknown']]);
    scene.operation(1, 7, 'give', give, true);
    scene.next('decided').answer({ outcome: done(99) });
    scene.run();
    expect(scene.answers(1).at(-1)).toEqual([7, 99]);
  });

  it('of what could not be decided for the moment is tried again', () => {
    const { scene, bob } = pair();
    const give = { to: bob, money: 5, items: [] };
    scene.operation(1, 7, 'give', give);
    scene.next('operate').answer({ outcome: { ok: false, code: 'journal_unreachable', retryAfterMs: 500 } });
    scene.operation(1, 7, 'give', give, true);
    scene.next('decided').answer({ outcome: null });
    scene.run();
    scene.next('operate').answer({ outcome: done(6) });
    scene.run();
    expect(scene.answers(1)).toEqual([
      [7, 'journal_unreachable'],
      [7, 6],
    ]);
  });
});

describe('[WO33] what lies on the ground', () => {
  it('is seen from when it was dropped for good until it was picked up, by one alone', () => {
    const { scene, bob } = pair();
    scene.operation(1, 1, 'drop', { item: 11 });
    const before = scene.zone.store.count;
    scene.next('operate').answer({ outcome: done(1), belongings: [scene.has('ann', 50)] });
    expect(scene.zone.store.count).toBe(before + 1);
    const thing = bob + 1;
    scene.operation(2, 2, 'pickUp', { thing });
    scene.operation(1, 3, 'pickUp', { thing });
    const { ask, answer } = scene.next('operate');
    expect(ask.request).toMatchObject({ holder: 'bob', operation: { kind: 'pick-up', item: 11 } });
    expect(scene.asked).toEqual([]);
    answer({ outcome: done(2), belongings: [scene.has('bob', 20, loaf, rose)] });
    scene.run();
    expect(scene.zone.store.count).toBe(before);
    expect([scene.answers(1).at(-1), scene.answers(2)]).toEqual([[3, 'item_gone'], [[2, 2]]]);
  });

  it('lies there no more once the journal has said that it was picked up elsewhere', () => {
    const { scene, bob } = pair();
    scene.operation(1, 1, 'drop', { item: 11 });
    const before = scene.zone.store.count;
    scene.next('operate').answer({ outcome: done(1), belongings: [scene.has('ann', 50)] });
    scene.operation(2, 2, 'pickUp', { thing: bob + 1 });
    scene.next('operate').answer({ outcome: { ok: false, code: 'item_gone' }, belongings: [] });
    scene.run();
    expect([scene.zone.store.count, scene.answers(2)]).toEqual([before, [[2, 'item_gone']]]);
  });
});

describe('[WO34] a trade', () => {
  it('lies before both as it is, and changes hands in one request once both have accepted it', () => {
    const { scene, ann, bob } = laid();
    expect([scene.shown(1), scene.shown(2)]).toMatchObject([
      { tradeWith: bob, tradeVersion: 3, tradeMine: [loaf], tradeTheirsMoney: 5 },
      { tradeWith: ann, tradeVersion: 3, tradeMineMoney: 5, tradeTheirs: [loaf] },
    ]);
    scene.operation(1, 4, 'accept', { seen: 3 });
    expect(scene.shown(2)).toMatchObject({ tradeTheyAccept: true, tradeIAccept: false });
    expect(scene.answers(1).map(([key]) => key)).toEqual([1, 2]);
    scene.operation(2, 5, 'accept', { seen: 3 });
    const { ask, answer } = scene.next('exchange');
    expect(ask).toEqual({
      ask: 'exchange',
      one: { holder: 'ann', key: keyed(4), gives: { money: {}, items: [11] } },
      other: { holder: 'bob', key: keyed(5), gives: { money: { coin: 5 }, items: [] } },
    });
    answer({ outcome: done(77), belongings: [scene.has('ann', 55), scene.has('bob', 15, loaf, rose)] });
    scene.run();
    expect([scene.answers(1).at(-1), scene.answers(2).at(-1)]).toEqual([
      [4, 77],
      [5, 77],
    ]);
    expect([scene.shown(1), scene.shown(2)]).toMatchObject([
      { tradeWith: 0, purse: 55 },
      { tradeWith: 0, purse: 15, items: [loaf, rose] },
    ]);
  });

  it('accepted by both in the same tick is one exchange', () => {
    const { scene } = laid();
    const body = operations.encode([operations.prepare('accept', { seen: 3 })] as never);
    scene.say(
      { op: 'operation', session: 1, sequence: 3, held: 2, key: keyed(4), again: false, body },
      { op: 'operation', session: 2, sequence: 2, held: 1, key: keyed(5), again: false, body },
    );
    scene.run();
    scene.next('exchange');
    expect(scene.asked).toEqual([]);
  });

  it('whose offer was changed is not accepted any more, and an acceptance of what lay there before is void', () => {
    const { scene } = laid();
    scene.operation(1, 4, 'accept', { seen: 3 });
    scene.operation(2, 5, 'offer', { seen: 3, money: 1, items: [] });
    scene.operation(2, 6, 'accept', { seen: 3 });
    scene.operation(2, 7, 'accept', { seen: 4 });
    scene.run();
    expect(scene.answers(1).at(-1)).toEqual([4, 'offer_changed']);
    expect(scene.answers(2).slice(-2)).toEqual([
      [5, 0],
      [6, 'offer_changed'],
    ]);
    expect(scene.shown(1)).toMatchObject({ tradeTheirsMoney: 1, tradeIAccept: false, tradeTheyAccept: true });
    expect(scene.asked).toEqual([]);
  });

  it.each([
    ["another's item", { money: 0, items: [rose] }, 'item_not_yours'],
    ['an item that nobody has', { money: 0, items: [{ id: 4_711, kind: 'rose' }] }, 'item_not_yours'],
    ['more money than one has', { money: 51, items: [] }, 'money_short'],
  ])('is not offered %s', (_what, offered, code) => {
    const { scene } = laid();
    scene.operation(1, 4, 'offer', { seen: 3, ...offered });
    scene.run();
    expect([scene.answers(1).at(-1), scene.shown(1).tradeVersion]).toEqual([[4, code], 3]);
  });

  it.each([
    ['leaves', (scene: Scene) => scene.say({ op: 'detach', session: 2, character: 'bob', incarnation: 1, left: true })],
    [
      'is cut off',
      (scene: Scene) => scene.say({ op: 'detach', session: 2, character: 'bob', incarnation: 1, left: false }),
    ],
    [
      'plays on another device',
      (scene: Scene) => scene.say({ op: 'attach', session: 3, character: 'bob', incarnation: 2, name: 'bob' }),
    ],
    ['says so', (scene: Scene) => scene.operation(2, 9, 'cancel', {})],
    [
      'walks away',
      (scene: Scene) => {
        const row = scene.zone.store.rowOf(scene.shown(1).tradeWith as number) as number;
        scene.zone.store.x[row] = 90_000;
      },
    ],
  ])('is over when one side %s', (_what, leave) => {
    const { scene } = laid();
    scene.operation(1, 4, 'accept', { seen: 3 });
    leave(scene);
    scene.run(12);
    expect(scene.answers(1).at(-1)).toEqual([4, 'trade_closed']);
    expect(scene.shown(1)).toMatchObject({ tradeWith: 0, tradeMine: [] });
    scene.operation(1, 5, 'accept', { seen: 3 });
    scene.run();
    expect(scene.answers(1).at(-1)).toEqual([5, 'trade_closed']);
    expect(scene.asked.filter(({ ask }) => ask.ask === 'exchange')).toEqual([]);
  });

  it('that the journal is doing cannot be stopped, and ends as the journal says, for each side in its own words', () => {
    const { scene } = laid();
    scene.operation(1, 4, 'accept', { seen: 3 });
    scene.operation(2, 5, 'accept', { seen: 3 });
    scene.operation(1, 6, 'cancel', {});
    scene.operation(1, 7, 'offer', { seen: 3, ...nothing });
    scene.next('exchange').answer({ outcome: { ok: false, code: 'item_not_yours' }, refusedFor: 'one' });
    scene.run();
    expect(scene.answers(1).slice(-3)).toEqual([
      [6, 'trade_closed'],
      [7, 'trade_closed'],
      [4, 'item_not_yours'],
    ]);
    expect(scene.answers(2).at(-1)).toEqual([5, 'partner_short']);
    expect(scene.shown(1).tradeWith).toBe(0);
  });

  it('is with one at a time, within reach, and not with oneself', () => {
    const { scene, ann } = laid();
    const cat = scene.join(3, 'cat', 1);
    scene.operation(3, 8, 'trade', { with: ann });
    scene.operation(1, 9, 'trade', { with: cat });
    scene.operation(3, 10, 'trade', { with: cat });
    scene.run();
    expect(scene.answers(3)).toEqual([
      [8, 'trade_open'],
      [10, 'target_unknown'],
    ]);
    expect(scene.answers(1).at(-1)).toEqual([9, 'trade_open']);
  });
});

describe('[WO35] what a player has', () => {
  it('is as it was read last, in whichever order it is told', () => {
    const { scene, bob } = pair();
    scene.operation(1, 1, 'give', { to: bob, money: 5, items: [] });
    scene.operation(1, 2, 'give', { to: bob, money: 6, items: [] });
    const [first, second] = [scene.next('operate'), scene.next('operate')];
    const earlier = scene.has('ann', 45);
    second.answer({ outcome: done(2), belongings: [scene.has('ann', 39)] });
    first.answer({ outcome: done(1), belongings: [earlier] });
    scene.run();
    expect(scene.shown(1).purse).toBe(39);
  });

  it('is asked for until it is known, when something changed hands and could not be read back just then', () => {
    const { scene, bob } = pair();
    scene.operation(1, 1, 'give', { to: bob, money: 5, items: [] });
    scene.next('operate').answer({ outcome: done(1), belongings: [] });
    scene.run();
    expect([scene.shown(1).purse, scene.shown(2).purse]).toEqual([50, 20]);
    scene.next('belongings').later('journal_unreachable');
    scene.next('belongings').answer({ belongings: [scene.has('bob', 25)] });
    scene.run(30);
    expect(scene.shown(2).purse).toBe(25);
    const again = scene.next('belongings');
    expect(again.ask).toMatchObject({ holder: 'ann' });
    again.answer({ belongings: [scene.has('ann', 45)] });
    scene.run();
    expect(scene.shown(1).purse).toBe(45);
    scene.asked.splice(0);
    scene.run(60);
    expect(scene.asked).toEqual([]);
  });
});
