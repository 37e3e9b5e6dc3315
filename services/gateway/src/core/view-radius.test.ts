import { describe, expect, it } from 'vitest';
import { type Guest, PERIOD_MS, TestHall } from './test-hall.ts';

/** Cells are 32 m wide, and the hall's own view reaches 2.24 of them. */
const CELL_M = 32;
const SECOND = 1_000 / PERIOD_MS;

/** Ann stands in the middle of a cell, Bob two cells further east, Carol beside her. */
function apart(): { hall: TestHall; ann: Guest; bob: Guest; carol: Guest } {
  const hall = new TestHall({ costPerS: 10_000, costBurst: 10_000, bytesPerS: 1e6, bytesBurst: 1e6 });
  const [ann, bob, carol] = hall.join('ann', 'bob', 'carol') as [Guest, Guest, Guest];
  ann.command('go', { x: `${7.5 * CELL_M}`, y: `${7.5 * CELL_M}` });
  bob.command('go', { x: `${9.5 * CELL_M}`, y: `${7.5 * CELL_M}` });
  carol.command('go', { x: `${7.6 * CELL_M}`, y: `${7.5 * CELL_M}` });
  hall.run(4);
  return { hall, ann, bob, carol };
}

const sees = (who: Guest, whom: Guest): boolean => who.core.entities.has(whom.id);

describe('[GW20] [SY2] how far a player sees', () => {
  it('is cut and widened while they play; what is near goes on', () => {
    const { hall, ann, bob, carol } = apart();
    expect([sees(ann, bob), sees(ann, carol)]).toEqual([true, true]);
    hall.viewRadiusCells = 1.5;
    hall.run(SECOND + 1);
    expect([sees(ann, bob), sees(ann, carol)]).toEqual([false, true]);
    const { streams } = hall.gateway.gauges();
    bob.command('wear', { text: 'unseen' });
    carol.command('wear', { text: 'seen' });
    hall.run(2);
    expect(ann.core.entities.get(carol.id)?.shadow.components).toEqual(['seen']);
    hall.viewRadiusCells = 8;
    hall.run(SECOND + 2);
    expect(ann.core.entities.get(bob.id)?.shadow.components).toEqual(['unseen']);
    expect(hall.gateway.gauges().streams).toBeGreaterThan(streams as number);
    expect(ann.core.counters).toMatchObject({ errors: 0, rekeys: 0 });
  });

  it('is cut for those whom it is cut for, by the player and not by the character', () => {
    const { hall, ann, bob, carol } = apart();
    hall.viewRadiusCellsOf.set('player-carol', 1).set('ann', 1);
    hall.run(SECOND + 1);
    expect([sees(ann, bob), sees(carol, bob), sees(carol, ann)]).toEqual([true, false, true]);
  });

  it('holds for who joins and who walks', () => {
    const { hall, ann, bob } = apart();
    hall.viewRadiusCells = 1;
    hall.run(SECOND + 1);
    const [dave] = hall.join('dave') as [Guest];
    dave.command('go', { x: `${7.5 * CELL_M}`, y: `${7.5 * CELL_M}` });
    hall.run(4);
    expect([sees(dave, ann), sees(dave, bob)]).toEqual([true, false]);
    // Towards Bob, and away from who stays behind: nobody is left standing where they were last seen.
    for (const guest of [ann, dave]) guest.walk(0);
    for (let i = 0; i < 30 * SECOND && !sees(ann, bob); i++) hall.run();
    expect([sees(ann, bob), sees(dave, bob)]).toEqual([true, true]);
    dave.command('go', { x: `${2.5 * CELL_M}`, y: `${7.5 * CELL_M}` });
    // Whoever left for elsewhere is awaited for a moment.
    hall.run(10);
    expect([sees(dave, ann), sees(dave, bob), sees(ann, dave)]).toEqual([false, false, false]);
    for (const { core } of [ann, bob, dave]) expect(core.counters).toMatchObject({ errors: 0, rekeys: 0 });
  });

  it('at 0 cells is the own cell, also for who is behind', () => {
    const { hall, ann, bob, carol } = apart();
    ann.stalled = true;
    for (let i = 0; i < 60; i++) {
      carol.command('wear', { text: `${i} ${'n'.repeat(900)}` });
      bob.command('wear', { text: `${i} ${'n'.repeat(900)}` });
      hall.run();
    }
    expect(ann.connection.state.kind).toBe('behind');
    hall.viewRadiusCells = 0;
    hall.run(SECOND + 1);
    ann.resume();
    hall.run(4);
    expect([sees(ann, bob), sees(ann, carol)]).toEqual([false, true]);
    expect(ann.core.counters).toMatchObject({ errors: 0 });
  });
});
